package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Members that lose their disks are recognised, refused, and rebuilt from the others. */
@Tag("system")
@Order(9)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(ClusterExtension.class)
class RebuildIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    @Order(1)
    void theHomeNodeWithoutItsDiskIsRefusedThenRebuilt(Cluster cluster) throws Exception {
        cluster.awaitNormal();
        try (Load load = cluster.load()) {
            cluster.killNodes(List.of(Layout.ALPHA));
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            wipe(cluster, Layout.ALPHA);
            assertRefused(cluster, "node", Layout.ALPHA);

            long began = System.nanoTime();
            cluster.member(Layout.ALPHA).recover();
            cluster.awaitWhole(Layout.BETA);
            long seconds = (System.nanoTime() - began) / 1_000_000_000;
            System.out.println("alpha rebuilt and in sync after " + seconds + " s");
            cluster.bringHome();
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            load.finish().assertGood();
        }
    }

    @Test
    @Order(2)
    void soIsTheWitness(Cluster cluster) throws Exception {
        cluster.awaitNormal();
        cluster.killNodes(List.of(Layout.WITNESS));
        wipe(cluster, Layout.WITNESS);
        assertRefused(cluster, "witness", Layout.WITNESS);
        cluster.member(Layout.WITNESS).recover();
        cluster.awaitNormal();
        Await.until(
                "the witness has learned what the instance's ledger holds",
                LIMIT,
                () ->
                        Files.exists(
                                cluster.layout()
                                        .data(Layout.WITNESS)
                                        .resolve("ledger/" + Layout.INSTANCE + ".register")));
        // It votes: with it alone the survivor of a kill serves.
        try (Load load = cluster.load()) {
            cluster.killNodes(List.of(Layout.ALPHA));
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            cluster.member(Layout.ALPHA).start();
            cluster.awaitWhole(Layout.BETA);
            load.finish().assertGood();
        }
        cluster.bringHome();
    }

    @Test
    @Order(3)
    void aNodeIsRemovedForGoodRefusedAndAdmittedAgain(Cluster cluster) throws Exception {
        cluster.awaitNormal();
        NodeApi beta = cluster.node(Layout.BETA);
        try (Load load = cluster.load()) {
            NodeApi.Answer heard = beta.member(Layout.ALPHA, "remove", "{\"force\":true}");
            assertEquals(409, heard.status(), heard::body);
            cluster.killNodes(List.of(Layout.ALPHA));
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            cluster.awaitServing(Layout.BETA, LIMIT);
            NodeApi.Answer unsaid = beta.member(Layout.ALPHA, "remove", "{}");
            assertEquals(409, unsaid.status(), unsaid::body);
            NodeApi.Answer done = beta.member(Layout.ALPHA, "remove", "{\"force\":true}");
            assertEquals(200, done.status(), done::body);
            Await.until(
                    "beta serves alone, and nothing is wrong with it",
                    LIMIT,
                    cluster::describe,
                    () ->
                            cluster.instance(Layout.BETA)
                                    .filter(i -> i.protection().equals("ALONE"))
                                    .isPresent());
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            Command refused = run(cluster, "node", Layout.ALPHA);
            assertEquals(1, refused.status(), refused::output);
            assertTrue(refused.output().contains("was removed"), refused::output);

            NodeApi.Answer admitted = beta.member(Layout.ALPHA, "admit", "{}");
            assertEquals(200, admitted.status(), admitted::body);
            cluster.member(Layout.ALPHA).start();
            Await.until(
                    "it is heard, so it can be paired",
                    Cluster.SETTLE,
                    cluster::describe,
                    () -> {
                        try {
                            String pair = "{\"node\":\"alpha\",\"home\":true}";
                            return beta.shape("pair", pair).status() == 200;
                        } catch (IOException notNow) {
                            return false;
                        }
                    });
            cluster.awaitWhole(Layout.BETA);
            load.finish().assertGood();
        }
        cluster.bringHome();
    }

    private static Command run(Cluster cluster, String role, String member) throws IOException {
        String file = cluster.layout().nodeFile(member).toString();
        return Command.run(cluster.distribution(), LIMIT, List.of(role, "--config", file));
    }

    private static void assertRefused(Cluster cluster, String role, String member)
            throws IOException {
        Command command = run(cluster, role, member);
        assertEquals(1, command.status(), command::output);
        assertTrue(
                command.output().contains("with another data directory")
                        && command.output().contains("--recover"),
                command::output);
    }

    private static void wipe(Cluster cluster, String member) throws IOException {
        try (Stream<Path> files = Files.walk(cluster.layout().data(member))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
