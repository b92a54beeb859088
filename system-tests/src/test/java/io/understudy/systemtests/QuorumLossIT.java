package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code on-quorum-loss: continue} two of three voters are lost, one after the other. */
@Tag("system")
@Order(6)
@ExtendWith(ClusterExtension.class)
class QuorumLossIT {

    private static final Duration NOTICED = Duration.ofSeconds(30);
    private static final Duration ALONE = Duration.ofSeconds(10);

    /** Writes may pause while the standby's loss is noticed, and never for longer. */
    private static final Duration PAUSE = Duration.ofSeconds(4);

    @BeforeAll
    static void goOn(Cluster cluster) throws IOException {
        cluster.apply(
                Files.readString(cluster.layout().groupFile()) + "on-quorum-loss: continue\n");
    }

    @AfterAll
    static void stopAgain(ClusterExtension.Shared shared) throws IOException {
        shared.get().apply();
        shared.get().awaitNormal();
    }

    @ParameterizedTest
    @ValueSource(strings = {Layout.WITNESS, Layout.BETA})
    void theActiveNodeServesOnAndNothingIsLost(String first, Cluster cluster) {
        String second = first.equals(Layout.BETA) ? Layout.WITNESS : Layout.BETA;
        cluster.awaitNormal();
        long epoch = cluster.instance(Layout.ALPHA).orElseThrow().epoch();
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            cluster.killNodes(List.of(first));
            Await.until(
                    "alpha alone counts",
                    NOTICED,
                    cluster::describe,
                    () ->
                            cluster.instance(Layout.ALPHA)
                                    .filter(i -> i.inSync().equals(List.of(Layout.ALPHA)))
                                    .isPresent());
            cluster.killNodes(List.of(second));
            Await.pass(ALONE);
            load.awaitWritesAfter(System.nanoTime(), PAUSE);
            assertEquals(List.of(), load.watch().servingSince(Layout.BETA, began));

            cluster.startAll(List.of(first, second));
            cluster.awaitNormal();
            load.awaitWritesAfter(System.nanoTime(), PAUSE);
            Duration outage = load.outageSince(began);
            System.out.println(
                    first
                            + ", then "
                            + second
                            + " lost: no write for "
                            + outage.toMillis()
                            + " ms");
            assertTrue(outage.compareTo(PAUSE) < 0, outage::toString);
            assertEquals(epoch, cluster.instance(Layout.ALPHA).orElseThrow().epoch());
            load.finish().assertGood();
        }
    }
}
