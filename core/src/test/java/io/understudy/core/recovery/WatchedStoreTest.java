package io.understudy.core.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.peer.Contact;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Of R3: an instance that is new need not wait where the store has been watched for long enough
 * without a lease of it.
 */
class WatchedStoreTest {

    private static final Duration WAIT = Timers.FAST.challengeWait();

    private final Moment started = new Moment(1_000_000_000_000L);
    private final Recovery recovery =
            new Recovery(Bench.settings(Bench.ALPHA, Timers.FAST, true, false));
    private Situation situation = Situation.begin(started);

    private void at(Moment now, Event event) {
        situation = recovery.decide(situation, event, now).situation();
    }

    /** The home of an instance that is configured now, with the first look at its lease. */
    private void configured(Moment now, Optional<Moment> watchedSince) {
        at(now, new Event.Start());
        at(now, new Event.PeerContact(Contact.HEARD, started));
        at(now, new Event.PeerReport(Phase.STANDBY, true, false));
        at(now, new Event.LeaseRead(Optional.empty(), watchedSince));
        at(now, new Event.LedgerRead(Optional.empty()));
    }

    /** Returns how long after {@code now} it is claimed, to 50 ms. */
    private Duration untilClaimed(Moment now, Optional<Moment> watchedSince) {
        Moment t = now;
        for (int i = 0; i < 200 && situation.phase() == Phase.STANDBY; i++) {
            t = t.plus(Duration.ofMillis(50));
            at(t, new Event.Wake(true));
            at(t, new Event.LedgerRead(Optional.empty()));
            if (situation.phase() == Phase.STANDBY) {
                at(t, new Event.LeaseRead(Optional.empty(), watchedSince));
            }
        }
        assertEquals(Phase.CLAIMING, situation.phase());
        return t.since(now);
    }

    @Test
    void aStoreThatWasWatchedForLongNeedsNoWait() {
        Moment now = started.plus(Duration.ofSeconds(10));
        configured(now, Optional.of(now.minus(WAIT)));
        assertEquals(Phase.CLAIMING, situation.phase());
    }

    @Test
    void whatIsMissingIsWaitedFor() {
        Moment now = started.plus(Duration.ofSeconds(10));
        Optional<Moment> since = Optional.of(now.minus(WAIT).plus(Duration.ofSeconds(1)));
        configured(now, since);
        assertEquals(Phase.STANDBY, situation.phase());
        assertEquals(Duration.ofSeconds(1), untilClaimed(now, since));
    }

    @Test
    void aStoreThatWasNotWatchedIsWatchedFromNow() {
        Moment now = started.plus(Duration.ofSeconds(10));
        configured(now, Optional.empty());
        assertEquals(WAIT, untilClaimed(now, Optional.empty()));
    }

    @Test
    void nobodyHasWatchedBeforeItsProcessWasThere() {
        Moment now = started.plus(Duration.ofSeconds(1));
        Optional<Moment> since = Optional.of(started.minus(Duration.ofSeconds(10)));
        configured(now, since);
        assertEquals(WAIT.minusSeconds(1), untilClaimed(now, since));
    }

    @Test
    void aStoreThatDidNotAnswerMeanwhileIsWatchedAnew() {
        Moment now = started.plus(Duration.ofSeconds(10));
        Optional<Moment> since = Optional.of(now.minus(WAIT).plus(Duration.ofSeconds(1)));
        configured(now, since);
        Moment later = now.plus(Duration.ofMillis(500));
        at(later, new Event.Wake(true));
        at(later, new Event.LeaseUnknown("no answer"));
        assertTrue(untilClaimed(later, since).compareTo(WAIT) >= 0);
    }
}
