package io.understudy.cluster.voters;

import com.hazelcast.core.HazelcastInstance;
import io.understudy.cluster.lease.HazelcastLeaseStore;
import io.understudy.cluster.lease.LeaseThreads;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.LeaseStore;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * This process's part in the consensus store: the leases it gives out and the voters that carry
 * them. One per process, around the Hazelcast member that Payara or the witness started.
 *
 * <p>Each instance's lease lives in a CP group of its own, so that the Raft leadership of each can
 * sit where that lease is held.
 */
public final class ClusterMember implements AutoCloseable {

    private static final String GROUP_PREFIX = "lease-";

    private final LeaseThreads threads = new LeaseThreads();
    private final HazelcastLeaseStore leases;
    private final CpVoters voters;

    /**
     * @param instance a started member; owned by the caller, to be shut down after this is closed
     * @param self the name of this member
     * @param hosts the address of each of the three voters
     * @param port TCP port of Hazelcast, the same on all voters
     * @param limit how long a call to the lease store may take
     */
    public ClusterMember(
            HazelcastInstance instance,
            NodeName self,
            Map<NodeName, String> hosts,
            int port,
            Duration limit) {
        Objects.requireNonNull(instance, "instance");
        voters = new CpVoters(instance, self, hosts, port);
        leases = new HazelcastLeaseStore(instance, ClusterMember::groupOf, limit, threads);
    }

    private static String groupOf(InstanceName instance) {
        return GROUP_PREFIX + instance;
    }

    /** Returns the leases. */
    public LeaseStore leaseStore() {
        return leases;
    }

    /** Returns the voters. */
    public CpVoters voters() {
        return voters;
    }

    /**
     * Moves the Raft leadership of {@code instance}'s lease here; call it after acquiring the lease
     * and whenever {@link #leads} says no.
     *
     * @param limit how long to try
     * @return whether this process leads; never fails
     */
    public CompletionStage<Boolean> leadHere(InstanceName instance, Duration limit) {
        return voters.leadHere(groupOf(instance), limit);
    }

    /** Returns whether this process leads the Raft group of {@code instance}'s lease. */
    public boolean leads(InstanceName instance) {
        return voters.leads(groupOf(instance));
    }

    /** Fails open calls and ends the threads; the Hazelcast member goes on. */
    @Override
    public void close() {
        leases.close();
        voters.close();
        threads.close();
    }
}
