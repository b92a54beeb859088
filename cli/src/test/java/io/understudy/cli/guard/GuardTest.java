package io.understudy.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cli.port.HostPorts;
import io.understudy.core.instance.InstanceName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes: what may no longer run is killed, in time, and nothing else is. */
class GuardTest {

    private static final InstanceName NMS = InstanceName.of("nms");
    private static final InstanceName RADIUS = InstanceName.of("radius");

    /** Nobody may claim the lease sooner than half a lease after it ended. */
    private static final Duration CHALLENGE = Duration.ofSeconds(1);

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir private Path directory;
    private Guard guard;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void open() {
        guard =
                new Guard(
                        System::nanoTime,
                        new Registry(directory.resolve("processes")),
                        HostPorts.open("test", System::nanoTime));
    }

    @AfterEach
    void close() {
        guard.close();
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void killsLeasedChildrenWhenTheLeaseEnds() throws Exception {
        List<Long> late = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
            guard.lease(NMS, until);
            Process child = sleep();
            guard.child(NMS, id(child), true);
            assertTrue(child.isAlive());
            child.waitFor();
            late.add(System.nanoTime() - until);
        }
        late.forEach(nanos -> assertTrue(nanos >= 0, "killed before the lease ended"));
        late.sort(Long::compare);
        assertTrue(late.get(2) < CHALLENGE.toNanos(), "late by nanoseconds: " + late);
    }

