package io.understudy.cluster.witness;

import static io.understudy.cluster.lease.LocalMembers.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.core.HazelcastInstance;
import io.understudy.cluster.lease.LocalMembers;
import io.understudy.cluster.peer.Secret;
import io.understudy.cluster.voters.ClusterMember;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The witness as the process that an operator starts, between two nodes in this JVM. */
@Tag("slow")
class WitnessTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir private Path directory;
    private final LocalMembers members = new LocalMembers();
    private HazelcastInstance alpha;
    private HazelcastInstance beta;
    private ClusterMember member;
    private Process witness;

    @AfterEach
    void stop() {
        if (witness != null) {
            witness.destroyForcibly();
        }
        if (member != null) {
            member.close();
        }
        for (HazelcastInstance each : new HazelcastInstance[] {alpha, beta}) {
            if (each != null) {
                each.getLifecycleService().terminate();
            }
        }
    }

    @Test
    void votesWithTheNodesAndLeavesInGoodOrder() throws Exception {
        alpha = members.plan(0).start();
        beta = members.plan(1).start();
        member = member(alpha, 0);
        ClusterMember other = member(beta, 1);
        try (other) {
            witness = start(nodeFile("witness"));
            assertEquals("READY witness witness", firstLine(witness));
            eventually(SOON, "all three vote", () -> member.voters().state().redundant());
            assertTrue(Files.isDirectory(directory.resolve("data/ledger")));
            System.out.println("witness: " + residentKilobytes(witness) + " kB resident");

            long start = System.nanoTime();
            witness.destroy();
            assertTrue(witness.waitFor(15, TimeUnit.SECONDS), "it did not stop");
            System.out.printf(
                    "witness: stopped after %d ms%n", (System.nanoTime() - start) / 1_000_000);
            eventually(
                    SOON,
                    "its seat is empty",
                    () ->
                            member.voters().state().voters().values().stream()
                                            .filter(voter -> voter.seated())
                                            .count()
                                    == 2);
        }
    }

    @Test
    void refusesTheFileOfANode() throws Exception {
        witness = start(nodeFile("primary"));

        assertTrue(witness.waitFor(15, TimeUnit.SECONDS));
        assertEquals(1, witness.exitValue());
        String said = new String(witness.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(said.contains("node.role"), said);
    }

    private ClusterMember member(HazelcastInstance instance, int index) {
        return new ClusterMember(
                instance,
                LocalMembers.NAMES.get(index),
                LocalMembers.hosts(),
                members.plan(index).port(),
                Duration.ofSeconds(2));
    }

    private Path nodeFile(String role) throws IOException {
        Secret.create(directory.resolve("secret"));
        String list =
                LocalMembers.hosts().entrySet().stream()
                        .map(each -> each.getKey() + "@" + each.getValue())
                        .collect(Collectors.joining(","));
        return Files.write(
                directory.resolve("witness.properties"),
                List.of(
                        "node.name=witness",
                        "node.role=" + role,
                        "node.address=" + members.plan(2).address(),
                        "cluster.name=" + members.plan(2).cluster(),
                        "cluster.members=" + list,
                        "cluster.port=" + members.plan(2).port(),
                        "data.directory=data"));
    }

    private static Process start(Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WitnessMain.class.getName(),
                        "--config",
                        file.toString())
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        return out.readLine();
    }

    private static long residentKilobytes(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }
}
