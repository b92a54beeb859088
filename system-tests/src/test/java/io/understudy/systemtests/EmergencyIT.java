package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.view.ClusterView;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The lease store lost for good, and a cold start without one of three. */
@Tag("slow")
@Order(7)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(ClusterExtension.class)
class EmergencyIT {

    private static final Duration COMMAND = Duration.ofSeconds(40);

    @Test
    @Order(1)
    void twoServersKilledAndRestartedByTheirLaunchersServeAgain(Cluster cluster) throws Exception {
        for (List<String> two :
                List.of(
                        List.of(Layout.ALPHA, Layout.WITNESS),
                        List.of(Layout.BETA, Layout.WITNESS),
                        List.of(Layout.ALPHA, Layout.BETA))) {
            cluster.awaitNormal();
            long before = epoch(cluster);
            try (Load load = cluster.load()) {
                long killed = System.nanoTime();
                Host.signal("KILL", two.stream().mapToLong(cluster::server).toArray());
                // The survivor may serve on for as long as its last renewal lets it.
                load.awaitWritesAfter(killed + TimeUnit.SECONDS.toNanos(4), Cluster.SETTLE);
                System.out.println(
                        "servers of "
                                + two
                                + " killed: no write for "
                                + load.outageSince(killed).toMillis()
                                + " ms");
                load.finish().assertGood();
            }
            cluster.bringHome();
            assertTrue(epoch(cluster) > before, "the epoch rises from " + before);
            assertTrue(cluster.node(Layout.ALPHA).events().contains("STORE_RESET"));
        }
    }

    @Test
    @Order(2)
    void aStoreThatWorksIsNotReset(Cluster cluster) throws IOException {
        cluster.awaitNormal();
        Command refused =
                Command.run(
                        cluster.distribution(),
                        COMMAND,
                        List.of(
                                "store",
                                "reset",
                                "--yes",
                                "--url",
                                cluster.layout().url(Layout.BETA),
                                "--token-file",
                                cluster.layout().token(Layout.BETA).toString()));
        assertEquals(1, refused.status(), refused.output());
        assertTrue(refused.output().contains("ALREADY_THERE"), refused.output());
    }

    @Test
    @Order(3)
    void twoOfThreeServeAfterAColdStartOnlyWithAStandIn(Cluster cluster) throws Exception {
        cluster.awaitNormal();
        long before = epoch(cluster);
        cluster.killNodes(Layout.MEMBERS);
        cluster.startAll(Layout.NODES);
        Await.until(
                "both wait for the witness",
                Cluster.SETTLE,
                cluster::describe,
                () ->
                        Layout.NODES.stream()
                                .allMatch(
                                        node ->
                                                cluster.status(node)
                                                        .map(ClusterView::redundancyProblem)
                                                        .filter(p -> p.contains("witness"))
                                                        .filter(p -> p.contains("stand-in"))
                                                        .isPresent()));
        Await.pass(Duration.ofSeconds(10));
        ClusterView.Instance seen = cluster.instance(Layout.ALPHA).orElseThrow();
        assertEquals(null, seen.active(), seen::toString);

        Process standIn =
                Member.foreground(
                                cluster.distribution(),
                                List.of(
                                        "stand-in",
                                        "--config",
                                        cluster.layout().nodeFile(Layout.BETA).toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(
                                cluster.layout().directory().resolve("stand-in.log").toFile())
                        .start();
        try {
            long said = System.nanoTime();
            Await.until(
                    "somebody serves",
                    Cluster.SETTLE,
                    cluster::describe,
                    () ->
                            Layout.NODES.stream()
                                    .anyMatch(
                                            n ->
                                                    cluster.instance(n)
                                                            .filter(i -> n.equals(i.active()))
                                                            .isPresent()));
            System.out.println("cold start with a stand-in: served after " + seconds(said) + " s");
            assertTrue(epoch(cluster) > before, "the epoch rises from " + before);

            cluster.startAll(List.of(Layout.WITNESS));
            assertTrue(standIn.waitFor(Cluster.SETTLE.toSeconds(), TimeUnit.SECONDS));
            assertEquals(0, standIn.exitValue());
        } finally {
            standIn.destroy();
        }
        cluster.bringHome();
    }

    private static long epoch(Cluster cluster) {
        return cluster.instance(cluster.active()).orElseThrow().epoch();
    }

    private static long seconds(long since) {
        return (System.nanoTime() - since) / 1_000_000_000;
    }
}
