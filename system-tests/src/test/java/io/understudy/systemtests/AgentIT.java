package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * An unchanged agent of Debian's resource-agents, and a unit under a FAKE systemctl (there is no
 * systemd where these tests run): their daemons are nobody's children, and yet are started again,
 * fail over, and end with their node, under writes to the instance's database.
 */
@Tag("system")
@Order(11)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AgentIT {

    private static final Path AGENT = Path.of("/usr/lib/ocf/resource.d/heartbeat/anything");
    private static final Duration DELAY = Duration.ofSeconds(4);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String SERVICES =
            """
                  - name: daemon
                    kind: ocf
                    after: []
                    agent: "ocf:heartbeat:anything"
                    parameters: { binfile: /bin/sleep, cmdline_options: "%1$s", pidfile: "%2$s" }
                    critical: true
                    delay: 4s
                    restarts: 1
                  - name: unit
                    kind: systemd
                    after: []
                    unit: %3$s
                    critical: true
                    delay: 4s
                    restarts: 1
                databases:
            """;

    private static final List<FakeSystemctl> FAKES = new ArrayList<>();
    private static final List<Daemons> DAEMONS = new ArrayList<>();
    private static Optional<Throwable> failed = Optional.empty();
    private static Cluster cluster;
    private static Daemons agents;
    private static Daemons units;

    @RegisterExtension
    static final TestExecutionExceptionHandler NOTE =
            (context, cause) -> {
                failed = Optional.of(cause);
                throw cause;
            };

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Host.obstacle().isEmpty(), Host::obstacle);
        assumeTrue(Files.isExecutable(AGENT), "needs Debian's package resource-agents");
        assumeTrue(
                "root".equals(System.getProperty("user.name"))
                        && FakeSystemctl.mount().filter(Files::isWritable).isPresent(),
                "agents and units need root and control groups of version 2");
        cluster = Cluster.make();
        try {
            // Nobody else on this host sleeps for so long.
            String number = "4" + ProcessHandle.current().pid() + System.nanoTime() % 1_000;
            String unit = "understudytest" + number + ".service";
            Map<String, String> slices = new HashMap<>();
            for (String node : Layout.NODES) {
                String slice = "understudytest" + number + node;
                slices.put(node, "/" + slice + ".slice/");
                Path directory = cluster.layout().directory().resolve("fake-systemctl-" + node);
                FAKES.add(FakeSystemctl.in(directory, slice, unit, "sleep " + number + ".2"));
                cluster.member(node).programs(directory);
            }
            agents =
                    new Daemons(
                            number + ".1",
                            Map.of(
                                    Layout.ALPHA, "/understudy-alpha-",
                                    Layout.BETA, "/understudy-beta-"));
            DAEMONS.add(agents);
            units = new Daemons(number + ".2", slices);
            DAEMONS.add(units);
            cluster.startAll(Layout.MEMBERS);
            Path pidFile = cluster.layout().directory().resolve("daemon.pid");
            cluster.apply(
                    Files.readString(cluster.layout().groupFile())
                            .replaceFirst(
                                    "(?m)^ +databases:\\n",
                                    SERVICES.formatted(number + ".1", pidFile, unit)));
            cluster.awaitNormal();
        } catch (Exception | AssertionError e) {
            failed = Optional.of(e);
            throw e;
        }
    }

    @AfterAll
    static void end() {
        if (cluster == null) {
            return;
        }
        TidyingUp all = new TidyingUp();
        if (failed.isPresent()) {
            all.then(() -> cluster.keepLogs("AgentIT"));
        }
        all.then(cluster::close);
        for (Daemons daemons : DAEMONS) {
            all.then(() -> assertEquals(Map.of(), daemons.running(), "daemons are left"))
                    .then(daemons::endAll)
                    .then(daemons::close);
        }
        FAKES.forEach(fake -> all.then(fake::close));
        Layout.NODES.forEach(node -> all.then(() -> takeGroupAway(groupOf(node))));
        all.done();
    }

    private static void takeGroupAway(Path group) {
        Await.until(group + " is taken away", LIMIT, () -> SystemdHost.remove(group));
    }

    /** Where a node keeps the control groups of its agents; it leaves the empty directories. */
    private static Path groupOf(String node) throws IOException {
        int home = cluster.layout().data(node).toAbsolutePath().normalize().hashCode();
        return FakeSystemctl.mount()
                .orElseThrow()
                .resolve("understudy-" + node + "-" + Integer.toHexString(home));
    }

    @BeforeEach
    void home() {
        assumeTrue(failed.isEmpty(), "a scenario before has failed");
        cluster.bringHome();
    }

    @Test
    @Order(1)
    void aDaemonOfAnAgentIsStartedAgainThenFailsOver() throws Exception {
        startedAgainThenMoved("daemon of ocf:heartbeat:anything", agents);
    }

    @Test
    @Order(2)
    void aUnitIsStartedAgainThenFailsOver() throws Exception {
        startedAgainThenMoved("unit (fake systemctl)", units);
    }

    private static void startedAgainThenMoved(String what, Daemons daemons) throws Exception {
        try (Load load = cluster.load()) {
            long first = daemons.await(Layout.ALPHA, LIMIT);
            long struck = System.nanoTime();
            Host.signal("KILL", first);
            long second = daemons.await(Layout.ALPHA, first, LIMIT);
            System.out.println(what + ": started again after " + millisSince(struck) + " ms");
            Await.until(
                    "the node knows that it runs again",
                    LIMIT,
                    cluster::describe,
                    () -> allRun(Layout.ALPHA));
            assertEquals(Layout.ALPHA, cluster.active());

            long last = System.nanoTime();
            Host.signal("KILL", second);
            cluster.awaitServing(Layout.BETA, LIMIT);
            long took = millisSince(last);
            daemons.await(Layout.BETA, LIMIT);
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            report(what + ": killed again, beta serves after " + took + " ms", load, last);
            // It would be tried again by itself, a minute later.
            cluster.act("recover");
            cluster.awaitWhole(Layout.BETA);
            load.finish().assertGood();
            Duration bound = DELAY.plus(Outages.patiently(GRACE));
            assertTrue(took <= bound.toMillis(), () -> what + ": " + took + " ms > " + bound);
        }
        assertOneAtATime();
    }

    private static boolean allRun(String node) {
        return cluster.instance(node).stream()
                .flatMap(i -> i.services().stream())
                .filter(s -> s.node().equals(node))
                .allMatch(s -> s.condition().equals("RUNNING"));
    }

    /** Nobody is left who could end them but the guard, and it knows their control groups. */
    @Test
    @Order(3)
    void whenTheServerIsKilledTheDaemonsEndAndRunAtTheOtherNode() throws Exception {
        try (Load load = cluster.load()) {
            long agent = agents.await(Layout.ALPHA, LIMIT);
            long unit = units.await(Layout.ALPHA, LIMIT);
            long struck = System.nanoTime();
            Host.signal("KILL", cluster.server(Layout.ALPHA));
            Await.until(
                    "the daemons of alpha are gone",
                    LIMIT,
                    () -> !Host.isAlive(agent) && !Host.isAlive(unit));
            System.out.println(
                    "server killed: its daemons are gone after " + millisSince(struck) + " ms");
            cluster.awaitServing(Layout.BETA, LIMIT);
            long took = millisSince(struck);
            agents.await(Layout.BETA, LIMIT);
            units.await(Layout.BETA, LIMIT);
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            report("server killed: beta serves after " + took + " ms", load, struck);
            cluster.awaitWhole(Layout.BETA);
            load.finish().assertGood();
        }
        assertOneAtATime();
    }

    private static void assertOneAtATime() {
        List<String> all = new ArrayList<>(agents.violations());
        all.addAll(units.violations());
        assertEquals(List.of(), all, "a daemon ran at both nodes");
    }

    private static void report(String what, Load load, long since) {
        System.out.println(what + ", no write for " + load.outageSince(since).toMillis() + " ms");
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
