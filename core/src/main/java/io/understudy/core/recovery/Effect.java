package io.understudy.core.recovery;

import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.time.Moment;
import java.util.Map;
import java.util.Optional;

/**
 * What the shell is to do. Effects of one decision are begun in their order; none blocks the
 * decision thread; each call of a store and each step is answered by exactly one event.
 */
public sealed interface Effect {

    /** Read the lease record; answered by LeaseRead or LeaseUnknown. */
    record ReadLease() implements Effect {}

    /** Compare and set the lease record; answered by LeaseWritten or LeaseUnknown. */
    record WriteLease(Optional<LeaseRecord> expected, LeaseRecord next) implements Effect {}

    /** Read the ledger; answered by LedgerRead or LedgerUnknown. */
    record ReadLedger() implements Effect {}

    /** Begin a tenure in the ledger; answered by LedgerClaimed or LedgerUnknown. */
    record ClaimLedger(Epoch epoch) implements Effect {}

    /** Store an entry; answered by LedgerWritten or LedgerUnknown. */
    record WriteLedger(LedgerEntry entry) implements Effect {}

    /**
     * Tell the guard until when the instance may serve here; it kills what is left after that.
     *
     * @param validUntil the end of the lease; empty: there is none
     */
    record Guard(Epoch epoch, Optional<Moment> validUntil) implements Effect {}

    /**
     * Carry out a step; answered by StepEnded with the same ticket. {@link Step#KILL} cancels the
     * step that runs.
     */
    record Execute(long ticket, Step step, Epoch epoch) implements Effect {}

    /** Let the peers know at once that the lease record changed. */
    record Nudge() implements Effect {}

    /** Bring the lease store's leadership to this node, so that losing another costs nothing. */
    record LeadHere() implements Effect {}

    /** Add a line to the event log. */
    record Tell(EventCode code, Map<String, String> details) implements Effect {
        /** Copies the map. */
        public Tell {
            details = Map.copyOf(details);
        }
    }

    /**
     * Answer an operator's request.
     *
     * @param refusal empty if done
     */
    record Conclude(String id, Optional<Refusal> refusal) implements Effect {}

    /** This instance is down on this node; once all are, the node may end. */
    record Stopped() implements Effect {}
}
