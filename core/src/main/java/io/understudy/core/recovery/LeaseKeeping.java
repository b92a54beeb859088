package io.understudy.core.recovery;

import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.peer.Contact;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Watching, renewing and losing the lease. */
final class LeaseKeeping {

    /** After no answer: soon, but not in a tight loop. */
    private static final Duration RETRY = Duration.ofMillis(100);

    private LeaseKeeping() {}

    /** As below; the first look may find that the store has long been watched. */
    static void observe(Turn t, Event.LeaseRead read) {
        boolean first = !t.s.everRead;
        observe(t, read.record());
        if (first && read.record().isEmpty()) {
            t.s.recordSince = t.rules.emptySince(read.emptySince(), t.s.started, t.now);
        }
    }

    /** Takes in a record that was read, and since when it has been seen so. */
    static void observe(Turn t, Optional<LeaseRecord> record) {
        Moment asked = t.s.leaseCall.map(Situation.LeaseCall::asked).orElse(t.now);
        t.s.leaseCall = Optional.empty();
        // A store that forgot everything while it did not answer shows "empty" again, although
        // somebody may have claimed in between: an empty record is watched anew.
        boolean anew = record.isEmpty() && !t.s.storeAnswers;
        t.s.storeAnswers = true;
        if (!t.s.everRead || anew || !t.s.record.equals(record)) {
            t.s.ledgerKnown &= isSameTenure(t.s.record, record);
            t.s.recordSince = t.now;
            t.s.record = record;
            record.ifPresent(r -> t.s.lastLength = r.length());
        }
        t.s.everRead = true;
        t.s.recordKnown = true;
        t.s.recordRead = asked;
    }

