package io.understudy.cluster.neighbour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real wire: two network namespaces that this test makes and removes. */
class NeighboursTest {

    private final String here = "us-" + ProcessHandle.current().pid() + "-n";
    private final String there = "us-" + ProcessHandle.current().pid() + "-m";

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
        for (String[] end : new String[][] {{here, "v0", "1"}, {there, "v1", "2"}}) {
            add(end[0], end[1], "10.99.8." + end[2] + "/24");
            add(end[0], end[1], "fd00:99:8::" + end[2] + "/64");
            run("ip", "-n", end[0], "link", "set", end[1], "up");
        }
    }

    @AfterEach
    void clear() throws Exception {
        for (String namespace : List.of(here, there)) {
            if (Files.exists(Path.of("/run/netns/" + namespace))) {
                run("ip", "netns", "delete", namespace);
            }
        }
    }

    private static void add(String namespace, String device, String address) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of("ip", "-n", namespace, "address", "add", address, "dev", device));
        if (address.contains(":")) {
            command.add("nodad");
        }
        run(command.toArray(String[]::new));
    }

    @Test
    void findsWhoHasAnAddressAndThatNobodyHasIt() throws Exception {
        add(there, "v1", "10.99.8.100/24");
        add(there, "v1", "fd00:99:8::100/64");
        String mac = run("ip", "netns", "exec", there, "cat", "/sys/class/net/v1/address").strip();
        String own = run("ip", "netns", "exec", here, "cat", "/sys/class/net/v0/address").strip();
        assertEquals(
                List.of(
                        "Answer[mac=" + mac + ", cannot=null]",
                        "Answer[mac=" + mac + ", cannot=null]",
                        "Answer[mac=null, cannot=null]",
                        "Answer[mac=null, cannot=null]",
                        "Answer[mac=null, cannot=is not in the same subnet]",
                        "Answer[mac=" + own + ", cannot=null]"),
                look(
                        "10.99.8.100",
                        "fd00:99:8::100",
                        "10.99.8.101",
                        "fd00:99:8::101",
                        "10.98.0.1",
                        "10.99.8.1"));
    }

    private List<String> look(String... addresses) throws Exception {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", here));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(LookMain.class.getName());
        command.addAll(List.of(addresses));
        return run(command.toArray(String[]::new)).lines().toList();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), "hangs: " + List.of(command));
        if (process.exitValue() != 0) {
            throw new IOException(List.of(command) + ": " + text);
        }
        return text;
    }
}
