package io.understudy.core.recovery;

import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Stopping in order: record the intent, stop services, stop databases, give the lease back. */
final class Deactivation {

    /** Why a home node takes its instance back. */
    private static final Set<Reason> BACK =
            EnumSet.of(
                    Reason.ON_ADMIN_REQUEST,
                    Reason.AUTOMATIC_FALLBACK,
                    Reason.AUTO_RECOVERY_DATABASE_FAILURE,
                    Reason.AUTO_RECOVERY_CRITICAL_SERVICE_DOWN,
                    Reason.PEER_REBOOT);

    private Deactivation() {}

    /** Begins to move the instance, or to stop it on purpose where {@code to} is this node. */
    static void begin(Turn t, NodeName to, Reason reason, boolean park) {
        t.s.phase = Phase.DEACTIVATING;
        t.s.stage = Situation.Stage.RECORD;
        boolean failed = reason != Reason.ON_ADMIN_REQUEST && t.s.degraded.isPresent();
        t.s.move = Optional.of(new Situation.Move(to, reason, park, failed));
        Map<String, String> details =
                Map.of("node", t.self().value(), "to", to.value(), "reason", reason.name());
        if (park) {
            t.tell(EventCode.PARKED, details);
        } else if (to.equals(t.settings.home())) {
            t.tell(EventCode.FALLBACK_INVOKED, details);
        } else {
            t.tell(EventCode.FAILOVER_INVOKED, details);
        }
    }

    /** The node is to stop: hand over if asked and possible, else park. */
    static void asked(Turn t, Event.Stop stop) {
        t.s.stopAfterwards = true;
        boolean move = stop.handOver() && !Holding.handsOff(t) && Active.refusal(t).isEmpty();
        if (move && t.stepIdle() && t.ledgerIdle()) {
            t.s.leaseDue = Moment.earlier(t.s.leaseDue, t.now);
            begin(t, t.peer(), Reason.PEER_REBOOT, false);
        }
    }

    /** The database did not start: give the turn away. */
    static void giveUp(Turn t, boolean nothingAcknowledged) {
        t.s.phase = Phase.DEACTIVATING;
        t.s.stage = Situation.Stage.SETTLE;
        t.s.move = Optional.of(new Situation.Move(t.peer(), whyNotTaken(t), false, true));
        if (!nothingAcknowledged) {
            t.s.inSyncBefore = Set.of(t.self());
        }
        t.execute(Step.KILL);
        t.conclude(Optional.of(Refusal.DID_NOT_SUCCEED));
    }

    /** What failed is taking over, taking back, or plainly starting. */
    private static Reason whyNotTaken(Turn t) {
        if (t.self().equals(t.settings.backup())) {
            return Reason.TAKE_OVER_USERS_FAILED;
        }
        boolean back = t.s.ledger.filter(e -> BACK.contains(e.reason())).isPresent();
        return back ? Reason.TAKE_BACK_USERS_FAILED : Reason.DATABASE_FAILURE;
    }

    static void duties(Turn t) {
        LeaseKeeping.renew(t);
        if (!t.stepIdle() || !t.ledgerIdle() || !t.reached(t.s.ledgerDue)) {
            return;
        }
        Situation.Move move = t.s.move.orElseThrow();
        switch (t.s.stage) {
            case RECORD -> t.writeLedger(intent(t, move));
            case SERVICES -> t.execute(Step.SERVICES_STOP);
            case DATABASE -> t.execute(Step.DATABASE_STOP);
            case SETTLE -> t.writeLedger(settled(t, move));
        }
    }

    private static LedgerEntry intent(Turn t, Situation.Move move) {
        LedgerEntry entry =
                t.s.ledger.orElseThrow().withAssigned(move.to(), move.reason(), move.park());
        // Nothing here relies on being the only one any more.
        entry = Pinning.forAll(t) && !t.s.beyond ? entry.withInSync(Pinning.both(t)) : entry;
        return move.markFailed() ? entry.withFailed(withSelf(t, entry.failed())) : entry;
    }

    private static LedgerEntry settled(Turn t, Situation.Move move) {
        LedgerEntry entry = intent(t, move).withInSync(t.s.inSyncBefore);
        boolean peerHasAll = t.rules.holdsEverything(entry, t.peer());
        return peerHasAll ? entry : entry.withAssigned(t.self(), move.reason(), false);
    }

    private static Set<NodeName> withSelf(Turn t, Set<NodeName> nodes) {
        Set<NodeName> all = new HashSet<>(nodes);
        all.add(t.self());
        return all;
    }

    static void recorded(Turn t, LedgerEntry entry, Ledger.Written w) {
        if (w == Ledger.Written.REFUSED) {
            LeaseKeeping.lose(t, "the ledger knows a later tenure");
            return;
        }
        t.learn(Optional.of(entry));
        if (t.s.stage == Situation.Stage.RECORD) {
            t.s.stage =
                    t.rules.stopsBeforeReleasing()
                            ? Situation.Stage.SERVICES
                            : Situation.Stage.SETTLE;
            if (!t.rules.stopsBeforeReleasing()) {
                release(t);
            }
        } else {
            release(t);
        }
    }

    static void stepEnded(Turn t, Step step, StepOutcome outcome) {
        switch (step) {
            case SERVICES_STOP -> {
                if (outcome != StepOutcome.DONE) {
                    t.execute(Step.KILL);
                } else if (t.settings.data().present()) {
                    t.s.stage = Situation.Stage.DATABASE;
                } else {
                    release(t);
                }
            }
            case DATABASE_STOP -> databaseStopped(t, outcome);
            case KILL -> {
                if (outcome != StepOutcome.DONE) {
                    t.executeAgain(Step.KILL);
                } else if (t.s.stage != Situation.Stage.SETTLE) {
                    release(t);
                }
            }
            default -> {
                // A step of the time before: its end only makes room for the next.
            }
        }
    }

    private static void databaseStopped(Turn t, StepOutcome outcome) {
        if (outcome == StepOutcome.UNKNOWN) {
            t.execute(Step.KILL);
            return;
        }
        boolean copied = outcome == StepOutcome.DONE && !t.s.move.orElseThrow().park();
        if (copied && t.settings.data() == Settings.Data.ASYNCHRONOUS) {
            // An orderly stop waits for the attached standby: now it has everything after all.
            t.s.inSyncBefore = Set.copyOf(List.of(t.self(), t.peer()));
            t.s.stage = Situation.Stage.SETTLE;
        } else {
            release(t);
        }
    }

    /** Nothing serves here any more; give the lease back. */
    static void release(Turn t) {
        t.s.phase = Phase.RELEASING;
        t.s.leaseDue = t.now;
    }

    static void releasing(Turn t) {
        boolean ours = t.s.record.filter(r -> r.isHeldBy(t.self())).isPresent();
        if (t.s.recordKnown && t.leaseIdle() && !ours) {
            done(t);
        } else if (t.leaseIdle() && t.reached(t.s.leaseDue)) {
            if (t.s.recordKnown) {
                t.writeLease(t.s.record.map(LeaseRecord::released).orElseThrow());
            } else {
                t.readLease();
            }
        }
    }

    private static void done(Turn t) {
        boolean moved = t.s.move.isPresent();
        LeaseKeeping.endTenure(t);
        t.add(new Effect.Nudge());
        t.s.phase = Phase.STANDBY;
        t.s.leaseDue = t.now;
        if (!moved) {
            t.conclude(Optional.of(Refusal.NOT_IN_SYNC));
        }
    }
}
