package io.understudy.core.recovery;

import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether, when and how a node that stands by takes the instance. */
final class Claiming {

    private Claiming() {}

    /** Says what is in the way; an empty set means that the instance may be claimed now. */
    static Set<Obstacle> obstacles(Turn t) {
        EnumSet<Obstacle> found = EnumSet.noneOf(Obstacle.class);
        Situation s = t.s;
        boolean asked = s.askedToClaim();
        if (s.stopAfterwards || s.phase == Phase.STOPPED) {
            found.add(Obstacle.STOPPING);
        }
        if (!s.storeAnswers || !s.recordKnown) {
            if (!provable(t) || !s.ledgerKnown) {
                found.add(Obstacle.NO_MAJORITY);
            }
        }
        if (!s.everRead || !t.rules.watched(s.started, s.recordRead, t.timers(), t.counted())) {
            found.add(Obstacle.WATCHING);
        }
        if (!t.stepIdle()) {
            found.add(Obstacle.COPY_BUSY);
        }
        if (s.failedHere.filter(since -> !mayTryAgain(t, since)).isPresent() && !asked) {
            found.add(Obstacle.FAILED_HERE);
        }
        if (Holding.keepsFromTaking(t)) {
            found.add(Obstacle.HELD);
        }
        if (t.rules.standsAsideOnBadVolume() && s.unfit() && !asked) {
            found.add(Obstacle.VOLUME_FAILED);
        }
        ledgerObstacles(t, found);
        turnObstacles(t, found);
        return found;
    }

    /**
     * With a peer that could serve, a failure here rests long; where there is nobody else, briefly.
     */
    private static boolean mayTryAgain(Turn t, Moment since) {
        boolean other = t.s.heardByMain();
        Duration rest = other ? t.timers().failedRetry() : t.timers().failedRetry().dividedBy(12);
        return t.reached(since.plus(rest));
    }

    private static void ledgerObstacles(Turn t, Set<Obstacle> found) {
        Situation s = t.s;
        if (!s.ledgerKnown) {
            found.add(Obstacle.LEDGER_UNKNOWN);
            return;
        }
        if (s.ledger.isEmpty()) {
            if (t.settings.data().present()
                    && !t.self().equals(t.settings.home())
                    && !acceptsLoss(t)) {
                found.add(Obstacle.NEVER_RAN);
            }
            return;
        }
        LedgerEntry entry = s.ledger.get();
        boolean ours = entry.assigned().equals(t.self()) || t.settings.alone();
        if (t.rules.parkedStays(entry) && !ours && !s.askedToClaim()) {
            found.add(Obstacle.PARKED);
        }
        if (t.settings.data().present()
                && !t.rules.holdsEverything(entry, t.self())
                && !acceptsLoss(t)) {
            found.add(Obstacle.NOT_IN_SYNC);
        }
        if (Pinning.byAnother(t, entry) && !acceptsLoss(t)) {
            found.add(Obstacle.PINNED);
        }
    }

    private static void turnObstacles(Turn t, Set<Obstacle> found) {
        Situation s = t.s;
        boolean over = t.rules.mayChallenge(s.recordSince, s.recordRead, t.timers(), t.counted());
        boolean asked = s.askedToClaim();
        boolean held = s.record.flatMap(LeaseRecord::holder).isPresent();
        if (held) {
            if (holderLives(t)) {
                found.add(Obstacle.HOLDER_LIVES);
            }
            boolean own = s.record.get().isHeldBy(t.self());
            if (!own && !t.settings.automaticFailover() && !asked) {
                found.add(Obstacle.MANUAL);
            }
            return;
        }
        boolean empty = s.record.isEmpty();
        boolean mine =
                t.settings.alone()
                        || s.ledger
                                .map(e -> e.assigned().equals(t.self()))
                                .orElse(t.self().equals(t.settings.home()));
        boolean waitedForPeer =
                s.heardByMain()
                        ? s.recordRead.since(s.recordSince).compareTo(t.timers().handOverLimit())
                                >= 0
                        : over;
        if (empty && !over) {
            found.add(Obstacle.HOLDER_LIVES);
        } else if (!mine && !waitedForPeer && !asked) {
            found.add(Obstacle.PEERS_TURN);
        }
    }

    /** Somebody holds the lease: it is not over, not let go, and its holder not proven gone. */
    private static boolean holderLives(Turn t) {
        Situation s = t.s;
        if (s.record.isEmpty() || s.record.get().holder().isEmpty()) {
            return false;
        }
        boolean proven = s.record.get().isHeldBy(t.peer()) && proofHolds(t);
        boolean letGo = s.peerLetGo.filter(w -> t.rules.letGo(s.record.get(), w)).isPresent();
        return !proven
                && !letGo
                && !t.rules.mayChallenge(s.recordSince, s.recordRead, t.timers(), t.counted());
    }

