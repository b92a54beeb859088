package io.understudy.core.recovery;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What happened. Every event is data: it can be recorded and replayed. */
public sealed interface Event {

    /** Returns the column of the transition table. */
    EventKind kind();

    /** The recovery manager begins with this instance. */
    record Start() implements Event {
        @Override
        public EventKind kind() {
            return EventKind.START;
        }
    }

    /**
     * A deadline came due.
     *
     * @param nudged true if somebody hinted that the lease record changed: read it now
     */
    record Wake(boolean nudged) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.WAKE;
        }
    }

    /**
     * The answer to {@link Effect.ReadLease}.
     *
     * @param emptySince where there is no record: since when the store, as it is now, is known to
     *     this process to have had none; empty if that is not known
     */
    record LeaseRead(Optional<LeaseRecord> record, Optional<Moment> emptySince) implements Event {

        /** Known from this answer only. */
        public LeaseRead(Optional<LeaseRecord> record) {
            this(record, Optional.empty());
        }

        @Override
        public EventKind kind() {
            return EventKind.LEASE_READ;
        }
    }

    /** The answer to {@link Effect.WriteLease}. */
    record LeaseWritten(boolean applied) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.LEASE_WRITTEN;
        }
    }

    /** No answer to a call of the lease store. */
    record LeaseUnknown(String why) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.LEASE_UNKNOWN;
        }
    }

    /** The answer to {@link Effect.ReadLedger}. */
    record LedgerRead(Optional<LedgerEntry> newest) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.LEDGER_READ;
        }
    }

    /** The answer to {@link Effect.ClaimLedger}. */
    record LedgerClaimed(Ledger.Claim claim) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.LEDGER_CLAIMED;
        }
    }

    /** The answer to {@link Effect.WriteLedger}. */
    record LedgerWritten(LedgerEntry entry, Ledger.Written written) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.LEDGER_WRITTEN;
        }
    }

    /** No quorum for a call of the ledger. */
    record LedgerUnknown(String why) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.LEDGER_UNKNOWN;
        }
    }

    /**
     * Contact with the peer changed.
     *
     * @param asked for {@link Contact#GONE}: the moment before the proof was asked for
     * @param mainLost whether it is heard by the direct link only
     * @param shifting whether one of two paths to it was doubted or lost just now, so that what
     *     went by it moves to the other
     */
    record PeerContact(Contact contact, Moment asked, boolean mainLost, boolean shifting)
            implements Event {
        /** For a peer that is heard by the network of the leases, if it is heard. */
        public PeerContact(Contact contact, Moment asked) {
            this(contact, asked, false, false);
        }

        /** Refuses nulls. */
        public PeerContact {
            Objects.requireNonNull(contact, "contact");
            Objects.requireNonNull(asked, "asked");
        }

        @Override
        public EventKind kind() {
            return EventKind.PEER_CONTACT;
        }
    }

    /**
     * The peer told about itself.
     *
     * @param phase its phase for this instance
     * @param able whether it could serve, by its own word
     * @param databasePrimary whether its copies take writes
     */
    record PeerReport(Phase phase, boolean able, boolean databasePrimary) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.PEER_REPORT;
        }
    }

    /**
     * The peer said that it has just renewed leases: to see that at once is to know, should it fall
     * silent, how long ago it last did.
     */
    record PeerRenewed() implements Event {
        @Override
        public EventKind kind() {
            return EventKind.PEER_RENEWED;
        }
    }

    /**
     * The peer said that nothing of the instance runs there, and that it will never again serve by
     * a lease of that epoch or an earlier one, although the record may still name it: it lost the
     * store, not us.
     *
     * @param node who said so
     * @param epoch of its last tenure
     */
    record PeerLetGo(NodeName node, Epoch epoch) implements Event {
        /** Refuses nulls. */
        public PeerLetGo {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(epoch, "epoch");
        }

        @Override
        public EventKind kind() {
            return EventKind.PEER_LET_GO;
        }
    }

    /** All services of the instance on this node, as observed now. */
    record Services(List<ServiceFacts> facts) implements Event {
        /** Copies the list. */
        public Services {
            facts = List.copyOf(facts);
        }

        @Override
        public EventKind kind() {
            return EventKind.SERVICES;
        }
    }

    /** All databases of the instance on this node, as observed now. */
    record Databases(List<DatabaseFacts> facts) implements Event {
        /** Copies the list. */
        public Databases {
            facts = List.copyOf(facts);
        }

        @Override
        public EventKind kind() {
            return EventKind.DATABASES;
        }
    }

    /**
     * How many of the three voters there are changed.
     *
     * @param missing true if the loss of one more leaves no majority
     */
    record Voters(boolean missing) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.VOTERS;
        }
    }

    /**
     * A step ended.
     *
     * @param ticket names the {@link Effect.Execute}
     * @param problem one sentence unless done
     */
    record StepEnded(long ticket, StepOutcome outcome, Optional<String> problem) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.STEP_ENDED;
        }
    }

    /**
     * An operator asks.
     *
     * @param id names the request in {@link Effect.Conclude}
     * @param acceptLoss the operator accepts the stated loss of acknowledged data
     */
    record Operator(String id, OperatorAction action, boolean acceptLoss) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.OPERATOR;
        }
    }

    /**
     * The instance is held for maintenance, or no longer.
     *
     * @param time until when; empty: it is released
     */
    record Hold(Optional<HoldTime> time) implements Event {
        /** Refuses null. */
        public Hold {
            Objects.requireNonNull(time, "time");
        }

        @Override
        public EventKind kind() {
            return EventKind.HOLD;
        }
    }

    /**
     * When a hold ends.
     *
     * @param until it ends by itself then
     * @param reminder when to say that it ends soon; before {@code until}
     */
    record HoldTime(Moment until, Moment reminder) {
        /** Refuses nulls. */
        public HoldTime {
            Objects.requireNonNull(until, "until");
            Objects.requireNonNull(reminder, "reminder");
        }
    }

    /** Failed mode is to be left on both nodes: what failed here no longer counts. */
    record TryAgain() implements Event {
        @Override
        public EventKind kind() {
            return EventKind.TRY_AGAIN;
        }
    }

    /**
     * This node is to stop.
     *
     * @param handOver true: move the instance to the peer first; false: park it, nobody takes over
     */
    record Stop(boolean handOver) implements Event {
        @Override
        public EventKind kind() {
            return EventKind.STOP;
        }
    }
}
