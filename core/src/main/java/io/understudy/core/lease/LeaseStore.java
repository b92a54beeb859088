package io.understudy.core.lease;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.time.Moment;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where leases live: one linearizable register per instance, agreed on by a majority of the voters.
 *
 * <p>Contract, checked by {@code LeaseStoreContract} against every adapter:
 *
 * <ul>
 *   <li>Calls return at once and never block; the stage completes on a thread of the adapter,
 *       always within the adapter's configured limit.
 *   <li>A read returns the latest record that a completed write made, as of some moment between the
 *       call and its completion; a stale answer is never given.
 *   <li>A stage that completes exceptionally does so with {@link LeaseStoreUnavailableException}: a
 *       read then said nothing; a write's outcome is <em>unknown</em>: it may have happened, may
 *       happen later, or never.
 *   <li>There may be one outstanding call per instance; the caller sees to it.
 *   <li>The register lives as long as a majority of the voters lives; what must outlive a power cut
 *       is in the {@link io.understudy.core.ledger.Ledger}.
 * </ul>
 */
public interface LeaseStore {

    /** Reads the record of {@code instance}; empty if there never was one since the voters met. */
    CompletionStage<Optional<LeaseRecord>> read(InstanceName instance);

    /**
     * Returns since when this process has known the store, as it is now, so that an instance
     * without a record has had none at least since then. Everything that was held in an earlier
     * life of the store, before it was reset, was held before.
     *
     * @return on this process's monotonic clock; empty if it does not know
     */
    default Optional<Moment> watchedSince() {
        return Optional.empty();
    }

    /**
     * Writes {@code next} if the record is exactly {@code expected}.
     *
     * @param expected the record read before; empty for an instance without one
     * @return true if written; false if the record was another, and then nothing was written
     */
    CompletionStage<Boolean> compareAndSet(
            InstanceName instance, Optional<LeaseRecord> expected, LeaseRecord next);
}
