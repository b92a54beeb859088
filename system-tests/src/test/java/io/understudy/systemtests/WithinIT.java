package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.view.ClusterView;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Something within the active node fails: its service, or its database. */
@Tag("system")
@Order(4)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(ClusterExtension.class)
class WithinIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    @Order(1)
    void aServiceThatCrashesIsRestartedInPlace(Cluster cluster) {
        cluster.awaitNormal();
        long first = service(cluster, Layout.ALPHA).orElseThrow();
        Host.signal("KILL", first);
        Await.until(
                "the service runs again",
                LIMIT,
                cluster::describe,
                () -> service(cluster, Layout.ALPHA).filter(pid -> pid != first).isPresent());
        assertEquals(Layout.ALPHA, cluster.active());
        cluster.awaitNormal();
    }

    @Test
    @Order(2)
    void aServiceThatKeepsCrashingMovesTheInstance(Cluster cluster) {
        cluster.awaitNormal();
        Set<Long> killed = new HashSet<>();
        try (Load load = cluster.load()) {
            Await.until(
                    "the other node serves",
                    LIMIT,
                    cluster::describe,
                    () -> {
                        // Whatever is started there dies at once, so that attempts are used up.
                        pid(cluster, Layout.ALPHA)
                                .filter(killed::add)
                                .ifPresent(pid -> Host.signal("KILL", pid));
                        return cluster.instance(Layout.BETA)
                                .filter(i -> Layout.BETA.equals(i.active()))
                                .isPresent();
                    });
            // Restarts of the last minutes count, so also that of an earlier test.
            assertTrue(killed.size() >= 3, "killed before the move: " + killed.size());
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            load.finish().assertGood();
        }
        assertEquals("CRITICAL_SERVICE_DOWN", cluster.instance(Layout.BETA).orElseThrow().reason());
        cluster.awaitServing(Layout.BETA, LIMIT);
        cluster.act("fallback");
        cluster.awaitNormal();
    }

    @Test
    @Order(3)
    void theDatabaseOfTheActiveNodeIsKilled(Cluster cluster) {
        cluster.awaitNormal();
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            Host.signal("KILL", cluster.postgres(Layout.ALPHA));
            load.awaitWritesAfter(began, LIMIT);
            Duration outage = load.outageSince(began);
            load.finish().assertGood();
            System.out.println("database killed: no write for " + outage.toMillis() + " ms");
        }
        cluster.bringHome();
    }

    /** The number of the service's process on a node where it runs well. */
    private static Optional<Long> service(Cluster cluster, String node) {
        return cluster.instance(node).stream()
                .flatMap(i -> i.services().stream())
                .filter(s -> s.node().equals(node) && s.condition().equals("RUNNING"))
                .map(ClusterView.Service::pid)
                .filter(pid -> pid != null)
                .findFirst();
    }

    private static Optional<Long> pid(Cluster cluster, String node) {
        return cluster.instance(node).stream()
                .flatMap(i -> i.services().stream())
                .filter(s -> s.node().equals(node) && s.pid() != null)
                .map(ClusterView.Service::pid)
                .findFirst();
    }
}
