package io.understudy.cluster.member;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.GAMMA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static io.understudy.cluster.testing.TestNodes.WITNESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may start, and who may not. */
class AdmissionTest {

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final List<Peering> members = new ArrayList<>();

    @TempDir Path directory;

    @AfterEach
    void close() {
        members.forEach(Peering::close);
    }

    @Test
    void nobodyThereIsNoObjection() {
        assertTrue(Admission.ask(nodes.wide(ALPHA), SECRET, "0.1.0").isGood());
    }

    @Test
    void aNameThatIsHeardIsTaken() throws IOException {
        Peering alpha = start(ALPHA, "0.1.0");
        Peering beta = start(BETA, "0.1.0");
        start(WITNESS, "0.1.0");
        eventually(
                "beta hears alpha", () -> beta.heartbeat().facts(ALPHA).contact() == Contact.HEARD);

        Admission.Verdict verdict = Admission.ask(nodes.wide(ALPHA), SECRET, "0.1.0");
        assertFalse(verdict.isGood());
        assertTrue(verdict.takenBy().contains(BETA), verdict.toString());
        eventually(
                "the members tell of it",
                () ->
                        alpha.events().after(0, 100).stream()
                                .anyMatch(e -> e.code().equals("MEMBER_NAME_TAKEN")));

        assertTrue(Admission.ask(nodes.wide(GAMMA), SECRET, "0.2.0").isGood());
        assertEquals(
                List.of(ALPHA, BETA, WITNESS),
                Admission.ask(nodes.wide(GAMMA), SECRET, "2.0.0").refusals().keySet().stream()
                        .sorted()
                        .toList());
        assertFalse(Admission.ask(nodes.wide(GAMMA), SECRET, "2.0.0").isGood());
    }

    /** A restart at once is no second process: its predecessor falls silent in good time. */
    @Test
    void aPredecessorThatEndedIsWaitedOut() throws IOException {
        Peering alpha = start(ALPHA, "0.1.0");
        Peering beta = start(BETA, "0.1.0");
        eventually(
                "beta hears alpha", () -> beta.heartbeat().facts(ALPHA).contact() == Contact.HEARD);
        members.remove(alpha);
        alpha.close();
        assertTrue(Admission.ask(nodes.wide(ALPHA), SECRET, "0.1.0").isGood());
    }

    private Peering start(NodeName name, String version) throws IOException {
        Peering peering =
                new Peering(
                        nodes.wide(name),
                        directory.resolve(name.value()),
                        SECRET,
                        version,
                        Timers.FAST,
                        alarm -> {});
        members.add(peering);
        peering.start();
        return peering;
    }
}
