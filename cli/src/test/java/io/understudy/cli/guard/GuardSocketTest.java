package io.understudy.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cli.port.HostPorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real server process on the other end of the socket. */
class GuardSocketTest {

    @TempDir private Path directory;
    private Guard guard;
    private GuardSocket socket;
    private Process server;

    @BeforeEach
    void open() throws IOException {
        guard =
                new Guard(
                        System::nanoTime,
                        new Registry(directory.resolve("processes")),
                        HostPorts.open("test", System::nanoTime));
        socket = new GuardSocket(guard, directory.resolve("guard.sock"), System::nanoTime);
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.destroyForcibly();
        }
        socket.close();
        guard.close();
    }

    @Test
    void killsTheChildWhenTheServerIsKilled() throws Exception {
        ProcessId child = startServer();
        server.destroyForcibly().waitFor();
        awaitEnd(child);
    }

    @Test
    void killsTheChildWhenTheServerHangsLongerThanTheLease() throws Exception {
        ProcessId child = startServer();
        long began = System.nanoTime();
        new ProcessBuilder("kill", "-STOP", Long.toString(server.pid())).start().waitFor();
        awaitEnd(child);
        long took = System.nanoTime() - began;
        assertTrue(took < TimeUnit.SECONDS.toNanos(2), "took " + took + " ns");
        assertTrue(server.isAlive());
    }

    @Test
    void theChildLivesAsLongAsTheServerRenews() throws Exception {
        ProcessId child = startServer();
        assertFalse(server.waitFor(1, TimeUnit.SECONDS));
        assertTrue(child.isAlive());
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        GuardProtocol protocol = new GuardProtocol(guard);
        String[] wrong = {
            "",
            "hello",
            "lease nms 2",
            "lease n/m 2 5",
            "lease nms 2 x",
            "lease nms 2 " + (System.nanoTime() + TimeUnit.HOURS.toNanos(2)),
            "child nms 1 2 sometimes",
            "child nms x 2 leased",
            "kind 1",
            "gone",
        };
        for (String line : wrong) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> protocol.obey(line, System.nanoTime()),
                    line);
        }
    }

    private ProcessId startServer() throws IOException {
        server =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                FakeServer.class.getName(),
                                directory.resolve("guard.sock").toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        long pid = Long.parseLong(lines.readLine());
        ProcessId child = ProcessId.of(pid).orElseThrow();
        assertEquals(pid, child.pid());
        return child;
    }

    private static void awaitEnd(ProcessId process) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (process.isAlive()) {
            assertTrue(System.nanoTime() - end < 0, process + " still lives");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
