package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.understudy.core.view.ClusterView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
 * Disks that fill up, become read-only or hang, under writes: one that a service needs, and the one
 * with the databases. On a cluster of its own, as its disks are mounted before it starts.
 */
@Tag("system")
@Order(10)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VolumeIT {

    /** Of the service below, and of the databases' volume by the profile 'fast'. */
    private static final Duration DELAY = Duration.ofSeconds(1);

    private static final Duration DATABASE_DELAY = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String SERVICE =
            """
                  - name: disk
                    kind: probe
                    after: []
                    probe: { volume: disk }
                    delay: 1s
                    interval: 500ms
                databases:
            """;

    private static final Map<String, LoopDisk> SERVICE_DISKS = new HashMap<>();
    private static final Map<String, LoopDisk> DATABASE_DISKS = new HashMap<>();
    private static Optional<Throwable> failed = Optional.empty();
    private static Cluster cluster;

    @RegisterExtension
    static final TestExecutionExceptionHandler NOTE =
            (context, cause) -> {
                failed = Optional.of(cause);
                throw cause;
            };

    /** What is done to a disk. */
    private interface Fault {
        void on(LoopDisk disk) throws IOException;
    }

    @BeforeAll
    static void startOnDisks() throws Exception {
        assumeTrue(Host.obstacle().isEmpty(), Host::obstacle);
        String obstacle = LoopDisk.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        cluster = Cluster.make();
        try {
            for (String node : Layout.NODES) {
                Path data = cluster.layout().data(node);
                SERVICE_DISKS.put(node, mount(node + "-service", data.resolve("disk"), 16));
                DATABASE_DISKS.put(node, mount(node + "-data", data.resolve("databases"), 320));
            }
            cluster.startAll(Layout.MEMBERS);
            cluster.apply(
                    Files.readString(cluster.layout().groupFile())
                            .replaceFirst("(?m)^ +databases:\\n", SERVICE));
            cluster.awaitNormal();
        } catch (Exception | AssertionError e) {
            failed = Optional.of(e);
            throw e;
        }
    }

    private static LoopDisk mount(String name, Path where, int megabytes) throws IOException {
        return LoopDisk.mount(
                cluster.layout().directory().resolve(name + ".img"), where, megabytes);
    }

    /** Thaws first: what hangs on a disk ends only then. */
    @AfterAll
    static void takeAway() {
        if (cluster == null) {
            return;
        }
        List<LoopDisk> disks = new ArrayList<>(SERVICE_DISKS.values());
        disks.addAll(DATABASE_DISKS.values());
        TidyingUp all = new TidyingUp();
        disks.forEach(disk -> all.then(disk::thawIfFrozen));
        if (failed.isPresent()) {
            all.then(() -> cluster.keepLogs("VolumeIT"));
        }
        all.then(cluster::endMembers);
        disks.forEach(disk -> all.then(disk::close));
        all.then(cluster::close)
                .then(() -> assertEquals(List.of(), LoopDisk.left(cluster.layout().directory())))
                .done();
    }

    @BeforeEach
    void home() {
        assumeTrue(failed.isEmpty(), "a scenario before has failed");
        cluster.bringHome();
    }

    @Test
    @Order(1)
    void aStandbyWithABadVolumeIsNotPromotableAndSaysWhy() throws Exception {
        LoopDisk disk = SERVICE_DISKS.get(Layout.BETA);
        standby(
                "full volume",
                disk,
                LoopDisk::fill,
                full -> assertSaid("cannot be written: No space left on device"),
                LoopDisk::empty);
        standby("read-only volume", disk, LoopDisk::readOnly, ro -> {}, LoopDisk::writable);
        standby("hanging volume", disk, LoopDisk::freeze, hung -> {}, LoopDisk::thaw);
    }

    /** Writes pause until the copy is known to be away, and it follows again when it can. */
    @Test
    @Order(2)
    void aStandbyWhoseDatabaseHangsIsNotPromotableAndWritesGoOn() throws Exception {
        LoopDisk disk = DATABASE_DISKS.get(Layout.BETA);
        try (Load load = cluster.load()) {
            long struck = System.nanoTime();
            standby(
                    "hanging disk of the standby's database",
                    disk,
                    LoopDisk::freeze,
                    hung -> assertSaid("does not end; look at the disk"),
                    thawed -> {
                        load.awaitWritesAfter(System.nanoTime(), LIMIT);
                        report("hanging disk of the standby's database", load, struck);
                        thawed.thaw();
                    });
            load.finish().assertGood();
        }
    }

    private static void standby(String fault, LoopDisk disk, Fault strike, Fault said, Fault mend)
            throws Exception {
        strike.on(disk);
        long struck = System.nanoTime();
        try {
            for (String node : Layout.NODES) {
                Await.until(
                        fault + ": " + node + " says that beta could not take over, and why",
                        LIMIT,
                        cluster::describe,
                        () -> cluster.instance(node).filter(VolumeIT::volumeFailed).isPresent());
            }
            System.out.println(
                    fault + ": said of the standby after " + millisSince(struck) + " ms");
            assertEquals(Layout.ALPHA, cluster.active());
            said.on(disk);
        } finally {
            mend.on(disk);
        }
        cluster.awaitNormal();
    }

    private static boolean volumeFailed(ClusterView.Instance instance) {
        return !instance.promotable() && instance.promotableReasons().contains("VOLUME_FAILED");
    }

    private static void assertSaid(String why) throws IOException {
        String url = cluster.layout().url(Layout.ALPHA);
        String token = cluster.layout().token(Layout.ALPHA).toString();
        for (List<String> words : List.of(List.of("status"), List.of("explain", Layout.INSTANCE))) {
            List<String> command = new ArrayList<>(words);
            command.addAll(List.of("--lang", "en", "--url", url, "--token-file", token));
            String said = Command.run(cluster.distribution(), LIMIT, command).output();
            String line = said.replaceAll("\\s+", " ");
            assertTrue(line.toLowerCase(Locale.ROOT).contains("cannot take over now"), said);
            assertTrue(line.contains(why), said);
        }
    }

    @Test
    @Order(3)
    void aFullVolumeMovesTheInstance() throws Exception {
        movesAndReturns("full volume", SERVICE_DISKS, DELAY, LoopDisk::fill, LoopDisk::empty);
    }

    @Test
    @Order(4)
    void aReadOnlyVolumeMovesTheInstance() throws Exception {
        movesAndReturns(
                "read-only volume", SERVICE_DISKS, DELAY, LoopDisk::readOnly, LoopDisk::writable);
    }

    @Test
    @Order(5)
    void aHangingVolumeMovesTheInstance() throws Exception {
        movesAndReturns("hanging volume", SERVICE_DISKS, DELAY, LoopDisk::freeze, LoopDisk::thaw);
    }

    @Test
    @Order(6)
    void aFullDiskUnderTheDatabaseMovesTheInstance() throws Exception {
        movesAndReturns(
                "full disk of the database",
                DATABASE_DISKS,
                DATABASE_DELAY,
                LoopDisk::fill,
                LoopDisk::empty);
    }

    /** PostgreSQL hangs in the kernel and cannot be killed; what it acknowledged is at beta. */
    @Test
    @Order(7)
    void aHangingDiskUnderTheDatabaseMovesTheInstance() throws Exception {
        movesAndReturns(
                "hanging disk of the database",
                DATABASE_DISKS,
                DATABASE_DELAY,
                LoopDisk::freeze,
                LoopDisk::thaw);
    }

    /** PostgreSQL cannot write its log, ends, and cannot be started again here; the last test. */
    @Test
    @Order(8)
    void aDiskThatFailsUnderTheDatabaseMovesTheInstance() throws Exception {
        String fault = "failed disk of the database";
        try (Load load = cluster.load()) {
            moves(fault, DATABASE_DISKS.get(Layout.ALPHA), DATABASE_DELAY, LoopDisk::abort, load);
            assertGood(fault, load);
        }
    }

    private static void movesAndReturns(
            String fault, Map<String, LoopDisk> disks, Duration delay, Fault strike, Fault mend)
            throws Exception {
        LoopDisk disk = disks.get(Layout.ALPHA);
        try (Load load = cluster.load()) {
            moves(fault, disk, delay, strike, load);
            mend.on(disk);
            // It would be tried again by itself, a minute later.
            cluster.act("recover");
            cluster.awaitWhole(Layout.BETA);
            assertGood(fault, load);
        }
    }

    private static void moves(String fault, LoopDisk disk, Duration delay, Fault strike, Load load)
            throws Exception {
        strike.on(disk);
        long struck = System.nanoTime();
        cluster.awaitServing(Layout.BETA, LIMIT);
        long took = millisSince(struck);
        load.awaitWritesAfter(System.nanoTime(), LIMIT);
        report(fault + ": beta serves after " + took + " ms", load, struck);
        Duration bound = delay.plus(Outages.patiently(GRACE));
        assertTrue(took <= bound.toMillis(), () -> fault + ": " + took + " ms > " + bound);
    }

    private static void assertGood(String fault, Load load) {
        Load.Result result = load.finish();
        result.assertGood();
        System.out.println(fault + ": 0 of " + result.acknowledged() + " rows lost");
    }

    private static void report(String what, Load load, long since) {
        System.out.println(what + ", no write for " + load.outageSince(since).toMillis() + " ms");
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
