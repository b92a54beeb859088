package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Nodes as units of a real systemd, each in a systemd of its own, from the unit files that are
 * shipped; and a unit as an instance's service.
 */
@Tag("system")
@Order(12)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SystemdIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NODE = "understudy-node.service";
    private static final String SERVICE = "curtain.service";

    private static final Map<String, SystemdHost> HOSTS = new LinkedHashMap<>();
    private static Cluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Assumptions.assumeTrue(
                SystemdHost.obstacle().isEmpty(), "skipped: " + SystemdHost.obstacle());
        cluster = Cluster.make();
        // bin/understudy, which the units call, would build again what Maven alone has built.
        Path mark = cluster.distribution().home().resolve(".built");
        if (!Files.exists(mark)) {
            Files.createFile(mark);
        }
        try {
            cluster.member(Layout.WITNESS).start();
            for (String node : Layout.NODES) {
                HOSTS.put(node, SystemdHost.start(node, units(node)));
            }
            for (String node : Layout.NODES) {
                assertEquals("", HOSTS.get(node).systemctl("start", "--no-block", NODE).output());
            }
            cluster.apply(withUnit(Files.readString(cluster.layout().groupFile())));
            cluster.awaitNormal();
        } catch (IOException | RuntimeException | AssertionError e) {
            HOSTS.values().forEach(SystemdHost::close);
            cluster.abandon("SystemdIT", e);
            throw e;
        }
    }

    @AfterAll
    static void end() {
        if (cluster != null) {
            HOSTS.values().forEach(SystemdHost::close);
            cluster.close();
        }
    }

    /** Makes the directory with a node's units: the shipped one, told where things are here. */
    private static Path units(String node) throws IOException {
        Path directory = cluster.layout().directory().resolve("units-" + node);
        Path changes = Files.createDirectories(directory.resolve(NODE + ".d"));
        Path root = cluster.distribution().home().getParent().getParent();
        Files.copy(
                root.resolve("config/systemd").resolve(NODE),
                directory.resolve(NODE),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(
                changes.resolve("here.conf"),
                """
                [Unit]
                DefaultDependencies=no
                [Service]
                Environment=UNDERSTUDY_HOME=%1$s
                Environment=UNDERSTUDY_FILE=%2$s
                Environment=JAVA_HOME=%3$s
                Environment=HOME=%4$s
                StandardOutput=append:%5$s
                StandardError=append:%5$s
                WatchdogSec=3
                """
                        .formatted(
                                root,
                                cluster.layout().nodeFile(node),
                                System.getProperty("java.home"),
                                directory,
                                cluster.layout().launcherLog(node)));
        Files.writeString(
                directory.resolve(SERVICE),
                """
                [Unit]
                DefaultDependencies=no
                [Service]
                ExecStart=/bin/sleep infinity
                Restart=always
                """);
        return directory;
    }

    private static String withUnit(String group) {
        return group.replaceFirst(
                "(?m)^    databases:\\n",
                """
                      - name: curtain
                        kind: systemd
                        unit: %s
                        critical: true
                        delay: 0s
                        restarts: 0
                    databases:
                """
                        .formatted(SERVICE));
    }

    private static String state(String node, String unit) {
        return HOSTS.get(node).property(unit, "ActiveState");
    }

    @Test
    @Order(1)
    void systemdIsToldThatTheNodesAreReady() {
        for (String node : Layout.NODES) {
            assertEquals("active", state(node, NODE));
            assertEquals(node + " is ready", status(node));
        }
        assertEquals("active", state(Layout.ALPHA, SERVICE));
        assertEquals("inactive", state(Layout.BETA, SERVICE));
    }

    private static String status(String node) {
        return HOSTS.get(node).property(NODE, "StatusText");
    }

    @Test
    @Order(2)
    void aUnitThatIsKilledFailsOver() throws Exception {
        cluster.awaitNormal();
        try (Load load = cluster.load()) {
            long killed = System.nanoTime();
            Host.signal("KILL", HOSTS.get(Layout.ALPHA).mainProcess(SERVICE));
            cluster.awaitServing(Layout.BETA, LIMIT);
            Await.until(
                    "the unit runs at beta",
                    LIMIT,
                    () -> state(Layout.BETA, SERVICE).equals("active"));
            System.out.println(
                    "a unit killed at one node runs at the other after "
                            + (System.nanoTime() - killed) / 1_000_000
                            + " ms");
            assertFalse(state(Layout.ALPHA, SERVICE).equals("active"), "it runs at both");
            load.awaitWritesAfter(killed, LIMIT);
            cluster.awaitWhole(Layout.BETA);
            load.finish().assertGood();
        }
        cluster.act("fallback");
        cluster.awaitNormal();
        assertEquals("active", state(Layout.ALPHA, SERVICE));
    }

    @Test
    @Order(3)
    void aLauncherThatHangsIsEndedByTheWatchdogAndStartedAnew() throws Exception {
        cluster.awaitNormal();
        SystemdHost alpha = HOSTS.get(Layout.ALPHA);
        long launcher = alpha.mainProcess(NODE);
        try (Load load = cluster.load()) {
            long stopped = System.nanoTime();
            Host.signal("STOP", launcher);
            Await.until("systemd ends the launcher", LIMIT, () -> !Host.isAlive(launcher));
            System.out.println(
                    "a launcher that hangs is ended by systemd after "
                            + (System.nanoTime() - stopped) / 1_000_000
                            + " ms (WatchdogSec=3)");
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            cluster.awaitServing(Layout.BETA, LIMIT);
            cluster.awaitWhole(Layout.BETA);
            load.finish().assertGood();
        }
        assertEquals("1", alpha.property(NODE, "NRestarts"));
        assertEquals("alpha is ready", status(Layout.ALPHA));
        cluster.act("fallback");
        cluster.awaitNormal();
    }

    @Test
    @Order(4)
    void aStopLeavesNothingAndNobodyTakesOver() {
        cluster.awaitNormal();
        SystemdHost alpha = HOSTS.get(Layout.ALPHA);
        assertEquals("", alpha.systemctl("stop", NODE).output());
        assertEquals("inactive", state(Layout.ALPHA, NODE));
        assertEquals("success", alpha.property(NODE, "Result"));
        assertFalse(state(Layout.ALPHA, SERVICE).equals("active"));
        assertTrue(Host.processesOf(cluster.layout().data(Layout.ALPHA)).isEmpty());
        assertTrue(
                cluster.instance(Layout.BETA).filter(i -> Layout.BETA.equals(i.active())).isEmpty(),
                "a stop in good order is no failover");
        assertEquals("", alpha.systemctl("start", NODE).output());
        assertEquals("active", state(Layout.ALPHA, NODE));
        cluster.awaitNormal();
    }
}