    @Test
    void sparesChildrenWhileTheLeaseIsRenewed() throws Exception {
        Process child = sleep();
        guard.lease(NMS, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300));
        guard.child(NMS, id(child), true);
        for (int renewal = 0; renewal < 10; renewal++) {
            assertFalse(child.waitFor(60, TimeUnit.MILLISECONDS));
            guard.lease(NMS, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300));
        }
    }

    @Test
    void killsAtOnceWhenARenewedLeaseIsTakenAwayOrCutShort() throws Exception {
        for (long left : List.of(0L, 1L)) {
            Process child = sleep();
            guard.lease(NMS, System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
            guard.child(NMS, id(child), true);
            guard.lease(NMS, System.nanoTime() + TimeUnit.MINUTES.toNanos(2));
            assertFalse(child.waitFor(100, TimeUnit.MILLISECONDS));
            long taken = System.nanoTime();
            guard.lease(NMS, left == 0 ? 0 : System.nanoTime() + left);
            assertTrue(child.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
            assertTrue(System.nanoTime() - taken < CHALLENGE.toNanos(), "at once");
        }
    }

    @Test
    void killsAtOnceWithoutALease() throws Exception {
        Process child = sleep();
        guard.child(NMS, id(child), true);
        assertTrue(child.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Test
    void sparesOtherInstancesAndBoundChildren() throws Exception {
        long soon = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
        guard.lease(NMS, soon);
        guard.lease(RADIUS, soon + TimeUnit.MINUTES.toNanos(1));
        Process leased = sleep();
        Process standby = sleep();
        Process other = sleep();
        guard.child(NMS, id(leased), true);
        guard.child(NMS, id(standby), false);
        guard.child(RADIUS, id(other), true);
        assertTrue(leased.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        assertTrue(standby.isAlive());
        assertTrue(other.isAlive());
    }

    @Test
    void aPromotedStandbyDiesWithTheLease() throws Exception {
        Process database = sleep();
        guard.child(NMS, id(database), false);
        guard.lease(NMS, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200));
        guard.kind(database.pid(), true);
        assertTrue(database.isAlive());
        assertTrue(database.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Test
    void endsAServerThatHangsOverALeaseWhenAPeerAsks() throws Exception {
        Process server = servingServer(TimeUnit.MINUTES.toNanos(1));
        Process standby = sleep();
        guard.child(RADIUS, id(standby), false);
        guard.lease(RADIUS, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500));
        guard.fence("beta");
        assertTrue(server.isAlive(), "it spoke a moment ago");
        await(
                () -> {
                    guard.fence("beta");
                    return !server.isAlive();
                });
        assertTrue(standby.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        guard.jvmEnded();
        await(guard::isStopped);
    }

    @Test
    void sparesAServerThatSpeaks() throws Exception {
        Process server = servingServer(TimeUnit.MILLISECONDS.toNanos(400));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (end - System.nanoTime() > 0) {
            guard.heard();
            guard.fence("beta");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        assertTrue(server.isAlive());
    }

    @Test
    void sparesAServerThatHoldsNoLeaseOrNeverPromisedToSpeak() throws Exception {
        Process server = servingServer(TimeUnit.MILLISECONDS.toNanos(200));
        guard.lease(NMS, 0);
        stillAndAsked(server);
        guard.jvmEnded();
        Process silent = sleep();
        guard.jvmStarted(id(silent));
        guard.connectionOpened();
        guard.lease(NMS, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200));
        stillAndAsked(silent);
    }

    private Process servingServer(long leaseNanos) throws IOException {
        Process server = sleep();
        guard.jvmStarted(id(server));
        guard.connectionOpened();
        guard.watchFromNow();
        guard.lease(NMS, System.nanoTime() + leaseNanos);
        return server;
    }

    private void stillAndAsked(Process server) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(600);
        while (end - System.nanoTime() > 0) {
            guard.fence("beta");
            assertTrue(server.isAlive());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void killsEverythingWhenTheServerEnds() throws Exception {
        Process server = sleep();
        guard.jvmStarted(id(server));
        guard.lease(NMS, System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        Process leased = sleep();
        Process standby = sleep();
        guard.child(NMS, id(leased), true);
        guard.child(NMS, id(standby), false);
        assertFalse(guard.isStopped());
        server.destroyForcibly().waitFor();
        guard.jvmEnded();
        await(() -> !leased.isAlive() && !standby.isAlive());
        await(guard::isStopped);
    }

    @Test
    void aServerStartedAgainHoldsNothingUntilItSpeaks() throws Exception {
        Process first = sleep();
        guard.jvmStarted(id(first));
        guard.connectionOpened();
        assertFalse(guard.isStopped());
        first.destroyForcibly().waitFor();
        guard.jvmEnded();
        await(guard::isStopped);
        guard.jvmStarted(id(sleep()));
        assertTrue(guard.isStopped());
        guard.connectionOpened();
        assertFalse(guard.isStopped());
    }

    @Test
    void killsWhatTheServerStartedAndHadNotYetToldOf() throws Exception {
        Process server = start("setsid", "sh", "-c", "sleep 100 & echo $!; exec sleep 100");
        long secret = firstNumber(server);
        guard.jvmStarted(id(server));
        server.destroyForcibly().waitFor();
        guard.jvmEnded();
        await(() -> ProcessId.of(secret).isEmpty());
        await(guard::isStopped);
    }

    @Test
    void killsWholeTrees() throws Exception {
        Process root = start("sh", "-c", "setsid sh -c 'sleep 100 & echo $!; wait' & wait");
        long grandchild = firstNumber(root);
        guard.lease(NMS, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100));
        guard.child(NMS, id(root), true);
        await(() -> ProcessId.of(grandchild).isEmpty());
        assertTrue(root.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Test
    void killsWhatADeadChildLeftBehind() throws Exception {
        Process root = start("setsid", "sh", "-c", "sleep 100 & echo $!; exec sleep 100");
        long orphan = firstNumber(root);
        guard.lease(NMS, System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        guard.child(NMS, id(root), true);
        root.destroyForcibly().waitFor();
        guard.gone(root.pid());
        await(() -> ProcessId.of(orphan).isEmpty());
        await(guard::isStopped);
    }

    @Test
    void neverKillsAProcessThatOnlyHasTheNumber() throws Exception {
        Process innocent = sleep();
        ProcessId old = new ProcessId(innocent.pid(), id(innocent).startTicks() - 1);
        guard.child(NMS, old, true);
        await(guard::isStopped);
        assertFalse(innocent.waitFor(100, TimeUnit.MILLISECONDS));
        assertTrue(innocent.isAlive());
    }

    @Test
    void goneIsNotBelievedOfALivingChild() throws Exception {
        Process child = sleep();
        guard.lease(NMS, System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        guard.child(NMS, id(child), true);
        guard.gone(child.pid());
        assertFalse(guard.isStopped());
        guard.lease(NMS, 0);
        assertTrue(child.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Test
    void theNextLauncherClearsWhatAKilledOneLeft() throws Exception {
        Process server = sleep();
        guard.jvmStarted(id(server));
        Process child = sleep();
        guard.child(NMS, id(child), false);
        Path registry = directory.resolve("processes");
        await(() -> written(registry).contains(child.pid() + " "));
        int found = new Registry(directory.resolve("processes")).clearRemnants(LIMIT.toNanos());
        assertEquals(2, found);
        assertTrue(server.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        assertTrue(child.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** The registry is written soon, by a thread of its own. */
    private static String written(Path registry) {
        try {
            return Files.readString(registry);
        } catch (IOException notYet) {
            return "";
        }
    }

    private Process sleep() throws IOException {
        return start("sleep", "100");
    }

    private Process start(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        started.add(process);
        return process;
    }

    private static ProcessId id(Process process) {
        return ProcessId.of(process.pid()).orElseThrow();
    }

    private static long firstNumber(Process process) throws IOException {
        return Long.parseLong(
                new BufferedReader(
                                new InputStreamReader(
                                        process.getInputStream(), StandardCharsets.UTF_8))
                        .readLine());
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "nothing happened within " + LIMIT);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
