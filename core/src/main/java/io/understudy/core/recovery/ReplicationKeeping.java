package io.understudy.core.recovery;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.database.DatabaseRole;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who holds everything, and when commits wait: joining sets first and records second, leaving
 * records first and relaxes second, so that at every moment a node recorded as in sync is.
 */
final class ReplicationKeeping {

    /** After a setting that did not take: soon, but not in a tight loop. */
    private static final Duration RETRY = Duration.ofMillis(300);

    /** By so much longer at most a stream is waited for that moves to another path. */
    static final Duration SHIFTING = Duration.ofMillis(1500);

    private ReplicationKeeping() {}

    /** Takes in what is observed of the standby's stream. */
    static void observe(Turn t) {
        if (standbyThere(t)) {
            t.s.standbyGoneSince = Optional.empty();
        } else if (t.s.standbyGoneSince.isEmpty() && told(t)) {
            t.s.standbyGoneSince = Optional.of(t.now);
        }
    }

    /** Of a database that cannot be asked nobody knows whether its standby is there. */
    private static boolean told(Turn t) {
        return t.settings.alone()
                || !t.rules.believesOnlyWhatAnswers()
                || t.s.databases.stream()
                        .allMatch(d -> d.role() == DatabaseRole.PRIMARY && d.problem().isEmpty());
    }

    private static boolean standbyThere(Turn t) {
        if (t.settings.alone()) {
            return false;
        }
        boolean attached =
                !t.s.databases.isEmpty()
                        && t.s.databases.stream().allMatch(DatabaseFacts::standbyAttached);
        boolean stalled = t.s.contact == Contact.SILENT && !caughtUp(t);
        return attached && !stalled && t.s.contact != Contact.GONE;
    }

    private static boolean caughtUp(Turn t) {
        return !t.s.databases.isEmpty()
                && t.s.databases.stream().allMatch(DatabaseFacts::standbyCaughtUp);
    }

    static void duties(Turn t) {
        if (!t.settings.data().synchronous()) {
            return;
        }
        observe(t);
        switch (t.s.replication) {
            case ALONE -> {
                if (!t.s.ledger.orElseThrow().inSync().equals(Set.of(t.self()))) {
                    // Of the time when it had no database.
                    t.s.replication = Replication.RECORDING_ALONE;
                    record(t, Set.of(t.self()));
                } else if (t.stepIdle() && standbyThere(t) && caughtUp(t) && Pinning.mayShare(t)) {
                    if (t.rules.joinsBeforeRecording()) {
                        t.s.replication = Replication.JOINING;
                        t.execute(Step.REPLICATE_SYNC);
                    } else {
                        t.s.replication = Replication.RECORDING_TOGETHER;
                    }
                }
            }
            case RECORDING_TOGETHER -> together(t);
            case TOGETHER -> {
                if (gone(t) && mayGoAlone(t) || Pinning.toBeRecorded(t) && told(t)) {
                    if (t.rules.recordsBeforeRelaxing()) {
                        t.s.replication = Replication.RECORDING_ALONE;
                        record(t, Set.of(t.self()));
                    } else {
                        relax(t);
                    }
                }
            }
            case RECORDING_ALONE -> record(t, Set.of(t.self()));
            case JOINING, RELAXING -> {
                if (t.stepIdle() && t.reached(t.s.replicateDue)) {
                    relax(t);
                }
            }
        }
    }

    /** The other node, or a voter, may have been taken away meanwhile. */
    private static void together(Turn t) {
        if (t.settings.alone() || Pinning.toBeRecorded(t) || t.s.beyond) {
            t.s.replication = Replication.RECORDING_ALONE;
            record(t, Set.of(t.self()));
        } else {
            record(t, Set.of(t.self(), t.peer()));
        }
    }

    private static boolean mayGoAlone(Turn t) {
        return t.settings.data() == Settings.Data.CONTINUE || t.settings.alone();
    }

