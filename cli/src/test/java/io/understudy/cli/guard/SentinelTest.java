package io.understudy.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real kernel, in a network namespace that this test makes and removes. */
class SentinelTest {

    private static final String V4 = "10.99.9.100/24 dev lo";
    private static final String V6 = "fd00:99:9::100/64 dev lo";

    @TempDir private Path directory;
    private final String namespace = "us-" + ProcessHandle.current().pid() + "-sentinel";

    @BeforeEach
    void make() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name"))
                        && Files.exists(Path.of("/usr/sbin/ip")),
                "network namespaces need root and iproute2");
        ip("netns", "add", namespace);
        ip("-n", namespace, "link", "set", "lo", "up");
    }

    @AfterEach
    void remove() throws Exception {
        if (Files.exists(Path.of("/run/netns", namespace))) {
            ip("netns", "delete", namespace);
        }
    }

    /** Nobody is left then whom the other node could ask whether the addresses are gone. */
    @Test
    void addressesGoWithALauncherThatIsKilled() throws Exception {
        for (String address : new String[] {V4, V6}) {
            ip(("-n " + namespace + " address add " + address).split(" "));
        }
        Path registry = directory.resolve("processes");
        Files.writeString(registry, "boot x\n1234 5\naddress " + V4 + "\naddress " + V6 + "\n");
        Process launcher =
                new ProcessBuilder(
                                "ip",
                                "netns",
                                "exec",
                                namespace,
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                System.getProperty("java.class.path"),
                                GuardedGroupTest.class.getName(),
                                registry.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            assertEquals('r', launcher.getInputStream().read());
            assertTrue(addresses().contains("10.99.9.100"), addresses());
            assertTrue(addresses().contains("fd00:99:9::100"), addresses());
        } finally {
            launcher.destroyForcibly();
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (addresses().contains("99")) {
            assertTrue(System.nanoTime() - end < 0, addresses());
            Thread.sleep(10);
        }
    }

    private String addresses() throws Exception {
        return ip("-n", namespace, "address", "show", "dev", "lo");
    }

    private static String ip(String... words) throws Exception {
        String[] command = new String[words.length + 1];
        command[0] = "ip";
        System.arraycopy(words, 0, command, 1, words.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
        return said;
    }
}
