package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.understudy.core.view.ClusterView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clusters of other shapes than one pair: two to one, and balanced. */
@Tag("system")
@Order(8)
class ShapesIT {

    private static final int ROWS = 50;
    private static final int FIRST = 24032;
    private static final int SECOND = 24033;

    @BeforeAll
    static void whereItCanRun() {
        assumeTrue(Host.obstacle().isEmpty(), Host.obstacle());
    }

    /** One secondary backs two primaries; the second primary does not vote. */
    @Test
    void bothPrimariesFailOneAfterTheOtherAndReturn() throws Exception {
        Map<String, String> roles = new LinkedHashMap<>();
        roles.put("alpha", "primary");
        roles.put("gamma", "primary");
        roles.put("beta", "secondary");
        roles.put("witness", "witness");
        List<String> voters = List.of("alpha", "beta", "witness");
        try (Shape shape = new Shape(roles, voters)) {
            try {
                shape.start("witness", "beta", "alpha", "gamma");
                shape.apply(
                        "gamma", group("east", "alpha", "beta", instance("east", "alpha", FIRST)));
                shape.apply(
                        "gamma", group("west", "gamma", "beta", instance("west", "gamma", SECOND)));
                shape.awaitWhole("alpha", "east");
                shape.awaitWhole("gamma", "west");
                ShapeDatabase east = shape.database("east", FIRST, "alpha", "beta");
                ShapeDatabase west = shape.database("west", SECOND, "gamma", "beta");
                assertEquals(ROWS, east.write(ROWS));
                assertEquals(ROWS, west.write(ROWS));
                secondProcessIsRefused(shape, voters);

                shape.kill("gamma");
                shape.awaitServing("beta", "west");
                assertEquals(2 * ROWS, west.write(ROWS));
                assertEquals(2 * ROWS, east.write(ROWS));
                shape.kill("alpha");
                shape.awaitServing("beta", "east");
                assertEquals(3 * ROWS, east.write(ROWS));
                assertEquals(3 * ROWS, west.write(ROWS));

                shape.start("alpha", "gamma");
                shape.awaitWhole("beta", "east");
                shape.awaitWhole("beta", "west");
                shape.move("gamma", "west", "fallback", "gamma");
                shape.move("alpha", "east", "fallback", "alpha");
                shape.awaitWhole("alpha", "east");
                shape.awaitWhole("gamma", "west");
                assertEquals(4 * ROWS, east.write(ROWS));
                assertEquals(4 * ROWS, west.write(ROWS));
                everyMemberSeesTheSame(shape);
            } catch (Exception | AssertionError e) {
                shape.keepLogs("twoToOne");
                throw e;
            }
        }
    }

    /** Gamma's name from another address; and gamma's own node file once more. */
    private static void secondProcessIsRefused(Shape shape, List<String> voters)
            throws IOException {
        Path twin = shape.directory().resolve("twin.properties");
        Files.write(twin, shape.lines("gamma", shape.freeAddress(), voters));
        Command refused = node(shape, twin);
        assertEquals(1, refused.status(), refused.output());
        assertTrue(
                refused.output().contains("knows gamma at " + shape.address("gamma")),
                refused.output());
        assertTrue(shape.node("beta").events().contains("MEMBER_ADDRESS_DIFFERS"));
        Command again = node(shape, shape.directory().resolve("gamma.properties"));
        assertEquals(1, again.status(), again.output());
    }

    private static Command node(Shape shape, Path file) throws IOException {
        return Command.run(
                shape.distribution(),
                Shape.SETTLE,
                List.of(
                        "node",
                        "--config",
                        file.toString(),
                        "--data",
                        shape.directory().resolve("twin-data").toString()));
    }