    private static boolean acceptsLoss(Turn t) {
        // Who is heard to serve lives: no word of an operator makes him one that is off.
        boolean peerServes =
                t.s.contact == Contact.HEARD
                        && t.s.peer.filter(p -> p.phase().holdsLease()).isPresent();
        return !peerServes && t.s.request.filter(r -> r.claims() && r.acceptLoss()).isPresent();
    }

    private static boolean provable(Turn t) {
        return t.s.everRead
                && t.s.record.filter(r -> r.isHeldBy(t.peer())).isPresent()
                && proofHolds(t);
    }

    /** The peer's process is proven gone, lately enough for a provisional tenure to be of use. */
    private static boolean proofHolds(Turn t) {
        return t.s.contact == Contact.GONE
                && !t.rules.leaseOver(
                        t.now,
                        t.rules.provisionalUntil(t.s.contactAsked, t.now, t.provisionalLength()),
                        t.timers().leaseMargin().multipliedBy(2));
    }

    /** Claims if nothing is in the way. */
    static void consider(Turn t) {
        // The first is one of the obstacles: nearly always there, and quickly found.
        if (holderLives(t) || !obstacles(t).isEmpty()) {
            return;
        }
        boolean over =
                t.rules.mayChallenge(t.s.recordSince, t.s.recordRead, t.timers(), t.counted());
        boolean held = t.s.record.flatMap(LeaseRecord::holder).isPresent();
        if (held && !over && provable(t)) {
            claimOnProof(t);
        } else if (t.leaseIdle() && t.s.recordKnown) {
            claim(t);
        }
    }

    private static Epoch latest(Turn t) {
        Epoch seen = t.s.record.map(LeaseRecord::epoch).orElse(Epoch.NONE);
        Epoch kept = t.s.ledger.map(LedgerEntry::epoch).orElse(Epoch.NONE);
        return Epoch.later(Epoch.later(seen, kept), t.s.promisedElsewhere);
    }

    private static void claim(Turn t) {
        t.s.phase = Phase.CLAIMING;
        t.s.held = false;
        t.s.granted = false;
        t.s.provisional = false;
        t.s.epoch = t.rules.nextEpoch(latest(t));
        t.s.claimingSince = t.now;
        t.s.claimAcceptsLoss = acceptsLoss(t);
        t.writeLease(LeaseRecord.claimed(t.self(), t.s.epoch, t.timers().lease()));
    }

    private static void claimOnProof(Turn t) {
        t.s.phase = Phase.CLAIMING;
        t.s.held = true;
        t.s.granted = false;
        t.s.provisional = true;
        t.s.epoch = latest(t).provisional();
        t.s.claimingSince = t.now;
        t.s.claimAcceptsLoss = acceptsLoss(t);
        t.s.heldLength = t.provisionalLength();
        t.s.validUntil = t.rules.provisionalUntil(t.s.contactAsked, t.now, t.provisionalLength());
        t.s.leaseDue = t.now;
        t.s.ledgerDue = t.now;
        t.tell(EventCode.PROVISIONAL);
        t.add(new Effect.Guard(t.s.epoch, Optional.of(t.s.validUntil)));
    }

    /** While claiming: get the lease, then the ledger's consent. */
    static void duties(Turn t) {
        if (t.s.stopAfterwards && (t.s.held || t.leaseIdle())) {
            giveUp(t);
            return;
        }
        if (!t.s.held) {
            if (t.leaseIdle() && !t.s.recordKnown && t.reached(t.s.leaseDue)) {
                t.readLease();
            }
            return;
        }
        LeaseKeeping.renew(t);
        boolean recorded =
                t.s.provisional
                        || t.s.record
                                .filter(r -> r.isHeldBy(t.self()) && r.epoch().equals(t.s.epoch))
                                .isPresent();
        if (recorded && t.ledgerIdle() && t.reached(t.s.ledgerDue)) {
            if (t.s.granted) {
                t.writeLedger(firstEntry(t));
            } else {
                t.claimLedger(t.s.epoch);
            }
        }
    }

    /** The node is stopping: nothing was begun, so nothing needs to be stopped. */
    private static void giveUp(Turn t) {
        if (t.s.held) {
            Deactivation.release(t);
        } else {
            standBy(t);
        }
    }

    /** The lease store answered the claim, or a renewal while the ledger is being asked. */
    static void leaseWritten(Turn t, boolean applied) {
        if (t.s.held) {
            LeaseKeeping.written(t, applied);
            return;
        }
        Moment asked = t.s.leaseCall.orElseThrow().asked();
        LeaseKeeping.written(t, applied);
        if (applied) {
            won(t, t.rules.validFrom(asked, t.now));
        } else {
            standBy(t);
        }
    }

