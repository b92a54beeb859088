package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.view.ClusterView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** More fails at once than a pair and a witness can make good: nobody serves wrongly. */
@Tag("system")
@Order(5)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(ClusterExtension.class)
class DisasterIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    @Order(1)
    void allKilledAndStartedInAnyOrder(Cluster cluster) {
        cluster.awaitNormal();
        try (Load load = cluster.load()) {
            cluster.killNodes(Layout.MEMBERS);
            List<String> order = new ArrayList<>(Layout.MEMBERS);
            long seed = ThreadLocalRandom.current().nextLong();
            Collections.shuffle(order, new Random(seed));
            System.out.println("all killed; started again in the order " + order);
            long began = System.nanoTime();
            cluster.startAll(order);
            load.awaitWritesAfter(began, Cluster.SETTLE);
            System.out.println(
                    "all killed: no write for " + load.outageSince(began).toMillis() + " ms");
            load.finish().assertGood();
        }
        cluster.bringHome();
    }

    @Test
    @Order(2)
    void witnessAndActiveKilledTheOtherStandsStillAndSaysWhy(Cluster cluster) {
        cluster.awaitNormal();
        try (Load load = cluster.load()) {
            cluster.killNodes(List.of(Layout.WITNESS, Layout.ALPHA));
            long killed = System.nanoTime();
            // Longer than any failover takes.
            Await.pass(Fault.HANG_ACTIVE.worst().multipliedBy(2));
            assertEquals(0, load.writer().acknowledgedSince(killed));
            assertEquals(List.of(), load.watch().servingSince(Layout.BETA, killed));
            ClusterView.Instance seen = cluster.instance(Layout.BETA).orElseThrow();
            assertEquals(null, seen.active(), seen::toString);
            assertFalse(seen.promotable(), seen::toString);
            assertTrue(seen.promotableReasons().contains("NO_MAJORITY"), seen::toString);

            // With two voters lost at once the lease store is lost too; the three form it anew.
            cluster.startAll(List.of(Layout.WITNESS, Layout.ALPHA));
            load.awaitWritesAfter(killed, Cluster.SETTLE);
            load.finish().assertGood();
        }
        cluster.bringHome();
    }
}
