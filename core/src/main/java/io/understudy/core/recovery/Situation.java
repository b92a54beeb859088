package io.understudy.core.recovery;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that one node knows and intends about one instance. To the outside a value: only a decision
 * makes a new one, from a copy. Fields that mean "since" or "until" are moments of this node's
 * monotonic clock.
 */
public final class Situation {

    /** A call of the lease store that has not been answered; there is at most one. */
    record LeaseCall(Moment asked, Optional<LeaseRecord> expected, Optional<LeaseRecord> next) {
        boolean isRead() {
            return next.isEmpty();
        }
    }

    /** What the ledger was asked and has not answered; there is at most one. */
    record LedgerCall(Moment asked, Optional<Epoch> claim, Optional<LedgerEntry> entry) {}

    /** A step that has not ended; there is at most one besides a kill. */
    record Running(long ticket, Step step, Epoch epoch) {}

    /**
     * An operator's request that is being carried out.
     *
     * @param claims true: this node was asked to take the instance; false: to give it away
     */
    record Request(
            String id, OperatorAction action, boolean acceptLoss, Moment asked, boolean claims) {}

    /** Why and where the instance is being moved. */
    record Move(NodeName to, Reason reason, boolean park, boolean markFailed) {}

    /** How far stopping in order has come. */
    enum Stage {
        /** The intent is being recorded in the ledger. */
        RECORD,
        /** Services are being stopped. */
        SERVICES,
        /** Databases are being stopped. */
        DATABASE,
        /** What came of it is being recorded. */
        SETTLE
    }

    Phase phase = Phase.STANDBY;
    Moment started;

    // The lease, as read.
    boolean everRead;
    boolean recordKnown;
    Optional<LeaseRecord> record = Optional.empty();
    Moment recordSince;
    Moment recordRead;
    Duration lastLength = Duration.ZERO;
    Optional<LeaseCall> leaseCall = Optional.empty();
    Moment leaseDue;
    boolean storeAnswers;

    // This node's tenure.
    Epoch epoch = Epoch.NONE;
    boolean held;
    boolean granted;
    boolean provisional;
    boolean fresh;
    Set<NodeName> inSyncBefore = Set.of();
    boolean beyond;
    boolean consented;
    Moment validUntil;
    Duration heldLength = Duration.ZERO;
    Moment claimingSince;
    boolean claimAcceptsLoss;
    Epoch promisedElsewhere = Epoch.NONE;

    // The ledger, as read or written.
    boolean ledgerKnown;
    Optional<LedgerEntry> ledger = Optional.empty();
    boolean turnSeen;
    boolean restarted;
    Epoch writtenEpoch = Epoch.NONE;
    long writtenRevision;
    Optional<LedgerEntry> shared = Optional.empty();
    Optional<LedgerEntry> consentAsked = Optional.empty();
    Optional<LedgerCall> ledgerCall = Optional.empty();
    Moment ledgerDue;

    // Facts.
    Contact contact = Contact.SILENT;
    boolean mainLost;
    Optional<Moment> shiftedAt = Optional.empty();
    Moment contactAsked;
    boolean everHeard;
    Optional<Event.PeerReport> peer = Optional.empty();
    Optional<Event.PeerLetGo> peerLetGo = Optional.empty();
    List<ServiceFacts> services = List.of();
    boolean servicesOfBefore;
    List<DatabaseFacts> databases = List.of();
    Optional<Moment> voterMissingSince = Optional.empty();
    Optional<Moment> standbyGoneSince = Optional.empty();
    Optional<Moment> copyTroubledSince = Optional.empty();
    Optional<Moment> databaseDownSince = Optional.empty();
    Optional<Moment> homeReadySince = Optional.empty();

    // What runs, what is intended.
    long tickets;
    Optional<Running> running = Optional.empty();
    Optional<Step> again = Optional.empty();
    Moment againDue;
    Replication replication = Replication.ALONE;
    Optional<Move> move = Optional.empty();
    Stage stage = Stage.RECORD;
    boolean stopAfterwards;
    Optional<Request> request = Optional.empty();
    Optional<Moment> failedHere = Optional.empty();
    Optional<Reason> degraded = Optional.empty();
    Moment mendDue;
    Moment replicateDue;
    Optional<Event.HoldTime> hold = Optional.empty();
    boolean holdReminded;
    Epoch followed = Epoch.NONE;
    Moment followDue;

