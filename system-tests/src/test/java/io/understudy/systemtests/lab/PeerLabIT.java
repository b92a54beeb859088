package io.understudy.systemtests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * That the peers of the benchmark run, move and are struck in the lab, where their packages are
 * installed; and that nothing of them is left.
 */
@Tag("system")
@Tag("slow")
@Order(22)
class PeerLabIT {

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aPeerMovesItsAddress(PeerKind kind) throws IOException {
        assumeTrue(Lab.obstacle().isEmpty(), Lab.obstacle());
        assumeTrue(kind.obstacle().isEmpty(), kind.obstacle());
        long before = folders();
        try (Contestant peer = new Contestant.Theirs(kind, true)) {
            for (PeerFault fault : new PeerFault[] {PeerFault.SWITCHOVER, PeerFault.POWER_LOSS}) {
                PeerTrial trial = peer.strike(fault, false);
                System.out.println(kind + " " + trial);
                assertTrue(trial.moved(), trial::toString);
                assertTrue(trial.outage().toSeconds() < 60, trial::toString);
                assertEquals(0, trial.lost(), trial::toString);
            }
        }
        assertEquals(before, folders());
        assertTrue(
                Tool.run("ip netns list")
                        .lines()
                        .noneMatch(
                                name ->
                                        name.startsWith(
                                                "understudy-lab-"
                                                        + ProcessHandle.current().pid()
                                                        + "-")));
    }

    private static long folders() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(p -> p.getFileName().toString().startsWith("understudy-peers-"))
                    .count();
        }
    }
}
