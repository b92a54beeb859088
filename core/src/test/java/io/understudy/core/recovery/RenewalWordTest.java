package io.understudy.core.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.ledger.Reason;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who stands by reads the record when its holder has renewed it, not when it so happens. */
class RenewalWordTest {

    private static final Duration RENEWALS = Timers.FAST.renewEvery();

    private final Bench b = new Bench(Bench.BETA, Timers.FAST, true, false);

    private void standby() {
        b.ledger = Optional.of(Bench.entry(Bench.ALPHA, Reason.NORMAL, Set.of()));
        b.databaseRuns = true;
        b.peer = Optional.of(new Event.PeerReport(Phase.ACTIVE, false, true));
        b.peerHolds(0);
        b.start();
        // The holder renews 1 ms after the moments at which the standby would read by itself.
        long period = RENEWALS.toNanos();
        long late = Math.floorMod(b.now.nanos(), period);
        b.advance(Duration.ofNanos(period - late + 1_000_000));
    }

    private long reads() {
        return b.effects.stream().filter(Effect.ReadLease.class::isInstance).count();
    }

    private void renewals(int count, boolean told) {
        for (int i = 1; i <= count; i++) {
            b.peerHolds(i);
            if (told) {
                b.post(new Event.PeerRenewed());
            }
            b.advance(RENEWALS);
        }
    }

    @Test
    void the_last_renewal_is_known_at_once() {
        standby();
        renewals(20, true);
        assertEquals(RENEWALS, b.now.since(b.situation.recordSince()));
    }

    @Test
    void it_costs_no_more_reads_than_to_read_by_itself() {
        standby();
        long before = reads();
        renewals(40, true);
        long told = reads() - before;
        renewals(40, false);
        long byItself = reads() - before - told;
        assertTrue(told <= byItself + 1, told + " reads, and " + byItself + " by itself");
    }

    @Test
    void without_a_word_it_reads_by_itself_and_takes_over_as_late_as_ever() {
        standby();
        renewals(20, true);
        b.advance(Timers.FAST.challengeWait());
        assertEquals(Phase.ACTIVE, b.situation.phase());
        assertTrue(b.record.orElseThrow().isHeldBy(Bench.BETA));
    }

    @Test
    void a_holder_does_not_listen_to_it() {
        Bench holder = Bench.serving(Bench.ALPHA, Timers.FAST, false, Reason.NORMAL);
        int before = holder.effects.size();
        holder.post(new Event.PeerRenewed());
        assertEquals(before, holder.effects.size());
    }
}
