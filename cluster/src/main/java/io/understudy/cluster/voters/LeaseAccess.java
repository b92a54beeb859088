package io.understudy.cluster.voters;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.LeaseStore;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * How a member comes to the leases: as one of the three voters that keep them ({@link
 * ClusterMember}), or by asking those ({@code RelayedLeases}). No method blocks its caller.
 */
public interface LeaseAccess extends AutoCloseable {

    /** Returns the leases. */
    LeaseStore leaseStore();

    /** Returns how the store stands, as this member last learned, some seconds old at most. */
    VoterState state();

    /**
     * Moves the Raft leadership of {@code instance}'s lease here, where that can be and this node
     * holds most of the leases that are kept with it; call it after acquiring the lease and
     * whenever {@link #leads} says no.
     *
     * @param limit how long to try
     * @return whether this process leads, or need not; never fails
     */
    CompletionStage<Boolean> leadHere(InstanceName instance, Duration limit);

    /**
     * Returns whether the Raft group of {@code instance}'s lease is led where it should be: by this
     * process if it votes. A member that does not vote has no wish.
     */
    boolean leads(InstanceName instance);

    /** Fails open calls and ends the threads. */
    @Override
    void close();
}