    Situation(Moment now) {
        started = now;
        recordSince = now;
        recordRead = now;
        leaseDue = now;
        ledgerDue = now;
        validUntil = now;
        claimingSince = now;
        contactAsked = now;
        followDue = now;
        mendDue = now;
        againDue = now;
        replicateDue = now;
    }

    /** Returns the situation of a node that has just begun with an instance. */
    public static Situation begin(Moment now) {
        return new Situation(now);
    }

    Situation copy() {
        Situation c = new Situation(started);
        c.phase = phase;
        c.everRead = everRead;
        c.recordKnown = recordKnown;
        c.record = record;
        c.recordSince = recordSince;
        c.recordRead = recordRead;
        c.lastLength = lastLength;
        c.leaseCall = leaseCall;
        c.leaseDue = leaseDue;
        c.storeAnswers = storeAnswers;
        c.epoch = epoch;
        c.held = held;
        c.granted = granted;
        c.provisional = provisional;
        c.fresh = fresh;
        c.inSyncBefore = inSyncBefore;
        c.beyond = beyond;
        c.consented = consented;
        c.validUntil = validUntil;
        c.heldLength = heldLength;
        c.claimingSince = claimingSince;
        c.claimAcceptsLoss = claimAcceptsLoss;
        c.promisedElsewhere = promisedElsewhere;
        c.ledgerKnown = ledgerKnown;
        c.ledger = ledger;
        c.turnSeen = turnSeen;
        c.restarted = restarted;
        c.writtenEpoch = writtenEpoch;
        c.writtenRevision = writtenRevision;
        c.shared = shared;
        c.consentAsked = consentAsked;
        c.ledgerCall = ledgerCall;
        c.ledgerDue = ledgerDue;
        c.contact = contact;
        c.mainLost = mainLost;
        c.shiftedAt = shiftedAt;
        c.contactAsked = contactAsked;
        c.everHeard = everHeard;
        c.peer = peer;
        c.peerLetGo = peerLetGo;
        c.services = services;
        c.servicesOfBefore = servicesOfBefore;
        c.databases = databases;
        c.voterMissingSince = voterMissingSince;
        c.standbyGoneSince = standbyGoneSince;
        c.copyTroubledSince = copyTroubledSince;
        c.databaseDownSince = databaseDownSince;
        c.homeReadySince = homeReadySince;
        c.tickets = tickets;
        c.running = running;
        c.again = again;
        c.againDue = againDue;
        c.replication = replication;
        c.move = move;
        c.stage = stage;
        c.stopAfterwards = stopAfterwards;
        c.request = request;
        c.failedHere = failedHere;
        c.degraded = degraded;
        c.mendDue = mendDue;
        c.replicateDue = replicateDue;
        c.hold = hold;
        c.holdReminded = holdReminded;
        c.followed = followed;
        c.followDue = followDue;
        return c;
    }

    /** Whether something that is watched here at all times, a volume, has failed. */
    boolean unfit() {
        return phase == Phase.STANDBY
                && services.stream()
                        .anyMatch(f -> f.critical() && f.condition() == ServiceCondition.FAILED);
    }

    /** Whether the volume of this node's databases cannot be written, for however short a time. */
    boolean dataVolumeBad() {
        return services.stream()
                .filter(f -> f.name().equals(ServiceFacts.DATA_VOLUME))
                .anyMatch(
                        f ->
                                f.condition() == ServiceCondition.DOWN
                                        || f.condition() == ServiceCondition.FAILED);
    }

    /** Returns what is known of what runs now: nothing, if it was observed before a new start. */
    List<ServiceFacts> present() {
        return servicesOfBefore ? List.of() : services;
    }

    /** Whether an operator asked this node to take the instance. */
    boolean askedToClaim() {
        return request.filter(Request::claims).isPresent();
    }

