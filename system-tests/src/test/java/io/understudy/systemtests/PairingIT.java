package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.view.ClusterView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pair is taken apart, either side is of use, and it is a pair again. */
@Tag("system")
@Order(8)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(ClusterExtension.class)
class PairingIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int OWN_PORT = 15499;

    @Test
    @Order(1)
    void takenApartTheOneServesOnAndTheOtherHasItsCopy(Cluster cluster) throws Exception {
        cluster.awaitNormal();
        try (Load load = cluster.load()) {
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            long events = lines(cluster.node(Layout.ALPHA).events(), "UNPROTECTED");
            long began = System.nanoTime();
            NodeApi.Answer refused =
                    cluster.node(Layout.BETA).shape("unpair", "{\"keep\":\"beta\"}");
            assertEquals(409, refused.status(), refused::body);
            NodeApi.Answer done = cluster.node(Layout.BETA).shape("unpair", "{}");
            assertEquals(200, done.status(), done::body);
            awaitAlone(cluster, Layout.ALPHA);
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            Duration outage = load.outageSince(began);
            System.out.println("unpair: no write for " + outage.toMillis() + " ms");
            assertTrue(outage.compareTo(Duration.ofSeconds(2)) < 0, outage::toString);
            assertEquals(events, lines(cluster.node(Layout.ALPHA).events(), "UNPROTECTED"));
            Path left = awaitLeft(cluster, Layout.BETA);
            assertTrue(rowsOfCopy(cluster, left) > 0);

            NodeApi.Answer paired = cluster.node(Layout.ALPHA).shape("pair", "{\"node\":\"beta\"}");
            assertEquals(200, paired.status(), paired::body);
            cluster.awaitNormal();
            load.finish().assertGood();
        }
    }

    @Test
    @Order(2)
    void theBackupCanBeTheOneThatIsKept(Cluster cluster) throws Exception {
        cluster.awaitNormal();
        try (Load load = cluster.load()) {
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            cluster.act("switchover");
            cluster.awaitWhole(Layout.BETA);
            cluster.killNodes(List.of(Layout.ALPHA));
            NodeApi.Answer done = cluster.node(Layout.BETA).shape("unpair", "{}");
            assertEquals(200, done.status(), done::body);
            awaitAlone(cluster, Layout.BETA);
            load.awaitWritesAfter(System.nanoTime(), LIMIT);

            // Away while it was taken out: it learns of it and does not serve.
            cluster.member(Layout.ALPHA).start();
            awaitAlone(cluster, Layout.ALPHA);
            awaitLeft(cluster, Layout.ALPHA);
            assertFalse(cluster.node(Layout.ALPHA).active());
            assertTrue(cluster.node(Layout.BETA).active());

            NodeApi.Answer paired =
                    cluster.node(Layout.BETA).shape("pair", "{\"node\":\"alpha\",\"home\":true}");
            assertEquals(200, paired.status(), paired::body);
            cluster.awaitWhole(Layout.BETA);
            load.finish().assertGood();
        }
        cluster.bringHome();
    }

    private static long lines(String events, String code) {
        return Stream.of(events.split("\"code\"")).filter(e -> e.contains(code)).count();
    }

    /** Waits until a node says that this one serves alone, and that nothing is wrong with it. */
    private static void awaitAlone(Cluster cluster, String keeps) {
        for (String node : Layout.NODES) {
            if (!cluster.member(node).isRunning()) {
                continue;
            }
            Await.until(
                    node + " sees " + keeps + " alone",
                    Cluster.SETTLE,
                    cluster::describe,
                    () -> cluster.status(node).filter(v -> isAlone(v, keeps)).isPresent());
        }
    }

    private static boolean isAlone(ClusterView view, String keeps) {
        ClusterView.Group group = view.groups().get(0);
        ClusterView.Instance instance = group.instances().get(0);
        boolean mine = keeps.equals(view.node());
        return group.nodes().size() == 1
                && group.states().get(0).state().equals("NORMAL")
                && group.states().get(0).advice().equals("stand-alone")
                && instance.protection().equals("ALONE")
                && group.nodes().get(0).equals(instance.active())
                && (!mine || instance.inSync().size() <= 1);
    }

    private static Path awaitLeft(Cluster cluster, String node) {
        Path databases = cluster.layout().data(node).resolve("databases");
        return Await.value(
                "what " + node + " kept is set aside",
                LIMIT,
                () -> {
                    try (Stream<Path> entries = Files.list(databases)) {
                        return entries.filter(
                                        p ->
                                                p.getFileName()
                                                        .toString()
                                                        .startsWith(Layout.INSTANCE + ".unpaired-"))
                                .findFirst();
                    } catch (IOException e) {
                        return Optional.empty();
                    }
                });
    }

    /** Starts a copy by itself, as its note says, and counts what the writer wrote. */
    private static long rowsOfCopy(Cluster cluster, Path left) throws Exception {
        Path copy = left.resolve(Layout.INSTANCE);
        Process script =
                new ProcessBuilder("./start-by-hand.sh", Integer.toString(OWN_PORT))
                        .directory(copy.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(left.resolve("start.log").toFile())
                        .start();
        try {
            String url =
                    "jdbc:postgresql://"
                            + cluster.layout().address(Layout.BETA)
                            + ":"
                            + OWN_PORT
                            + "/"
                            + Layout.INSTANCE;
            String password = Files.readString(copy.resolve("password")).strip();
            return Await.value(
                    "the copy takes connections",
                    LIMIT,
                    () -> {
                        try (Connection connection =
                                DriverManager.getConnection(url, Layout.INSTANCE, password)) {
                            return Optional.of(rows(connection));
                        } catch (SQLException notYet) {
                            return Optional.empty();
                        }
                    });
        } finally {
            script.destroy();
            assertTrue(script.waitFor(20, TimeUnit.SECONDS), "the script ends");
        }
    }

    private static long rows(Connection connection) throws SQLException {
        try (ResultSet rows =
                connection.createStatement().executeQuery("SELECT count(*) FROM writes")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
