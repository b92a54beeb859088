package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.view.ClusterView;
import io.understudy.core.view.MoveView;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The active node fails; the other serves on, and nothing that was acknowledged is lost. */
@Tag("system")
@Order(1)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(ClusterExtension.class)
class FailoverIT {

    @Test
    @Order(1)
    void aNewClusterReachesNormal(Cluster cluster) {
        cluster.awaitNormal();
        assertEquals(Layout.ALPHA, cluster.active());
    }

    @Test
    @Order(2)
    void killedWithItsDatabase(Cluster cluster) {
        Outages.hold(Fault.KILL_ACTIVE, cluster);
        cluster.bringHome();
    }

    @Test
    @Order(3)
    void killedAloneTheGuardEndsItsDatabase(Cluster cluster) {
        Outages.hold(Fault.KILL_ACTIVE_SERVER, cluster);
        cluster.bringHome();
    }

    @Test
    @Order(4)
    void killedWithItsGuard(Cluster cluster) {
        Outages.hold(Fault.KILL_ACTIVE_NODE, cluster);
        cluster.bringHome();
    }

    @Test
    @Order(5)
    void hungThenGoingOnItNeverServes(Cluster cluster) {
        Outages.hold(Fault.HANG_ACTIVE, cluster);
        ClusterView.Instance after = cluster.instance(Layout.BETA).orElseThrow();
        cluster.awaitWhole(Layout.BETA);
        // The lease was written by nobody else since: same tenure, same holder.
        ClusterView.Instance later = cluster.instance(Layout.BETA).orElseThrow();
        assertEquals(Layout.BETA, later.holder());
        assertEquals(after.epoch(), later.epoch());
    }

    @Test
    @Order(6)
    void fallbackBringsItHome(Cluster cluster) {
        if (cluster.active().equals(Layout.ALPHA)) {
            cluster.act("switchover");
        }
        cluster.awaitWhole(Layout.BETA);
        Outages.hold(Fault.FALLBACK, cluster);
        cluster.awaitNormal();
    }

    @Test
    @Order(7)
    void bothNodesTellWhatTheLastMoveTook(Cluster cluster) {
        for (String node : List.of(Layout.ALPHA, Layout.BETA)) {
            MoveView move =
                    Await.value(
                            "the fallback's times at " + node,
                            Duration.ofSeconds(20),
                            () ->
                                    cluster.instance(node)
                                            .map(ClusterView.Instance::lastMove)
                                            .filter(m -> m.kind().equals("FALLBACK")));
            assertEquals(Layout.ALPHA, move.to());
            assertTrue(move.succeeded(), move::toString);
            long sum =
                    move.phases().stream()
                            .filter(p -> p.millis() != null)
                            .mapToLong(MoveView.Phase::millis)
                            .sum();
            assertEquals(move.totalMillis(), sum, move::toString);
            for (String needed : List.of("FENCE", "PROMOTE", "START", "FIRST_SUCCESS")) {
                assertTrue(
                        move.phases().stream()
                                .anyMatch(p -> p.phase().equals(needed) && p.millis() != null),
                        needed + " is missing: " + move);
            }
            assertTrue(move.totalMillis() < 20_000, move::toString);
        }
    }
}