    private static boolean isSameTenure(Optional<LeaseRecord> one, Optional<LeaseRecord> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() && other.isEmpty();
        }
        return one.get().holder().equals(other.get().holder())
                && one.get().epoch().equals(other.get().epoch());
    }

    /** A holder reads only when it does not know what became of its last write. */
    static void observeAsHolder(Turn t, Optional<LeaseRecord> record) {
        observe(t, record);
        t.s.leaseDue = t.now;
        boolean ours = record.isPresent() && record.get().isHeldBy(t.self());
        boolean nobodys = record.isEmpty();
        boolean toConfirm =
                t.s.provisional
                        && record.isPresent()
                        && record.get().isHeldBy(t.peer())
                        && record.get().epoch().isBefore(t.s.epoch);
        if (!ours && !nobodys && !toConfirm && t.rules.yieldsToAnother()) {
            lose(t, "taken by " + record.get());
        }
    }

    /** A renewal, a confirmation or a release was answered. */
    static void written(Turn t, boolean applied) {
        Situation.LeaseCall call = t.s.leaseCall.orElseThrow();
        t.s.leaseCall = Optional.empty();
        t.s.storeAnswers = true;
        if (!applied) {
            t.s.recordKnown = false;
            t.s.leaseDue = t.now;
            return;
        }
        t.s.record = call.next();
        t.s.recordSince = t.now;
        LeaseRecord record = call.next().orElseThrow();
        if (t.s.held && record.isHeldBy(t.self()) && record.epoch().equals(t.s.epoch)) {
            // By the length that was written: the timers may be others by now.
            t.s.heldLength = record.length();
            t.s.validUntil = t.rules.validFrom(call.asked(), t.now).plus(record.length());
            Pinning.renewed(t);
            if (t.s.provisional) {
                t.s.provisional = false;
                t.tell(EventCode.CONFIRMED);
                t.add(new Effect.LeadHere());
            }
            t.add(new Effect.Guard(t.s.epoch, Optional.of(t.s.validUntil)));
        }
    }

    /** The store did not answer: a write may have happened or may yet happen. */
    static void unknown(Turn t) {
        boolean wrote = t.s.leaseCall.isPresent() && !t.s.leaseCall.get().isRead();
        t.s.leaseCall = Optional.empty();
        t.s.storeAnswers = false;
        Pinning.forgetConsent(t);
        t.s.recordKnown &= !wrote;
        t.s.leaseDue = t.now.plus(RETRY);
    }

    /**
     * Keeps reading, for those who do not hold: at their pace, and once more exactly when a record
     * that has not changed may be challenged.
     */
    static void watch(Turn t) {
        if (!t.leaseIdle() || !t.reached(t.s.leaseDue)) {
            return;
        }
        t.readLease();
        notAfterChallenge(t);
    }

    private static void notAfterChallenge(Turn t) {
        Moment challenge = t.s.recordSince.plus(t.timers().challengeWait());
        if (t.now.isBefore(challenge)) {
            t.s.leaseDue = Moment.earlier(t.s.leaseDue, challenge);
        }
    }

    /**
     * Reads right after the holder's renewals, not at a pace of its own: a holder that dies between
     * its renewal and the next read would count as alive until somebody has read that renewal,
     * which takes an election of the store where it died with its leader.
     */
    static void peerRenewed(Turn t) {
        boolean idle = t.leaseIdle();
        t.s.leaseDue = t.now;
        watch(t);
        if (idle) {
            t.s.leaseDue = t.now.plus(t.timers().renewEvery().multipliedBy(3).dividedBy(2));
            notAfterChallenge(t);
        }
    }

    /** Keeps renewing, or confirming, or raising the epoch, for the holder. */
    static void renew(Turn t) {
        if (!t.leaseIdle() || !t.reached(t.s.leaseDue)) {
            return;
        }
        if (!t.s.recordKnown) {
            t.readLease();
            return;
        }
        boolean ours =
                t.s.record
                        .filter(r -> r.isHeldBy(t.self()) && r.epoch().equals(t.s.epoch))
                        .isPresent();
        if (!ours && !Pinning.consented(t)) {
            return;
        }
        t.writeLease(
                ours
                        ? t.s.record.orElseThrow().renewed(t.timers().lease())
                        : LeaseRecord.claimed(t.self(), t.s.epoch, t.timers().lease()));
    }

    /**
     * As long as the peer is proven gone anew, a provisional tenure that the ledger granted goes
     * on: a process that starts after the proof watches for longer than a lease before it may
     * claim.
     */
    static void provenAgain(Turn t) {
        if (!t.s.provisional || !t.s.granted || t.s.contact != Contact.GONE) {
            return;
        }
        Moment until = t.rules.provisionalUntil(t.s.contactAsked, t.now, t.provisionalLength());
        if (until.isAfter(t.s.validUntil)) {
            t.s.validUntil = until;
            t.add(new Effect.Guard(t.s.epoch, Optional.of(until)));
        }
    }

    /** Ends the tenure at once if its time is over. */
    static void checkEnd(Turn t) {
        if (!t.s.held || t.s.phase == Phase.KILLING) {
            return;
        }
        boolean over = t.rules.leaseOver(t.now, t.s.validUntil, t.margin());
        if (over && !(t.rules.goesOnAfterItsEnd() && Pinning.mayGoOn(t))) {
            lose(t, "not renewed in time");
        } else {
            Pinning.goOn(t);
            t.wakeBy(t.s.validUntil.minus(t.margin()));
        }
    }

    /** The tenure is over: kill whatever serves. */
    static void lose(Turn t, String why) {
        t.tell(
                EventCode.LEASE_LOST,
                Map.of("node", t.self().value(), "epoch", t.s.epoch.toString(), "why", why));
        boolean mayServe = t.s.phase != Phase.CLAIMING;
        endTenure(t);
        t.conclude(Optional.of(Refusal.DID_NOT_SUCCEED));
        if (mayServe) {
            t.s.phase = Phase.KILLING;
            t.execute(Step.KILL);
        } else {
            t.s.phase = Phase.STANDBY;
        }
    }

    /** What was to be killed was, or has to be killed again. */
    static void killed(Turn t, Step step, StepOutcome outcome) {
        if (step == Step.KILL && outcome == StepOutcome.DONE) {
            t.s.phase = Phase.STANDBY;
            t.s.leaseDue = t.now;
        } else {
            t.executeAgain(Step.KILL);
        }
    }

    /** Forgets the right to serve and all that hangs on it. */
    static void endTenure(Turn t) {
        t.s.held = false;
        t.s.granted = false;
        t.s.provisional = false;
        t.s.fresh = false;
        t.s.beyond = false;
        Pinning.forgetConsent(t);
        t.s.claimAcceptsLoss = false;
        t.s.move = Optional.empty();
        t.s.stage = Situation.Stage.RECORD;
        t.s.replication = Replication.ALONE;
        t.s.degraded = Optional.empty();
        t.s.standbyGoneSince = Optional.empty();
        t.s.homeReadySince = Optional.empty();
        t.s.ledgerKnown = false;
        t.s.ledgerDue = t.now;
        t.s.followed = Epoch.NONE;
        t.add(new Effect.Guard(t.s.epoch, Optional.empty()));
    }
}
