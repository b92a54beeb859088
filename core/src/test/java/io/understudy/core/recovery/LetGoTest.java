package io.understudy.core.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A holder that lost the store says that its tenure is over; who hears it need not wait. */
class LetGoTest {

    private static final Duration MOMENT = Duration.ofMillis(400);

    /** A standby of a holder that renewed a moment ago, its own start long past. */
    private static Bench standby() {
        Bench bench = new Bench(Bench.BETA, Timers.FAST, true, false);
        bench.ledger = Optional.of(Bench.entry(Bench.ALPHA, Reason.NORMAL, Set.of()));
        bench.databaseRuns = true;
        bench.peer = Optional.of(new Event.PeerReport(Phase.ACTIVE, false, true));
        bench.peerHolds(1);
        bench.start();
        for (int renewal = 2; renewal < 40; renewal++) {
            bench.advance(Timers.FAST.renewEvery());
            bench.peerHolds(renewal);
        }
        bench.advance(MOMENT);
        assertEquals(Phase.STANDBY, bench.situation.phase());
        return bench;
    }

    private static void hears(Bench bench, NodeName from, long epoch) {
        bench.post(new Event.PeerLetGo(from, new Epoch(epoch)));
        bench.advance(MOMENT);
    }

    @Test
    void what_its_holder_let_go_is_taken_at_once() {
        Bench b = standby();
        hears(b, Bench.ALPHA, 2);
        assertEquals(Phase.ACTIVE, b.situation.phase());
        assertTrue(new Epoch(2).isBefore(b.situation.epoch()));
        assertFalse(b.situation.provisional());
        assertTrue(b.record.orElseThrow().isHeldBy(Bench.BETA));
    }

    @Test
    void a_word_about_an_earlier_tenure_says_nothing_of_this_one() {
        Bench b = standby();
        hears(b, Bench.ALPHA, 1);
        assertEquals(Phase.STANDBY, b.situation.phase());
    }

    @Test
    void a_word_of_another_says_nothing_of_the_holder() {
        Bench b = standby();
        hears(b, NodeName.of("gamma"), 2);
        assertEquals(Phase.STANDBY, b.situation.phase());
    }

    @Test
    void without_the_store_nothing_is_taken() {
        Bench b = standby();
        b.storeAnswers = false;
        b.advance(MOMENT);
        hears(b, Bench.ALPHA, 2);
        assertEquals(Phase.STANDBY, b.situation.phase());
        b.storeAnswers = true;
        b.advance(MOMENT);
        assertEquals(Phase.ACTIVE, b.situation.phase());
    }

    @Test
    void a_copy_that_lacks_something_is_not_promoted_by_it() {
        Bench b = standby();
        b.ledger = Optional.of(b.turn().withInSync(Set.of(Bench.ALPHA)));
        b.advance(Duration.ofSeconds(2));
        b.peerHolds(100);
        b.advance(MOMENT);
        hears(b, Bench.ALPHA, 2);
        assertEquals(Phase.STANDBY, b.situation.phase());
    }

    @Test
    void a_holder_says_it_once_all_is_killed_and_not_before() {
        Bench b = Bench.serving(Bench.ALPHA, Timers.FAST, false, Reason.NORMAL);
        assertEquals(Optional.empty(), b.situation.letGo(Bench.ALPHA));
        Epoch held = b.situation.epoch();
        b.storeAnswers = false;
        b.peer = Optional.empty();
        b.post(new Event.PeerContact(Contact.SILENT, b.now));
        b.failing.add(Step.KILL);
        b.advance(Timers.FAST.lease());
        assertEquals(Phase.KILLING, b.situation.phase());
        assertEquals(Optional.empty(), b.situation.letGo(Bench.ALPHA));
        b.failing.clear();
        b.advance(MOMENT);
        assertEquals(Phase.STANDBY, b.situation.phase());
        assertEquals(Optional.of(held), b.situation.letGo(Bench.ALPHA));
        assertEquals(Optional.empty(), b.situation.letGo(Bench.BETA));
    }
}
