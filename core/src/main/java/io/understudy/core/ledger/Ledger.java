package io.understudy.core.ledger;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The durable memory of the cluster: each voter keeps the newest {@link LedgerEntry} of every
 * instance on its own disk, and what a majority keeps is never forgotten. The lease store says who
 * may serve now; the ledger says what must be true of the one who does.
 *
 * <p>Contract, checked by {@code LedgerContract} against every adapter:
 *
 * <ul>
 *   <li>Calls return at once; stages complete within the adapter's limit, on its threads.
 *   <li>A voter has fsynced entry and promise before it answers.
 *   <li>Exceptional completion is {@link NoQuorumException}: fewer than a majority answered; a
 *       claim or write may have reached some voters. Repeating it is harmless (idempotent).
 *   <li>A voter refuses entries older than what it keeps and epochs older than it promised.
 *   <li>An epoch is promised to one life of one node: the same claim by another node, or by the
 *       same one after a restart, is refused with {@code promised} equal to it.
 * </ul>
 */
public interface Ledger {

    /** Returns the newest entry that a majority of the voters knows of; for display and waiting. */
    CompletionStage<Optional<LedgerEntry>> read(InstanceName instance);

    /**
     * Begins tenure {@code epoch}: a majority promises to refuse every older tenure from now on and
     * tells the newest entry it keeps (the "prepare" of Paxos; Lamport, Paxos Made Simple, 2001).
     *
     * @return the newest entry, or a refusal if a voter has promised a later epoch
     */
    CompletionStage<Claim> claim(InstanceName instance, Epoch epoch);

    /** Stores {@code entry} on a majority of disks. */
    CompletionStage<Written> write(LedgerEntry entry);

    /**
     * What came of {@link #claim}.
     *
     * @param granted whether a majority promised
     * @param newest the newest entry among the answers, empty if there never was one
     * @param promised the latest epoch any answering voter has promised
     */
    record Claim(boolean granted, Optional<LedgerEntry> newest, Epoch promised) {}

    /** What came of {@link #write}. */
    enum Written {
        /** On a majority of disks. */
        STORED,
        /** A voter has promised or keeps something newer: this tenure is over. */
        REFUSED
    }
}
