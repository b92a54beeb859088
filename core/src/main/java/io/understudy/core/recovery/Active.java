package io.understudy.core.recovery;

import io.understudy.core.database.DatabaseRole;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.service.ServiceCondition;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Serving: watch services, databases and the standby, and move when that is better. */
final class Active {

    /** Longer than an observation is apart from the next. */
    private static final Duration DOUBT = Duration.ofMillis(250);

    private Active() {}

    static void duties(Turn t) {
        LeaseKeeping.renew(t);
        if (t.s.stopAfterwards) {
            if (t.stepIdle() && t.ledgerIdle()) {
                Deactivation.begin(t, t.self(), Reason.GRACEFUL_SHUTDOWN, true);
            }
            return;
        }
        watchHealth(t);
        if (t.s.degraded.isPresent() && !Holding.handsOff(t) && relieve(t)) {
            return;
        }
        ReplicationKeeping.duties(t);
        Pinning.duties(t);
        forgetFailures(t);
        goHome(t);
    }

    private static void watchHealth(Turn t) {
        boolean database = databaseDown(t);
        boolean service =
                t.s.present().stream()
                        .anyMatch(f -> f.critical() && f.condition() == ServiceCondition.FAILED);
        if (!database && !service && t.s.degraded.isPresent() && t.stepIdle() && wellAgain(t)) {
            t.s.degraded = Optional.empty();
            t.s.failedHere = Optional.empty();
            t.tell(EventCode.RECOVER);
        }
        Optional<Reason> found =
                database
                        ? Optional.of(Reason.DATABASE_FAILURE)
                        : service ? Optional.of(Reason.CRITICAL_SERVICE_DOWN) : Optional.empty();
        if (found.isPresent() && t.s.degraded.isEmpty() && t.stepIdle()) {
            t.s.degraded = found;
            t.s.mendDue = t.now;
            t.tell(
                    database ? EventCode.DATABASE_FAILED : EventCode.SERVICE_FAILED,
                    Map.of("node", t.self().value(), "why", problems(t)));
        }
    }

    /** An observation may be older than the step that just made the database run: ask twice. */
    private static boolean databaseDown(Turn t) {
        boolean seen =
                t.settings.data().present()
                        && t.stepIdle()
                        && t.s.databases.stream()
                                .anyMatch(
                                        d ->
                                                d.role() == DatabaseRole.FAILED
                                                        || d.role() == DatabaseRole.STOPPED);
        if (!seen) {
            t.s.databaseDownSince = Optional.empty();
            return false;
        }
        if (t.s.databaseDownSince.isEmpty()) {
            t.s.databaseDownSince = Optional.of(t.now);
        }
        return t.reached(t.s.databaseDownSince.get().plus(DOUBT));
    }

    private static boolean wellAgain(Turn t) {
        return !t.s.present().isEmpty()
                && t.s.present().stream()
                        .filter(f -> f.critical())
                        .allMatch(f -> f.condition() == ServiceCondition.RUNNING || f.byHand());
    }

    private static String problems(Turn t) {
        StringBuilder all = new StringBuilder();
        t.s.databases.forEach(d -> d.problem().ifPresent(p -> all.append(p).append(' ')));
        t.s.present().forEach(f -> f.problem().ifPresent(p -> all.append(p).append(' ')));
        return all.toString().strip();
    }

    /** Something failed here: the peer if it can, else mend it here, else try again later. */
    private static boolean relieve(Turn t) {
        if (t.settings.automaticFailover()
                && t.stepIdle()
                && t.ledgerIdle()
                && refusal(t, t.rules.relievedOnlyInSync()).isEmpty()) {
            Reason why = t.s.degraded.orElseThrow();
            boolean atBackup = t.self().equals(t.settings.backup());
            Reason reason =
                    !atBackup
                            ? why
                            : why == Reason.DATABASE_FAILURE
                                    ? Reason.AUTO_RECOVERY_DATABASE_FAILURE
                                    : Reason.AUTO_RECOVERY_CRITICAL_SERVICE_DOWN;
            if (why != Reason.DATABASE_FAILURE) {
                // A copy that follows again has proven itself; a service has not.
                t.s.failedHere = Optional.of(t.now);
            }
            Deactivation.begin(t, t.peer(), reason, false);
            return true;
        }
        if (!t.stepIdle() || !t.reached(t.s.mendDue)) {
            return false;
        }
        boolean database = t.s.degraded.orElseThrow() == Reason.DATABASE_FAILURE;
        if (database && t.s.dataVolumeBad()) {
            // Nothing can be mended on it, and on record as alone nobody could take over.
            return false;
        }
        if (database && !ReplicationKeeping.recordedAlone(t)) {
            return true;
        }
        t.s.mendDue = t.now.plus(t.timers().failedRetry());
        // What lets nobody in may still run: it is ended before it is started anew.
        t.execute(database ? Step.KILL : Step.SERVICES_START);
        return true;
    }

