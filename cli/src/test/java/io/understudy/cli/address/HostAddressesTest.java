package io.understudy.cli.address;

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
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real kernel, in two network namespaces that this test makes and removes. */
class HostAddressesTest {

    private static final String V4 = "10.99.7.100";
    private static final String V6 = "fd00:99:7::100";

    private final String here = "us-" + ProcessHandle.current().pid() + "-a";
    private final String there = "us-" + ProcessHandle.current().pid() + "-b";
    @TempDir private Path directory;
    private Path heard;
    private Process keeper;
    private Process second;

    @BeforeEach
    void namespaces() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name"))
                        && Files.exists(Path.of("/usr/sbin/ip")),
                "network namespaces need root and iproute2");
        ip("netns", "add", here);
        ip("netns", "add", there);
        ip(
                "link", "add", "v0", "netns", here, "type", "veth", "peer", "name", "v1", "netns",
                there);
        for (String[] end : new String[][] {{here, "v0", "1"}, {there, "v1", "2"}}) {
            ip("-n", end[0], "address", "add", "10.99.7." + end[2] + "/24", "dev", end[1]);
            ip(
                    "-n",
                    end[0],
                    "address",
                    "add",
                    "fd00:99:7::" + end[2] + "/64",
                    "dev",
                    end[1],
                    "nodad");
            ip("-n", end[0], "link", "set", end[1], "up");
        }
        // So that an announcement alone makes an entry, as on a router that learns from it.
        in(there, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/v1/arp_accept");
    }

    @AfterEach
    void clear() throws Exception {
        for (Process process : new Process[] {keeper, second}) {
            if (process != null) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        }
        for (String namespace : List.of(here, there)) {
            if (Files.exists(Path.of("/run/netns/" + namespace))) {
                ip("netns", "delete", namespace);
            }
        }
    }

    @Test
    void comeAreAnnouncedAndGoWithTheKernelWhenTheirKeeperIsStopped() throws Exception {
        keeper = start(V4 + "/24 dev v0", V6 + "/64 dev v0");
        await("both are installed", () -> shows(V4) && shows(V6));
        String shown = run("ip", "-n", here, "address", "show", "dev", "v0");
        assertTrue(shown.contains("valid_lft 1sec"), shown);
        String mac = macOf();
        await(
                "the other end has learned " + V4 + " from the announcement",
                () -> quietly("ip", "-n", there, "neigh", "show", V4, "dev", "v1").contains(mac));

        signal("STOP");
        long stopped = System.nanoTime();
        await("the kernel has dropped both", () -> !shows(V4) && !shows(V6));
        long after = (System.nanoTime() - stopped) / 1_000_000;
        assertTrue(after < 2_500, "gone only after " + after + " ms");
        System.getLogger("test")
                .log(System.Logger.Level.INFO, "addresses gone {0} ms after SIGSTOP", after);

        signal("CONT");
        await("it is here again under a lease that holds", () -> shows(V4) && shows(V6));
    }

    @Test
    void whoHasTheAddressAlreadyIsHeardAndSoIsWhoClaimsItLater() throws Exception {
        keeper = start(V4 + "/24 dev v0", V6 + "/64 dev v0");
        await("both are installed", () -> shows(V4) && shows(V6));
        // What comes this soon after the first has asked would count as an answer to it.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(800));
        Path words = Files.createTempFile(directory, "second", ".out");
        second = start(there, words, V4 + "/24 dev v1", V6 + "/64 dev v1");
        String first = macOf();
        String other = in(there, "cat", "/sys/class/net/v1/address").strip();
        for (String address : List.of(V4, V6)) {
            await(
                    "the second has learned before it took " + address + " that it is there",
                    () -> says(words, "rival " + address + " \\d+ v1 " + first + " true "));
            await(
                    "the first has heard that the second claims " + address,
                    () -> says(heard, "rival " + address + " \\d+ v0 " + other + " false "));
        }
        assertTrue(shows(V4) && shows(V6), "kept: the lease has settled whose they are");
    }

    private static boolean says(Path words, String line) {
        try {
            return Pattern.compile(line).matcher(Files.readString(words)).find();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process start(String... addresses) throws IOException {
        heard = Files.createTempFile(directory, "first", ".out");
        return start(here, heard, addresses);
    }

    private static Process start(String namespace, Path words, String... addresses)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(KeeperMain.class.getName());
        command.addAll(List.of(addresses));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(words.toFile())
                .start();
    }

    private void signal(String name) throws Exception {
        run("kill", "-" + name, Long.toString(keeper.pid()));
    }

    private String macOf() throws Exception {
        return in(here, "cat", "/sys/class/net/v0/address").strip();
    }

    private boolean shows(String address) {
        return quietly("ip", "-n", here, "address", "show", "dev", "v0").contains(address + "/");
    }

    private static String in(String namespace, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        return run(all.toArray(String[]::new));
    }

    private static void ip(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("ip"));
        all.addAll(List.of(arguments));
        run(all.toArray(String[]::new));
    }

    private static String quietly(String... command) {
        try {
            return run(command);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(10, TimeUnit.SECONDS), "hangs: " + List.of(command));
        if (process.exitValue() != 0) {
            throw new IOException(List.of(command) + ": " + text);
        }
        return text;
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "not within 20 s: " + what);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