    private static void everyMemberSeesTheSame(Shape shape) {
        for (String node : List.of("alpha", "gamma", "beta")) {
            // Who stands by, or has no part, learns of it with its next look at the ledger.
            Await.until(
                    node + " knows that both are in sync",
                    Duration.ofSeconds(20),
                    () -> allSynchronous(shape.node(node).view().orElseThrow()));
            ClusterView view = shape.node(node).view().orElseThrow();
            assertEquals(
                    List.of("east", "west"),
                    view.groups().stream().map(ClusterView.Group::name).toList());
            assertEquals(4, view.members().size());
            for (ClusterView.Group group : view.groups()) {
                ClusterView.Instance instance = group.instances().get(0);
                assertEquals(instance.home(), instance.active(), node + ": " + instance);
                assertTrue(instance.epoch() > 2, node + ": " + instance);
            }
            assertEquals(
                    List.of("alpha", "beta", "witness"),
                    view.members().stream()
                            .filter(ClusterView.Member::voter)
                            .map(ClusterView.Member::name)
                            .sorted()
                            .toList(),
                    node);
        }
    }

    private static boolean allSynchronous(ClusterView view) {
        return view.groups().stream()
                .flatMap(group -> group.instances().stream())
                .allMatch(instance -> instance.protection().equals("SYNCHRONOUS"));
    }

    /** Two instances, each homed on one of two nodes: whichever fails, the other serves both. */
    @Test
    void eitherNodeOfABalancedGroupServesBoth() throws Exception {
        Map<String, String> roles = new LinkedHashMap<>();
        roles.put("alpha", "primary");
        roles.put("beta", "primary");
        roles.put("witness", "witness");
        try (Shape shape = new Shape(roles, List.of("alpha", "beta", "witness"))) {
            try {
                shape.start("witness", "beta", "alpha");
                shape.apply(
                        "alpha",
                        group(
                                        "campus",
                                        "alpha",
                                        "beta",
                                        instance("one", "alpha", FIRST)
                                                + instance("two", "beta", SECOND))
                                .replace("active-standby", "balanced"));
                shape.awaitWhole("alpha", "one");
                shape.awaitWhole("beta", "two");
                ShapeDatabase one = shape.database("one", FIRST, "alpha", "beta");
                ShapeDatabase two = shape.database("two", SECOND, "beta", "alpha");
                assertEquals(ROWS, one.write(ROWS));
                assertEquals(ROWS, two.write(ROWS));
                failAndReturn(shape, "alpha", "beta", "one", List.of(one, two), 2L * ROWS);
                failAndReturn(shape, "beta", "alpha", "two", List.of(one, two), 3L * ROWS);
            } catch (Exception | AssertionError e) {
                shape.keepLogs("balanced");
                throw e;
            }
        }
    }

    private static void failAndReturn(
            Shape shape,
            String failing,
            String other,
            String homed,
            List<ShapeDatabase> databases,
            long rows)
            throws SQLException, IOException {
        shape.kill(failing);
        shape.awaitServing(other, homed);
        for (ShapeDatabase database : databases) {
            assertEquals(rows, database.write(ROWS), database.instance());
        }
        shape.start(failing);
        shape.awaitWhole(other, "one");
        shape.awaitWhole(other, "two");
        shape.move(failing, homed, "fallback", failing);
        shape.awaitWhole(failing, homed);
        for (ShapeDatabase database : databases) {
            assertEquals(rows, database.count(), database.instance());
        }
    }

    private static String group(String name, String home, String backup, String instances) {
        return """
                group: %s
                nodes: [%s, %s]
                assignment: active-standby
                instances:
                """
                        .formatted(name, home, backup)
                + instances;
    }

    private static String instance(String name, String home, int port) {
        return """
                  - name: %1$s
                    home: %2$s
                    services:
                      - name: sleeper
                        kind: process
                        start: ["sleep", "100000"]
                        critical: true
                    databases:
                      - name: %1$s
                        engine: postgresql
                        protection: synchronous
                        port: %3$d
                """
                .formatted(name, home, port);
    }
}
