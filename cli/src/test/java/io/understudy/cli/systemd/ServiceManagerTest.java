package io.understudy.cli.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told, by a real socket where Python can open one, and when. */
class ServiceManagerTest {

    private static final long LONG = TimeUnit.SECONDS.toMillis(20);

    @TempDir private Path directory;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private Notifications noting() {
        return new Notifications() {
            @Override
            public void send(String assignments) {
                said.add(assignments);
            }

            @Override
            public void close() {
                said.add("closed");
            }
        };
    }

    private String next() throws InterruptedException {
        return String.valueOf(said.poll(LONG, TimeUnit.MILLISECONDS));
    }

    @Test
    void saysReadyOnceTheMemberIsUpAndNotBefore() throws Exception {
        AtomicBoolean up = new AtomicBoolean();
        try (ServiceManager manager = new ServiceManager(noting(), Long.MAX_VALUE)) {
            manager.watch(up::get, () -> true, "alpha is ready");
            assertEquals(null, said.poll(500, TimeUnit.MILLISECONDS));
            up.set(true);
            assertEquals("READY=1\nSTATUS=alpha is ready", next());
            manager.stopping();
            assertEquals("STOPPING=1", next());
        }
        assertEquals("closed", next());
        assertTrue(said.isEmpty());
    }

    @Test
    void feedsTheWatchdogFromTheStartAndOnlyWhileTheGuardWorks() throws Exception {
        AtomicBoolean works = new AtomicBoolean(true);
        long every = TimeUnit.MILLISECONDS.toNanos(100);
        try (ServiceManager manager = new ServiceManager(noting(), every)) {
            manager.watch(() -> false, works::get, "");
            assertEquals("WATCHDOG=1", next());
            assertEquals("WATCHDOG=1", next());
            works.set(false);
            // One may have been on its way.
            said.poll(500, TimeUnit.MILLISECONDS);
            said.clear();
            assertEquals(null, said.poll(1_000, TimeUnit.MILLISECONDS));
            works.set(true);
            assertEquals("WATCHDOG=1", next());
        }
    }

    @Test
    void feedsThreeTimesPerLimitAndOnlyIfThisProcessIsMeant() {
        long second = TimeUnit.SECONDS.toNanos(1);
        assertEquals(
                3 * second,
                ServiceManager.interval(
                        Map.of("WATCHDOG_USEC", "9000000", "WATCHDOG_PID", "7"), "7"));
        assertEquals(3 * second, ServiceManager.interval(Map.of("WATCHDOG_USEC", "9000000"), "7"));
        assertEquals(
                Long.MAX_VALUE,
                ServiceManager.interval(
                        Map.of("WATCHDOG_USEC", "9000000", "WATCHDOG_PID", "8"), "7"));
        assertEquals(Long.MAX_VALUE, ServiceManager.interval(Map.of(), "7"));
        assertEquals(Long.MAX_VALUE, ServiceManager.interval(Map.of("WATCHDOG_USEC", "soon"), "7"));
    }

    @Test
    void withoutSystemdSaysNothingAndHasNoThread() {
        try (ServiceManager manager = ServiceManager.of(Map.of())) {
            manager.watch(() -> true, () -> true, "");
            manager.stopping();
            assertFalse(
                    Thread.getAllStackTraces().keySet().stream()
                            .anyMatch(thread -> thread.getName().equals("service-manager")));
        }
    }

    @Test
    void aPathThatNobodyReadsCostsALineInTheLog() {
        String nobody = directory.resolve("nobody").toString();
        try (ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", nobody))) {
            manager.stopping();
        }
    }

    @Test
    void speaksToARealSocketByPathAndByAbstractName() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/python3")),
                "skipped: no python3 to open a datagram socket of the Unix family");
        receives(directory.resolve("notify").toString());
        receives("@understudy-test-" + ProcessHandle.current().pid());
    }

    private static void receives(String name) throws IOException, InterruptedException {
        String program =
                "import socket,sys\n"
                        + "s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\n"
                        + "n=sys.argv[1]\n"
                        + "s.bind('\\0'+n[1:] if n[0]=='@' else n)\n"
                        + "s.settimeout(20)\n"
                        + "print('bound',flush=True)\n"
                        + "print(s.recv(4096).decode(),flush=True)\n";
        Process receiver =
                new ProcessBuilder("/usr/bin/python3", "-c", program, name)
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(receiver.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("bound", lines.readLine());
            try (ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", name))) {
                manager.watch(() -> true, () -> true, "up");
                assertEquals("READY=1", lines.readLine());
                assertEquals("STATUS=up", lines.readLine());
            }
        } finally {
            receiver.destroyForcibly()
                    .waitFor(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