    /** Returns the phase. */
    public Phase phase() {
        return phase;
    }

    /** Returns the epoch of this node's present or last tenure. */
    public Epoch epoch() {
        return epoch;
    }

    /** Returns until when this node may serve; meaningful only while {@link Phase#holdsLease()}. */
    public Moment validUntil() {
        return validUntil;
    }

    /**
     * Returns the tenure that is over here although the record, as last known, names this node: the
     * store did not hear of its end. Nothing of it runs, and nothing will. Empty if there is none.
     */
    public Optional<Epoch> letGo(NodeName self) {
        boolean named =
                record.filter(r -> r.isHeldBy(self) && !epoch.isBefore(r.epoch())).isPresent();
        return phase == Phase.STANDBY && !held && named ? Optional.of(epoch) : Optional.empty();
    }

    /** Returns whether the present tenure rests on proof of the peer's death only. */
    public boolean provisional() {
        return provisional;
    }

    /** Returns whether a voter is missing, as this node was told. */
    public boolean voterMissing() {
        return voterMissingSince.isPresent();
    }

    /** Returns whether this node serves beyond its lease, as nobody else may. */
    public boolean beyondLease() {
        return held && beyond;
    }

    /** Returns the lease record as last read, empty if there is none or it was never read. */
    public Optional<LeaseRecord> record() {
        return record;
    }

    /** Returns since when the lease record has been seen as it is. */
    public Moment recordSince() {
        return recordSince;
    }

    /** Returns whether the lease store answered the last call. */
    public boolean storeAnswers() {
        return storeAnswers;
    }

    /** Returns the ledger's newest entry as far as this node knows. */
    public Optional<LedgerEntry> ledger() {
        return ledger;
    }

    /** Returns how replication stands; meaningful only while active. */
    public Replication replication() {
        return replication;
    }

    /** Returns what the peer last told of itself, while it is heard. */
    public Optional<Event.PeerReport> peer() {
        return peer;
    }

    /**
     * Returns whether the peer is heard by the network that carries leases and clients, not only by
     * the direct link: without it, it could not take anything over.
     */
    boolean heardByMain() {
        return contact == Contact.HEARD && !mainLost;
    }

    /** Returns the contact with the peer as last told. */
    public Contact contact() {
        return contact;
    }

    /** Returns what has failed while this node serves, empty if nothing has. */
    public Optional<Reason> degraded() {
        return degraded;
    }

    /** Returns whether this node holds a right to serve at the moment of the last decision. */
    public boolean held() {
        return held;
    }

    /**
     * Returns whether this node, by its own word, could serve if it were its turn: it stands by and
     * no start has failed here lately.
     */
    public boolean able() {
        return phase == Phase.STANDBY && failedHere.isEmpty() && !stopAfterwards && !unfit();
    }

    /** Returns whether starting failed here and has not succeeded since, or what runs failed. */
    public boolean failed() {
        return failedHere.isPresent() || degraded.isPresent();
    }

    /** Returns whether the instance is held for maintenance, as of the last decision. */
    public boolean onHold() {
        return hold.isPresent();
    }

    /** Returns the peer's tenure that the copy here was made to follow; none if it was not. */
    public Epoch followed() {
        return followed;
    }

    /** Returns whether an operator's request is being carried out here. */
    public boolean asked() {
        return request.isPresent();
    }

    /** Returns whether this node is to stop. */
    public boolean stopping() {
        return stopAfterwards;
    }

    /** Returns whether this node started after the turn last changed. */
    public boolean restarted() {
        return restarted;
    }

    /** Returns whether this node has not yet learned who holds the lease and whose turn it is. */
    public boolean initializing() {
        return phase == Phase.STANDBY && !(everRead && turnSeen);
    }

    /** Returns where the instance is being moved to, if it is. */
    public Optional<NodeName> movingTo() {
        return move.map(Move::to);
    }

    /** Returns the step that runs, if one does. */
    public Optional<Step> runningStep() {
        return running.map(Running::step);
    }
}