    private static boolean gone(Turn t) {
        if (t.s.standbyGoneSince.isEmpty() || !told(t)) {
            return false;
        }
        Moment since = t.s.standbyGoneSince.get();
        // A stream that moves to the other path is waited for from then on, but not for ever.
        Moment from = t.s.shiftedAt.filter(at -> at.isAfter(since)).orElse(since);
        Moment due =
                Moment.earlier(
                        from.plus(t.timers().relaxAfter()),
                        since.plus(t.timers().relaxAfter()).plus(SHIFTING));
        return t.s.contact == Contact.GONE
                || t.settings.alone()
                || t.reached(due) && renewedSince(t, since);
    }

    /**
     * A node that hears nobody may still be heard: what it wrote would count, keep the standby from
     * taking over, and help nobody, as this node loses its lease. So it must have had an answer
     * since then.
     */
    static boolean renewedSince(Turn t, Moment since) {
        return !t.s.beyond && !t.s.validUntil.isBefore(since.plus(t.s.heldLength));
    }

    private static void record(Turn t, Set<NodeName> inSync) {
        if (t.ledgerIdle() && t.reached(t.s.ledgerDue)) {
            t.writeLedger(t.s.ledger.orElseThrow().withInSync(inSync));
        }
    }

    /**
     * A database that is started again takes writes without waiting: that it is alone must be on
     * record first. Returns whether it is; if not, sees to it.
     */
    static boolean recordedAlone(Turn t) {
        boolean alone = t.s.ledger.orElseThrow().inSync().equals(Set.of(t.self()));
        if (alone && t.ledgerIdle()) {
            t.s.replication = Replication.ALONE;
            return true;
        }
        t.s.replication = Replication.RECORDING_ALONE;
        record(t, Set.of(t.self()));
        return false;
    }

    /** An operator lets a database that waits for its standby go on alone. */
    static boolean goAlone(Turn t) {
        observe(t);
        if (!t.settings.data().synchronous()
                || t.settings.alone()
                || t.s.standbyGoneSince.isEmpty()
                || t.s.degraded.isPresent()) {
            return false;
        }
        if (t.s.replication == Replication.TOGETHER) {
            t.s.replication = Replication.RECORDING_ALONE;
            return true;
        }
        if (t.s.replication == Replication.ALONE && t.stepIdle()) {
            t.s.replication = Replication.RELAXING;
            t.execute(Step.REPLICATE_ASYNC);
            return true;
        }
        return false;
    }

    private static void relax(Turn t) {
        if (t.s.replication == Replication.JOINING && !mayGoAlone(t)) {
            t.s.replication = Replication.ALONE;
            return;
        }
        t.s.replication = Replication.RELAXING;
        if (t.stepIdle()) {
            t.execute(Step.REPLICATE_ASYNC);
        }
    }

    static void recorded(Turn t, LedgerEntry entry) {
        t.learn(Optional.of(entry));
        boolean together = !entry.inSync().equals(Set.of(t.self()));
        if (t.s.replication == Replication.RECORDING_TOGETHER && together) {
            t.s.replication = Replication.TOGETHER;
            t.tell(EventCode.IN_SYNC, Map.of("node", t.peer().value()));
        } else if (t.s.replication == Replication.RECORDING_ALONE && !together) {
            if (Pinning.wanted(t) && !t.settings.alone()) {
                Pinning.tell(t);
            } else if (!t.settings.alone()) {
                t.tell(EventCode.UNPROTECTED, Map.of("node", t.peer().value()));
            }
            if (t.s.degraded.isPresent()) {
                t.s.replication = Replication.ALONE;
            } else {
                relax(t);
            }
        }
    }

    static void stepEnded(Turn t, Step step, StepOutcome outcome) {
        if (step == Step.REPLICATE_SYNC && t.s.replication == Replication.JOINING) {
            if (outcome == StepOutcome.DONE) {
                t.s.replication = Replication.RECORDING_TOGETHER;
            } else {
                relax(t);
            }
        } else if (step == Step.REPLICATE_ASYNC && t.s.replication == Replication.RELAXING) {
            if (outcome == StepOutcome.DONE) {
                t.s.replication = Replication.ALONE;
            } else {
                t.s.replicateDue = t.now.plus(RETRY);
            }
        }
    }
}
