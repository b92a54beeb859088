package io.understudy.core.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The peer is heard by the direct link only: that it lives is known, and nothing gets worse. */
class MainLostTest {

    private static final NodeName ALPHA = Bench.ALPHA;
    private static final NodeName BETA = Bench.BETA;
    private static final Set<NodeName> BOTH = Set.of(ALPHA, BETA);

    private static void loseMain(Bench b) {
        b.post(new Event.PeerContact(Contact.HEARD, b.now, true, false));
    }

    private static Bench home() {
        return Bench.serving(ALPHA, Timers.FAST, false, Reason.NORMAL);
    }

    @Test
    void protection_stays_as_it_is() {
        Bench b = home();
        loseMain(b);
        b.advance(Duration.ofMinutes(2));
        assertEquals(BOTH, b.turn().inSync());
        assertFalse(b.did(Step.REPLICATE_ASYNC));
        assertEquals(Phase.ACTIVE, b.situation.phase());
    }

    @Test
    void a_standby_that_then_goes_is_done_without_as_ever() {
        Bench b = home();
        loseMain(b);
        b.standbyAttached = false;
        b.advance(Timers.FAST.relaxAfter().plus(Duration.ofMillis(500)));
        assertEquals(Set.of(ALPHA), b.turn().inSync());
    }

    /** The path by which it streamed is lost: the stream comes back by the other one. */
    @Test
    void a_stream_that_moves_to_the_other_path_is_waited_for() {
        Bench b = home();
        b.standbyAttached = false;
        for (int millis = 0; millis < 1300; millis += 100) {
            if (millis == 500 || millis == 900) {
                b.post(new Event.PeerContact(Contact.HEARD, b.now, false, true));
            }
            b.advance(Duration.ofMillis(100));
        }
        assertEquals(BOTH, b.turn().inSync());
        b.standbyAttached = true;
        b.advance(Duration.ofMinutes(1));
        assertEquals(BOTH, b.turn().inSync());
        assertFalse(b.did(Step.REPLICATE_ASYNC));
    }

    @Test
    void a_stream_that_does_not_come_back_is_not_waited_for_longer_than_that() {
        Bench b = home();
        b.standbyAttached = false;
        Duration longest = Timers.FAST.relaxAfter().plus(ReplicationKeeping.SHIFTING);
        for (long millis = 0; millis < longest.toMillis() + 500; millis += 100) {
            b.post(new Event.PeerContact(Contact.HEARD, b.now, false, true));
            b.advance(Duration.ofMillis(100));
        }
        assertEquals(Set.of(ALPHA), b.turn().inSync());
    }

    @Test
    void nothing_is_given_to_a_node_that_could_not_claim_a_lease() {
        Bench b = home();
        loseMain(b);
        assertEquals(
                Optional.of(Refusal.PEER_NOT_HEARD),
                b.ask(OperatorAction.SWITCHOVER).orElseThrow().refusal());
        b.post(new Event.Stop(true));
        b.advance(Duration.ofSeconds(3));
        assertTrue(b.turn().parked());
        assertEquals(ALPHA, b.turn().assigned());
    }

    @Test
    void nothing_goes_home_to_it_until_it_is_heard_by_the_network() {
        Bench b = Bench.serving(BETA, Timers.FAST, true, Reason.PEER_DOWN);
        loseMain(b);
        b.advance(Duration.ofMinutes(10));
        assertEquals(BETA, b.turn().assigned());
        b.post(new Event.PeerContact(Contact.HEARD, b.now));
        b.advance(Timers.FAST.fallbackHealthy().plusSeconds(1));
        assertEquals(ALPHA, b.turn().assigned());
    }

    private static Duration takeOver(boolean directLives) {
        Bench b = new Bench(BETA, Timers.FAST, true, false);
        b.ledger = Optional.of(Bench.entry(ALPHA, Reason.NORMAL, Set.of()));
        b.peer = Optional.of(new Event.PeerReport(Phase.ACTIVE, false, true));
        b.peerHolds(1);
        b.start();
        for (int i = 2; i < 30; i++) {
            b.advance(Timers.FAST.renewEvery());
            b.peerHolds(i);
        }
        Moment struck = b.now;
        b.post(
                new Event.PeerContact(
                        directLives ? Contact.HEARD : Contact.SILENT, b.now, true, false));
        if (!directLives) {
            b.peer = Optional.empty();
        }
        while (b.situation.phase() != Phase.ACTIVE) {
            assertTrue(b.now.since(struck).toSeconds() < 60);
            b.advance(Duration.ofMillis(50));
        }
        return b.now.since(struck);
    }

    /** The lease decides: the holder's beats by the direct link do not keep its place. */
    @Test
    void a_holder_cut_off_is_taken_over_as_soon_as_without_the_link() {
        assertEquals(takeOver(false), takeOver(true));
    }

    private static Duration unclaimed(boolean directLives) {
        Bench b = new Bench(BETA, Timers.FAST, true, false);
        b.ledger = Optional.of(Bench.entry(ALPHA, Reason.NORMAL, Set.of()));
        b.peerHolds(1);
        LeaseRecord released = new LeaseRecord(Optional.empty(), b.record.orElseThrow().epoch(), 2);
        b.start();
        b.record = Optional.of(released);
        Moment struck = b.now;
        b.post(
                new Event.PeerContact(
                        directLives ? Contact.HEARD : Contact.SILENT, b.now, true, false));
        while (b.situation.phase() != Phase.ACTIVE) {
            assertTrue(b.now.since(struck).toSeconds() < 60);
            b.advance(Duration.ofMillis(50));
        }
        return b.now.since(struck);
    }

    @Test
    void a_turn_that_the_peer_cannot_take_is_taken_as_soon_as_without_the_link() {
        assertEquals(unclaimed(false), unclaimed(true));
    }
}
