package io.understudy.cluster.member;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static io.understudy.cluster.testing.TestNodes.WITNESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.testing.Eventually;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.NoQuorumException;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole members in one process, which lose their disks. */
class EnrollerTest {

    private static final InstanceName NMS = InstanceName.of("nms");

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final Map<NodeName, Peering> members = new TreeMap<>();
    private final List<String> alarms = new CopyOnWriteArrayList<>();

    @TempDir Path directory;

    @AfterEach
    void close() {
        members.values().forEach(Peering::close);
    }

    @Test
    void aNewClusterVotesWhenAllThreeAreThereAndNotBefore() throws IOException {
        start(ALPHA);
        start(BETA);
        assertTrue(claim(ALPHA, 2).isEmpty(), "two empty disks are no majority");
        start(WITNESS);
        awaitVotes(ALPHA, BETA, WITNESS);
        eventually("a claim", () -> claim(ALPHA, 2).map(Ledger.Claim::granted).orElse(false));

        // A restart with the disk it had needs nobody's word.
        stop(WITNESS);
        stop(BETA);
        stop(ALPHA);
        start(BETA);
        assertTrue(members.get(BETA).suffrage().barred().isEmpty());
    }

    @Test
    void whoLostItsDiskDoesNotVoteUntilItHasLearnedWhatOnlyTheOthersKnow() throws Exception {
        startAll();
        // Epoch 6 is promised by alpha and beta only.
        stop(WITNESS);
        eventually("a claim", () -> claim(ALPHA, 6).map(Ledger.Claim::granted).orElse(false));
        stop(ALPHA);
        wipe(ALPHA);
        start(WITNESS);
        start(ALPHA);
        eventually(
                "alpha is known with another disk",
                () -> why(ALPHA).contains("--recover") && why(ALPHA).contains("beta"));
        eventually("alpha says so", () -> alarms.stream().anyMatch(a -> a.contains("--recover")));
        eventually(
                "the others tell of it",
                () ->
                        members.get(BETA).events().after(0, 100).stream()
                                .anyMatch(e -> e.code().equals("MEMBER_DISK_DIFFERS")));
        stop(BETA);
        assertTrue(claim(WITNESS, 4).isEmpty(), "alpha and witness have forgotten epoch 6");
        start(BETA);

        // Silence of those who know does not bring the vote either, nor does a restart.
        stop(ALPHA);
        start(ALPHA);
        eventually("still not", () -> why(ALPHA).contains("--recover"));

        stop(ALPHA);
        assertTrue(MemberDisk.open(data(ALPHA)).recover());
        stop(WITNESS);
        start(ALPHA);
        eventually("all others are needed", () -> why(ALPHA).contains("witness"));
        start(WITNESS);
        awaitVotes(ALPHA);
        stop(BETA);
        Ledger.Claim old =
                Eventually.result(members.get(WITNESS).ledger().claim(NMS, new Epoch(4)));
        assertFalse(old.granted());
        assertEquals(new Epoch(6), old.promised());
    }

    @Test
    void theLostDiskIsRefusedWhenItComesBackAfterItWasReplaced() throws Exception {
        startAll();
        stop(ALPHA);
        Path kept = directory.resolve("kept");
        Files.move(data(ALPHA), kept);
        MemberDisk fresh = MemberDisk.open(data(ALPHA));
        assertEquals(
                List.of(BETA, WITNESS),
                Admission.otherDisks(nodes.node(ALPHA), SECRET, "0.1.0", fresh).stream()
                        .sorted()
                        .toList());
        assertTrue(fresh.recover());
        assertEquals(List.of(), Admission.otherDisks(nodes.node(ALPHA), SECRET, "0.1.0", fresh));
        start(ALPHA);
        awaitVotes(ALPHA);
        stop(ALPHA);
        wipe(ALPHA);
        Files.move(kept, data(ALPHA));
        start(ALPHA);
        eventually("the old disk", () -> why(ALPHA).contains("another data directory"));
        assertFalse(MemberDisk.open(data(ALPHA)).recover(), "what voted is not new");
    }

    @Test
    void twoLostDisksStandStill() throws Exception {
        startAll();
        for (NodeName lost : List.of(ALPHA, WITNESS)) {
            stop(lost);
            wipe(lost);
            assertTrue(MemberDisk.open(data(lost)).recover());
        }
        start(ALPHA);
        start(WITNESS);
        eventually("neither votes", () -> why(ALPHA).contains("witness have lost"));
        assertTrue(claim(BETA, 8).isEmpty());
    }

    /** A removed member is refused by all, learns of it, and takes part again when admitted. */
    @Test
    void whoWasRemovedIsRefusedUntilItIsAdmitted() throws Exception {
        startAll();
        eventually("a claim", () -> claim(BETA, 2).map(Ledger.Claim::granted).orElse(false));
        stop(ALPHA);
        Eventually.result(members.get(BETA).removals().remove(ALPHA, "ann"));
        eventually(
                "the witness knows", () -> members.get(WITNESS).removals().of(ALPHA).isPresent());
        Admission.Verdict verdict = Admission.ask(nodes.node(ALPHA), SECRET, "0.1.0");
        assertFalse(verdict.isGood());
        assertTrue(
                verdict.refusals().get(WITNESS).contains("by ann")
                        && verdict.refusals().get(BETA).contains("understudy node admit alpha"),
                verdict.toString());

        // Started all the same, it has no majority, and learns why.
        start(ALPHA);
        eventually("alpha knows", () -> members.get(ALPHA).removals().of(ALPHA).isPresent());
        assertTrue(claim(ALPHA, 4).isEmpty());
        assertTrue(Eventually.result(members.get(WITNESS).removals().admit(ALPHA, "ann")));
        eventually("a claim", () -> claim(ALPHA, 4).map(Ledger.Claim::granted).orElse(false));
        assertTrue(Admission.otherDisks(nodes.node(ALPHA), SECRET, "0.1.0", disk()).isEmpty());
    }

    private MemberDisk disk() throws IOException {
        return MemberDisk.open(data(ALPHA));
    }

    private void startAll() throws IOException {
        start(ALPHA);
        start(BETA);
        start(WITNESS);
        awaitVotes(ALPHA, BETA, WITNESS);
    }

    private void awaitVotes(NodeName... names) {
        for (NodeName name : names) {
            eventually(name + " votes", () -> members.get(name).suffrage().barred().isEmpty());
        }
    }

    private String why(NodeName name) {
        return members.get(name).suffrage().barred().orElse("");
    }

    /** Returns the outcome; empty without a majority. */
    private Optional<Ledger.Claim> claim(NodeName at, long epoch) {
        try {
            return Optional.of(
                    members.get(at)
                            .ledger()
                            .claim(NMS, new Epoch(epoch))
                            .toCompletableFuture()
                            .join());
        } catch (CompletionException e) {
            assertEquals(NoQuorumException.class, e.getCause().getClass());
            return Optional.empty();
        }
    }

    private Path data(NodeName name) {
        return directory.resolve(name.value());
    }

    private void wipe(NodeName name) throws IOException {
        try (Stream<Path> files = Files.walk(data(name))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void stop(NodeName name) {
        members.remove(name).close();
    }

    private void start(NodeName name) throws IOException {
        Peering peering =
                new Peering(
                        nodes.node(name), data(name), SECRET, "0.1.0", Timers.FAST, alarms::add);
        members.put(name, peering);
        peering.start();
    }
}
