package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.view.ClusterView;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** What operators do on purpose: moves, and stops in good order. */
@Tag("system")
@Order(3)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(ClusterExtension.class)
class OperatorIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    @Order(1)
    void switchoverAndBack(Cluster cluster) {
        Outages.hold(Fault.SWITCHOVER, cluster);
        cluster.awaitWhole(Layout.BETA);
        Outages.hold(Fault.FALLBACK, cluster);
        cluster.awaitNormal();
    }

    @Test
    @Order(2)
    void stoppedInGoodOrderNobodyTakesOver(Cluster cluster) {
        cluster.awaitNormal();
        Member alpha = cluster.member(Layout.ALPHA);
        alpha.askToStop();
        assertEquals(Optional.of(0), alpha.awaitEnd(LIMIT), alpha::lastWords);
        ClusterView.Instance seen = cluster.instance(Layout.BETA).orElseThrow();
        assertTrue(seen.parked(), seen::toString);
        // Longer than any failover takes.
        Await.pass(Fault.HANG_ACTIVE.worst());
        seen = cluster.instance(Layout.BETA).orElseThrow();
        assertEquals(null, seen.active(), seen::toString);
        assertTrue(seen.promotableReasons().contains("PARKED"), seen::toString);

        alpha.start(true);
        // What was stopped on purpose comes back with its node.
        cluster.awaitNormal();
    }

    @Test
    @Order(3)
    void stoppedWithHandOverTheOtherServes(Cluster cluster) {
        cluster.awaitNormal();
        Member alpha = cluster.member(Layout.ALPHA);
        restartToHandOver(alpha, cluster);
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            alpha.askToStop();
            cluster.awaitServing(Layout.BETA, LIMIT);
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            assertEquals(Optional.of(0), alpha.awaitEnd(LIMIT), alpha::lastWords);
            Duration outage = load.outageSince(began);
            load.finish().assertGood();
            System.out.println("stop with hand-over: no write for " + outage.toMillis() + " ms");
            assertTrue(outage.compareTo(Outages.bound(Fault.SWITCHOVER)) < 0, outage::toString);
        }
        alpha.start();
        cluster.bringHome();
    }

    /** Only needed where the test before did not leave it so. */
    private static void restartToHandOver(Member alpha, Cluster cluster) {
        if (alpha.handsOver()) {
            return;
        }
        cluster.act("switchover");
        alpha.askToStop();
        assertEquals(Optional.of(0), alpha.awaitEnd(LIMIT), alpha::lastWords);
        alpha.start(true);
        cluster.bringHome();
    }
}