    /** Says why the instance cannot be moved to the peer now; empty if it can. */
    static Optional<Refusal> refusal(Turn t) {
        return refusal(t, true);
    }

    private static Optional<Refusal> refusal(Turn t, boolean onlyInSync) {
        if (t.settings.alone()) {
            return Optional.of(Refusal.STAND_ALONE);
        }
        if (t.s.beyond) {
            return Optional.of(Refusal.NO_MAJORITY);
        }
        if (!t.s.heardByMain()) {
            return Optional.of(Refusal.PEER_NOT_HEARD);
        }
        if (t.s.peer.filter(p -> p.able() && p.phase() == Phase.STANDBY).isEmpty()) {
            return Optional.of(Refusal.PEER_NOT_ABLE);
        }
        boolean inSync =
                !onlyInSync
                        || !t.settings.data().present()
                        || t.s.replication == Replication.TOGETHER
                        || t.settings.data() == Settings.Data.ASYNCHRONOUS
                                && t.s.databases.stream().allMatch(d -> d.standbyAttached());
        return inSync ? Optional.empty() : Optional.of(Refusal.PEER_NOT_IN_SYNC);
    }

    /** A node that could not serve, and by its own word can again, is failed no more. */
    private static void forgetFailures(Turn t) {
        if (t.s.ledger.orElseThrow().failed().isEmpty()) {
            return;
        }
        Set<NodeName> failed = new HashSet<>(t.s.ledger.orElseThrow().failed());
        if (t.s.degraded.isEmpty() && t.s.failedHere.isEmpty()) {
            failed.remove(t.self());
        }
        if (t.s.contact == Contact.HEARD && t.s.peer.filter(Event.PeerReport::able).isPresent()) {
            failed.remove(t.peer());
        }
        boolean changed = !failed.equals(t.s.ledger.orElseThrow().failed());
        if (changed && t.ledgerIdle() && t.reached(t.s.ledgerDue)) {
            t.writeLedger(t.s.ledger.orElseThrow().withFailed(failed));
        }
    }

    private static void goHome(Turn t) {
        boolean away = t.self().equals(t.settings.backup());
        // Where an operator has put it, it stays until an operator brings it back.
        boolean asked = t.s.ledger.filter(e -> e.reason() == Reason.ON_ADMIN_REQUEST).isPresent();
        if (!t.settings.automaticFallback()
                || !away
                || asked
                || Holding.handsOff(t)
                || refusal(t, t.rules.goesHomeOnlyInSync()).isPresent()) {
            t.s.homeReadySince = Optional.empty();
            return;
        }
        if (t.s.homeReadySince.isEmpty()) {
            t.s.homeReadySince = Optional.of(t.now);
        }
        if (t.reached(t.s.homeReadySince.get().plus(t.timers().fallbackHealthy()))
                && t.stepIdle()
                && t.ledgerIdle()
                && t.s.phase == Phase.ACTIVE) {
            Deactivation.begin(t, t.settings.home(), Reason.AUTOMATIC_FALLBACK, false);
        }
    }

    static void stepEnded(Turn t, Step step, StepOutcome outcome) {
        if (step == Step.REPLICATE_SYNC || step == Step.REPLICATE_ASYNC) {
            ReplicationKeeping.stepEnded(t, step, outcome);
            return;
        }
        if (step == Step.KILL) {
            if (outcome == StepOutcome.DONE) {
                t.execute(Step.DATABASE_PRIMARY);
            } else {
                t.executeAgain(Step.KILL);
            }
        } else if (outcome != StepOutcome.DONE) {
            t.s.failedHere = Optional.of(t.now);
        } else if (step == Step.DATABASE_PRIMARY) {
            // Services that lost their database are started anew with it.
            t.s.degraded = Optional.of(Reason.CRITICAL_SERVICE_DOWN);
            t.s.mendDue = t.now;
        } else if (step == Step.SERVICES_START) {
            // What was observed before says nothing about what runs now. Of this node's volumes it
            // does: they are asked about as soon as it stands by again.
            t.s.servicesOfBefore = true;
            t.s.degraded = Optional.empty();
            t.s.failedHere = Optional.empty();
            t.tell(EventCode.RECOVER);
        }
    }

    static void recorded(Turn t, LedgerEntry entry, Ledger.Written written) {
        if (written == Ledger.Written.REFUSED) {
            LeaseKeeping.lose(t, "the ledger knows a later tenure");
        } else {
            Pinning.recorded(t, entry);
            ReplicationKeeping.recorded(t, entry);
        }
    }
}
