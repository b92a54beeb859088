package io.understudy.cli.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real kernel, in two network namespaces that this test makes and removes. */
class NftablesTest {

    private static final String HOST = "10.99.9.1";

    private final String here = "us-" + ProcessHandle.current().pid() + "-g";
    private final String there = "us-" + ProcessHandle.current().pid() + "-h";
    @TempDir private Path directory;
    private Path output;
    private Process gate;

    @BeforeEach
    void namespaces() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name"))
                        && Files.exists(Path.of("/usr/sbin/ip")),
                "network namespaces need root and iproute2");
        run("ip", "netns", "add", here);
        run("ip", "netns", "add", there);
        run(
                "ip", "link", "add", "v0", "netns", here, "type", "veth", "peer", "name", "v1",
                "netns", there);
        run("ip", "-n", here, "link", "set", "lo", "up");
        run("ip", "-n", here, "address", "add", HOST + "/24", "dev", "v0");
        run("ip", "-n", there, "address", "add", "10.99.9.2/24", "dev", "v1");
        run("ip", "-n", here, "link", "set", "v0", "up");
        run("ip", "-n", there, "link", "set", "v1", "up");
        output = directory.resolve("gate.out");
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", here));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(GateMain.class.getName(), "8123", "8124", "8125"));
        gate =
                new ProcessBuilder(command)
                        .redirectError(directory.resolve("gate.err").toFile())
                        .redirectOutput(output.toFile())
                        .start();
        await("it listens", () -> connects(there, 8125));
        assumeTrue(
                !read(output).contains("nf_tables"),
                () -> "this kernel has no nf_tables: " + read(output).lines().findFirst());
    }

    @AfterEach
    void clear() throws Exception {
        if (gate != null) {
            gate.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        }
        for (String namespace : List.of(here, there)) {
            if (Files.exists(Path.of("/run/netns/" + namespace))) {
                run("ip", "netns", "delete", namespace);
            }
        }
    }

    @Test
    void portsAreReachedWhileTheLeaseHoldsAlsoWhereTheirKeeperHangs() throws Exception {
        await("they are closed without a lease", () -> !connects(there, 8123));
        assertTrue(!connects(there, 8124));
        assertTrue(connects(there, 8125), "this one is not guarded");
        assertTrue(connects(here, 8123), "the host itself reaches its own");
        say('l');
        await("they open with it", () -> connects(there, 8123) && connects(there, 8124));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_500));
        assertTrue(connects(there, 8123), "it is renewed");

        run("kill", "-STOP", Long.toString(gate.pid()));
        long stopped = System.nanoTime();
        await("the kernel has closed them", () -> !connects(there, 8123));
        long after = (System.nanoTime() - stopped) / 1_000_000;
        assertTrue(after < 1_500, "closed only after " + after + " ms");
        assertTrue(connects(there, 8125), "a hanging process still has its open ports");
        System.getLogger("test")
                .log(System.Logger.Level.INFO, "ports closed {0} ms after SIGSTOP", after);

        run("kill", "-CONT", Long.toString(gate.pid()));
        await("it is renewed again", () -> connects(there, 8123));
        say('e');
        await("they close with it", () -> !connects(there, 8123));
        say('c');
        await("nothing stays behind", () -> connects(there, 8123) && connects(there, 8124));
        assertEquals("problem=", read(output).lines().reduce((a, b) -> b).orElseThrow());
    }

    private void say(char letter) throws IOException {
        gate.getOutputStream().write(letter);
        gate.getOutputStream().flush();
    }

    /** By bash's own sockets: a connection that is refused or not answered within a second. */
    private static boolean connects(String from, int port) {
        try {
            Process process =
                    new ProcessBuilder(
                                    "ip",
                                    "netns",
                                    "exec",
                                    from,
                                    "timeout",
                                    "1",
                                    "bash",
                                    "-c",
                                    "exec 3<>/dev/tcp/" + HOST + "/" + port)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            assertTrue(process.waitFor(10, TimeUnit.SECONDS), "hangs");
            return process.exitValue() == 0;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(10, TimeUnit.SECONDS), "hangs: " + List.of(command));
        if (process.exitValue() != 0) {
            throw new IOException(List.of(command) + ": " + text);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "not within 20 s: " + what);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
