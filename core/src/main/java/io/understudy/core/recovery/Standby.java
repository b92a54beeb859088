package io.understudy.core.recovery;

import io.understudy.core.database.DatabaseRole;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.peer.Contact;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Standing by: watch the lease, follow the data, and be ready. */
final class Standby {

    /** How often a standby refreshes what it knows of the ledger. */
    private static final Duration LEDGER_EVERY = Duration.ofSeconds(2);

    /** How long a copy may be in trouble before it is made to follow anew. */
    private static final Duration COPY_TROUBLE = Duration.ofSeconds(5);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(400);

    private static final Duration FOLLOW_RETRY = Duration.ofSeconds(1);

    private Standby() {}

    static void duties(Turn t) {
        LeaseKeeping.watch(t);
        if (t.s.stopAfterwards) {
            stop(t);
            return;
        }
        forgiveFailure(t);
        readLedger(t);
        concludeMove(t);
        Claiming.consider(t);
        if (t.s.phase == Phase.STANDBY) {
            follow(t);
        }
    }

    private static void stop(Turn t) {
        if (!t.stepIdle()) {
            return;
        }
        boolean runs =
                t.s.databases.stream()
                        .anyMatch(
                                d ->
                                        d.role() == DatabaseRole.STANDBY
                                                || d.role() == DatabaseRole.PRIMARY);
        if (runs) {
            t.execute(Step.DATABASE_STOP, latestKnown(t));
        } else {
            stopped(t);
        }
    }

    /** A copy that has followed a later tenure than this node's own refuses the older number. */
    private static Epoch latestKnown(Turn t) {
        Epoch recorded = t.s.record.map(LeaseRecord::epoch).orElse(Epoch.NONE);
        return Epoch.later(Epoch.later(t.s.epoch, t.s.followed), recorded);
    }

    static void stopped(Turn t) {
        t.s.phase = Phase.STOPPED;
        t.conclude(Optional.of(Refusal.STOPPING));
        t.add(new Effect.Stopped());
    }

    private static void forgiveFailure(Turn t) {
        t.s.failedHere =
                t.s.failedHere.filter(since -> !t.reached(since.plus(t.timers().failedRetry())));
    }

    private static void readLedger(Turn t) {
        boolean wanted = !t.s.ledgerKnown || t.reached(t.s.ledgerDue);
        if (wanted && t.ledgerIdle() && t.s.everRead) {
            t.s.ledgerDue = t.nextBeat(LEDGER_EVERY);
            t.readLedger();
        }
    }

    /** An operator's move from here has ended when the other serves. */
    private static void concludeMove(Turn t) {
        boolean peerServes =
                t.s.record.filter(r -> r.isHeldBy(t.peer())).isPresent()
                        && t.s.peer.filter(p -> p.phase() == Phase.ACTIVE).isPresent();
        boolean gaveAway = t.s.request.filter(r -> !r.claims()).isPresent();
        if (peerServes && gaveAway) {
            t.conclude(Optional.empty());
        }
    }

    private static void follow(Turn t) {
        if (!t.settings.data().present() || !t.stepIdle()) {
            return;
        }
        boolean primaryHere =
                t.s.databases.stream().anyMatch(d -> d.role() == DatabaseRole.PRIMARY);
        if (primaryHere) {
            // Seen from before the last kill, perhaps: once, until it was looked at again.
            if (t.reached(t.s.followDue)) {
                t.s.followDue = t.now.plus(LOOK_AGAIN);
                t.execute(Step.KILL, latestKnown(t));
            }
            return;
        }
        // A step that touches a disk that hangs would not end, and nothing could follow it.
        if (t.s.unfit()) {
            return;
        }
        Optional<LeaseRecord> tenure = t.s.record.filter(r -> r.isHeldBy(t.peer()));
        boolean peerPrimary =
                t.s.contact == Contact.HEARD
                        && t.s.peer.filter(Event.PeerReport::databasePrimary).isPresent();
        if (tenure.isEmpty() || !peerPrimary || !t.reached(t.s.followDue)) {
            return;
        }
        boolean anew = !t.s.followed.equals(tenure.get().epoch());
        boolean wanted =
                Holding.handsOff(t) ? anew && Holding.mayFollow(t) : anew || copyTroubled(t);
        if (wanted) {
            t.s.copyTroubledSince = Optional.empty();
            t.s.followDue = t.now.plus(FOLLOW_RETRY);
            t.tell(EventCode.RESYNC_STARTED);
            t.execute(Step.DATABASE_STANDBY, tenure.get().epoch());
        }
    }

    private static boolean copyTroubled(Turn t) {
        boolean trouble =
                t.s.databases.stream()
                        .anyMatch(
                                d ->
                                        d.problem().isPresent()
                                                || d.role() == DatabaseRole.STOPPED
                                                || d.role() == DatabaseRole.FAILED);
        if (!trouble) {
            t.s.copyTroubledSince = Optional.empty();
            return false;
        }
        if (t.s.copyTroubledSince.isEmpty()) {
            t.s.copyTroubledSince = Optional.of(t.now);
        }
        Moment due = t.s.copyTroubledSince.get().plus(COPY_TROUBLE);
        return t.reached(due);
    }

    static void stepEnded(
            Turn t, Step step, StepOutcome outcome, Epoch epoch, Optional<String> problem) {
        if (step == Step.DATABASE_STOP && t.s.stopAfterwards) {
            if (outcome == StepOutcome.DONE) {
                stopped(t);
            } else {
                t.execute(Step.KILL);
            }
        } else if (step == Step.KILL && t.s.stopAfterwards) {
            if (outcome == StepOutcome.DONE) {
                stopped(t);
            } else {
                t.executeAgain(Step.KILL);
            }
        } else if (step == Step.DATABASE_STANDBY) {
            if (outcome == StepOutcome.DONE) {
                t.s.followed = epoch;
                t.tell(EventCode.RESYNC_DONE);
            } else {
                t.tell(
                        EventCode.RESYNC_FAILED,
                        Map.of("node", t.self().value(), "why", problem.orElse("")));
            }
        }
    }

    static void ledgerRead(Turn t, Optional<LedgerEntry> newest) {
        t.learn(newest);
        t.s.ledgerKnown = true;
    }
}
