package io.understudy.cluster.voters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.time.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whom a voter drops; beta and the witness are the others. */
class SuspicionTest {

    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");
    private static final NodeName WITNESS = NodeName.of("witness");
    private static final NodeName GAMMA = NodeName.of("gamma");

    private final List<Set<NodeName>> dropped = new ArrayList<>();
    private final List<Runnable> timer = new ArrayList<>();
    private final Suspicion suspicion =
            new Suspicion(
                    dropped::add,
                    (after, task) -> {
                        assertEquals(Suspicion.SETTLED, after);
                        timer.add(task);
                    },
                    ALPHA,
                    Set.of(ALPHA, BETA, WITNESS));

    @Test
    void whoIsSilentIsDroppedWhenTheOtherOneIsSeenToBeThere() {
        bothHeard();
        seen(BETA, Contact.SILENT);
        assertEquals(List.of(), dropped);
        settle();
        assertEquals(List.of(Set.of(BETA)), dropped);
    }

    @Test
    void whoIsProvenGoneIsDroppedAtOnce() {
        bothHeard();
        seen(BETA, Contact.GONE);
        assertEquals(List.of(Set.of(BETA)), dropped);
    }

    @Test
    void whoIsProvenGoneIsDroppedThoughItWasSilentBefore() {
        bothHeard();
        seen(BETA, Contact.SILENT);
        seen(BETA, Contact.GONE);
        settle();
        assertEquals(List.of(Set.of(BETA)), dropped);
    }

    @Test
    void whoIsCutOffDropsBothTogether() {
        bothHeard();
        seen(BETA, Contact.SILENT);
        seen(WITNESS, Contact.SILENT);
        settle();
        assertEquals(List.of(Set.of(BETA, WITNESS)), dropped);
    }

    @Test
    void theLastOneIsLeftToHazelcast() {
        bothHeard();
        seen(BETA, Contact.SILENT);
        settle();
        dropped.clear();
        seen(WITNESS, Contact.SILENT);
        settle();
        assertEquals(List.of(), dropped);
    }

    @Test
    void theLastOneIsDroppedIfItIsProvenGone() {
        bothHeard();
        seen(BETA, Contact.GONE);
        seen(WITNESS, Contact.GONE);
        assertEquals(List.of(Set.of(BETA), Set.of(WITNESS)), dropped);
    }

    @Test
    void whoSpeaksAgainInTheMeantimeStays() {
        bothHeard();
        seen(BETA, Contact.SILENT);
        seen(BETA, Contact.HEARD);
        settle();
        assertEquals(List.of(), dropped);
    }

    @Test
    void whoNeverBeatIsStarting() {
        seen(BETA, Contact.HEARD);
        seen(WITNESS, Contact.SILENT);
        settle();
        assertEquals(List.of(), dropped);
    }

    @Test
    void whoDoesNotVoteIsNobodyHere() {
        bothHeard();
        seen(GAMMA, Contact.HEARD);
        seen(GAMMA, Contact.SILENT);
        settle();
        assertEquals(List.of(), dropped);
    }

    @Test
    void whoIsHeardByTheDirectLinkOnlyIsSilentHere() {
        bothHeard();
        suspicion.byMainChanged(facts(BETA, Contact.HEARD, true));
        seen(WITNESS, Contact.SILENT);
        settle();
        assertEquals(List.of(Set.of(BETA, WITNESS)), dropped);
    }

    private void bothHeard() {
        suspicion.known(facts(BETA, Contact.HEARD, false));
        seen(WITNESS, Contact.HEARD);
    }

    private void seen(NodeName name, Contact contact) {
        suspicion.contactChanged(facts(name, contact, false));
    }

    private void settle() {
        List<Runnable> due = List.copyOf(timer);
        timer.clear();
        due.forEach(Runnable::run);
    }

    private static PeerFacts facts(NodeName name, Contact contact, boolean mainLost) {
        return new PeerFacts(
                name,
                contact,
                new Moment(0),
                new Moment(0),
                Optional.empty(),
                Optional.empty(),
                mainLost,
                List.of());
    }
}
