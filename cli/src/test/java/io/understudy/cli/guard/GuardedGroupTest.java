package io.understudy.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cli.port.HostPorts;
import io.understudy.core.instance.InstanceName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real control groups, where this account may make them: daemons do not outlive the lease. */
class GuardedGroupTest {

    private static final InstanceName NMS = InstanceName.of("nms");

    @TempDir private Path directory;
    private Path group;
    private Guard guard;

    @BeforeEach
    void open() throws Exception {
        Optional<Path> mount = mount();
        Assumptions.assumeTrue(
                mount.filter(Files::isWritable).isPresent(), "needs root and cgroup v2");
        group = mount.get().resolve("understudy-test-" + System.nanoTime()).resolve("nms~web");
        Files.createDirectories(group);
        guard = guard();
    }

    private Guard guard() {
        return new Guard(
                System::nanoTime,
                new Registry(directory.resolve("processes")),
                HostPorts.open("test", System::nanoTime));
    }

    @AfterEach
    void close() throws Exception {
        if (guard != null) {
            guard.close();
            new ControlGroup(group).kill();
            await(false);
            Files.delete(group);
            Files.delete(group.getParent());
        }
    }

    private static Optional<Path> mount() throws Exception {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.map(line -> line.split(" "))
                    .filter(words -> words[2].equals("cgroup2"))
                    .map(words -> Path.of(words[1]))
                    .findFirst();
        }
    }

    /** A daemon as daemons are: in a session of its own, its parent gone. */
    private void daemon() throws Exception {
        Process shell =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "echo $$ > \"$0/cgroup.procs\"; setsid -f sleep 300",
                                group.toString())
                        .inheritIO()
                        .start();
        assertEquals(0, shell.waitFor());
        assertTrue(new ControlGroup(group).populated());
    }

    private void await(boolean populated) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (new ControlGroup(group).populated() != populated) {
            assertTrue(System.nanoTime() - end < 0, "populated is still " + !populated);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void daemonsLiveAsLongAsTheLease() throws Exception {
        guard.lease(NMS, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400));
        guard.group(NMS, group);
        daemon();
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(600);
        guard.lease(NMS, until);
        TimeUnit.MILLISECONDS.sleep(450);
        assertTrue(new ControlGroup(group).populated(), "killed while the lease is valid");
        assertFalse(guard.isIdle());
        await(false);
        long late = System.nanoTime() - until;
        assertTrue(late >= 0 && late < TimeUnit.SECONDS.toNanos(1), "late by ns: " + late);
    }

    @Test
    void daemonsDieWithTheConnection() throws Exception {
        guard.connectionOpened();
        guard.lease(NMS, System.nanoTime() + TimeUnit.SECONDS.toNanos(60));
        guard.group(NMS, group);
        daemon();
        guard.connectionClosed();
        await(false);
    }

    @Test
    void nothingIsStoppedWhileADaemonLives() throws Exception {
        guard.lease(NMS, System.nanoTime() + TimeUnit.SECONDS.toNanos(60));
        guard.group(NMS, group);
        daemon();
        assertFalse(guard.isStopped());
        guard.ungroup(group);
        guard.lease(NMS, 0);
        await(false);
    }

    @Test
    void theNextLauncherClearsWhatIsLeft() throws Exception {
        guard.jvmStarted(ProcessId.of(ProcessHandle.current().pid()).orElseThrow());
        guard.lease(NMS, System.nanoTime() + TimeUnit.SECONDS.toNanos(60));
        guard.group(NMS, group);
        daemon();
        List<String> written = registered();
        Files.write(
                directory.resolve("left"),
                written.stream().filter(l -> l.startsWith("boot") || l.startsWith("gr")).toList());
        assertEquals(
                1,
                new Registry(directory.resolve("left")).clearRemnants(TimeUnit.SECONDS.toNanos(5)));
        await(false);
    }

    /** The registry is written soon, by a thread of its own. */
    private List<String> registered() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        Path file = directory.resolve("processes");
        while (System.nanoTime() - end < 0) {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.contains("group " + group)) {
                return lines;
            }
            Thread.sleep(5);
        }
        throw new AssertionError("the group is not written down");
    }

    /** A kill of launcher and app server together leaves nobody but the sentinel. */
    @Test
    void daemonsDieWithTheLauncherToo() throws Exception {
        Path registry = directory.resolve("of-a-launcher");
        Files.writeString(registry, "boot x\n1234 5\ngroup " + group + "\n");
        Process launcher =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                System.getProperty("java.class.path"),
                                GuardedGroupTest.class.getName(),
                                registry.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            assertEquals('r', launcher.getInputStream().read());
            daemon();
            assertTrue(new ControlGroup(group).populated());
        } finally {
            launcher.destroyForcibly();
        }
        await(false);
    }

    /** A launcher that has a sentinel and waits to be killed. */
    public static void main(String[] arguments) throws Exception {
        new Sentinel(Path.of(arguments[0])).ensure();
        System.out.println("ready");
        TimeUnit.SECONDS.sleep(60);
    }

    @Test
    void theRootIsNoGroupOfAService() {
        assertThrows(
                IllegalArgumentException.class,
                () -> guard.group(NMS, Path.of("/sys/fs/cgroup/../cgroup/x")));
        assertThrows(IllegalArgumentException.class, () -> guard.group(NMS, Path.of("/sys/fs")));
    }
}