    /** After an unanswered claim the record is read: it tells. */
    static void leaseRead(Turn t, Optional<LeaseRecord> record) {
        if (t.s.held) {
            LeaseKeeping.observeAsHolder(t, record);
            return;
        }
        LeaseKeeping.observe(t, record);
        boolean mine =
                record.filter(r -> r.isHeldBy(t.self()) && r.epoch().equals(t.s.epoch)).isPresent();
        if (mine) {
            won(t, t.s.claimingSince);
        } else {
            standBy(t);
        }
    }

    private static void won(Turn t, Moment from) {
        t.s.held = true;
        t.s.heldLength = t.s.record.orElseThrow().length();
        t.s.validUntil = from.plus(t.s.heldLength);
        t.s.leaseDue = t.now;
        t.s.ledgerDue = t.now;
        t.tell(EventCode.LEASE_CLAIMED);
        t.add(new Effect.Guard(t.s.epoch, Optional.of(t.s.validUntil)));
        t.add(new Effect.LeadHere());
        t.add(new Effect.Nudge());
    }

    private static void standBy(Turn t) {
        t.s.phase = Phase.STANDBY;
        t.s.held = false;
        t.s.ledgerKnown = false;
        t.s.leaseDue = t.now;
    }

    /** The ledger answered the claim: now it is certain what this tenure may do. */
    static void claimed(Turn t, Ledger.Claim claim) {
        if (!claim.granted() && t.rules.mustBeGranted()) {
            t.s.promisedElsewhere = Epoch.later(t.s.promisedElsewhere, claim.promised());
            if (t.s.provisional) {
                LeaseKeeping.lose(t, "the ledger has promised epoch " + claim.promised());
            } else {
                t.s.epoch = t.rules.nextEpoch(latest(t));
                t.s.leaseDue = t.now;
            }
            return;
        }
        t.learn(claim.newest());
        t.s.ledgerKnown = true;
        EnumSet<Obstacle> found = EnumSet.noneOf(Obstacle.class);
        ledgerObstacles(t, found);
        if (t.s.claimAcceptsLoss) {
            found.remove(Obstacle.NOT_IN_SYNC);
            found.remove(Obstacle.NEVER_RAN);
            found.remove(Obstacle.PINNED);
        }
        if (found.isEmpty()) {
            t.s.granted = true;
            t.s.fresh = claim.newest().isEmpty();
            t.s.inSyncBefore = claim.newest().map(LedgerEntry::inSync).orElse(Set.of(t.self()));
            t.writeLedger(firstEntry(t));
        } else {
            t.tell(
                    EventCode.NOT_PROMOTABLE,
                    Map.of("node", t.self().value(), "why", found.toString()));
            Deactivation.release(t);
        }
    }

    /** The entry with which a tenure begins: from now on only this copy counts, if there is one. */
    private static LedgerEntry firstEntry(Turn t) {
        Optional<LedgerEntry> before = t.s.ledger;
        Set<NodeName> failed = before.map(LedgerEntry::failed).orElse(Set.of());
        return new LedgerEntry(
                t.settings.instance(),
                t.s.epoch,
                0,
                t.self(),
                Pinning.forAll(t) ? Pinning.both(t) : Set.of(t.self()),
                t.self(),
                reason(t, before),
                false,
                failed);
    }

    private static Reason reason(Turn t, Optional<LedgerEntry> before) {
        if (before.isEmpty()) {
            return Reason.NORMAL;
        }
        LedgerEntry entry = before.get();
        if (entry.assigned().equals(t.self())) {
            boolean wasParked = entry.parked() || entry.reason() == Reason.GRACEFUL_SHUTDOWN;
            return wasParked ? Reason.NORMAL : entry.reason();
        }
        if (t.s.askedToClaim()) {
            return Reason.ON_ADMIN_REQUEST;
        }
        if (t.self().equals(t.settings.home())) {
            return Reason.NORMAL;
        }
        return t.s.everHeard ? Reason.PEER_DOWN : Reason.PEER_DOWN_DURING_INITIALIZATION;
    }

    /** The first entry is on a majority of disks: the tenure begins. */
    static void recorded(Turn t, LedgerEntry entry, Ledger.Written written) {
        if (written == Ledger.Written.REFUSED && t.rules.mustBeGranted()) {
            t.s.promisedElsewhere = Epoch.later(t.s.promisedElsewhere, t.s.epoch);
            Deactivation.release(t);
            return;
        }
        t.learn(Optional.of(entry));
        if (t.settings.data().present()
                && !t.settings.alone()
                && t.s.inSyncBefore.contains(t.peer())) {
            t.tell(EventCode.UNPROTECTED, Map.of("node", t.peer().value()));
        }
        Activation.begin(t);
    }
}
