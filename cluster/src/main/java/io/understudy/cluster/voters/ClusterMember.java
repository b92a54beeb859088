package io.understudy.cluster.voters;

import com.hazelcast.core.HazelcastInstance;
import io.understudy.cluster.heartbeat.Heartbeat;
import io.understudy.cluster.lease.HazelcastLeaseStore;
import io.understudy.cluster.lease.LeaseThreads;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.LeaseStore;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * This process's part in the consensus store: the leases it gives out and the voters that carry
 * them. One per process, around the Hazelcast member that Payara or the witness started.
 *
 * <p>The leases that a node claimed first live together in a CP group, whose Raft leadership sits
 * where most of them are held.
 */
public final class ClusterMember implements LeaseAccess {

    private static final int VOTERS = 3;
    private static final Duration LEAD_LIMIT = Duration.ofSeconds(10);
    private final LeaseThreads threads = new LeaseThreads();
    private final HazelcastInstance hazelcast;
    private final Set<NodeName> voting;
    private final NodeName self;
    private final HazelcastLeaseStore leases;
    private final CpVoters voters;
    private final Map<String, CompletionStage<Boolean>> leading = new ConcurrentHashMap<>();

    /**
     * @param instance a started member; owned by the caller, to be shut down after this is closed
     * @param self the name of this member
     * @param hosts the address of each of the three voters, in the same order on all of them
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
        hazelcast = instance;
        voting = Set.copyOf(hosts.keySet());
        voters = new CpVoters(instance, self, hosts, port);
        this.self = self;
        leases = new HazelcastLeaseStore(instance, self, limit, threads);
    }

    /**
     * Takes the voters from a node file.
     *
     * @param instance a started member; owned by the caller, to be shut down after this is closed
     * @param node this member's node file
     * @param limit how long a call to the lease store may take
     * @throws IllegalArgumentException if there are not three
     */
    public static ClusterMember of(
            HazelcastInstance instance, NodeConfiguration node, Duration limit) {
        return standIn(instance, node.name(), node, limit);
    }

    /**
     * As {@link #of}, for a member that is no voter: it looks, and never takes a seat.
     *
     * @param self a name that no voter has
     */
    public static ClusterMember standIn(
            HazelcastInstance instance, NodeName self, NodeConfiguration node, Duration limit) {
        if (node.voters().size() != VOTERS) {
            throw new IllegalArgumentException(
                    "%d members vote: name three in cluster.voters"
                            .formatted(node.voters().size()));
        }
        Map<NodeName, String> hosts = new LinkedHashMap<>();
        node.votingMembers().forEach(member -> hosts.put(member.name(), member.address()));
        return new ClusterMember(instance, self, hosts, node.clusterPort(), limit);
    }

    /**
     * Returns the leases once more, for calls on behalf of another member: apart from this member's
     * own, of which there may be one at a time for an instance.
     *
     * @param callLimit how long a call may take
     * @return to be closed by the caller, before this
     */
    public HazelcastLeaseStore leasesFor(Duration callLimit) {
        return new HazelcastLeaseStore(hazelcast, self, callLimit, threads);
    }

    @Override
    public LeaseStore leaseStore() {
        return leases;
    }

    /** Returns the voters. */
    public CpVoters voters() {
        return voters;
    }

    @Override
    public VoterState state() {
        return voters.state();
    }

    @Override
    public CompletionStage<Boolean> leadHere(InstanceName instance, Duration limit) {
        return leases.groupToLead(instance, self)
                .map(group -> leadOnce(group, limit))
                .orElse(CompletableFuture.completedFuture(true));
    }

    /** Hundreds of leases ask for the same. */
    private CompletionStage<Boolean> leadOnce(String group, Duration limit) {
        return leading.compute(
                group,
                (g, asked) ->
                        asked != null && !asked.toCompletableFuture().isDone()
                                ? asked
                                : voters.leadHere(g, limit));
    }

    @Override
    public boolean leads(InstanceName instance) {
        return leases.groupToLead(instance, self).map(voters::leads).orElse(true);
    }

    /**
     * Has the consensus on leases formed before the first one is claimed, and led by who claims it:
     * otherwise the first leases might run out while they wait for that.
     *
     * @param own whether this member is to be home of instances, so that it claims leases first
     */
    public void formLeases(boolean own) {
        leases.form(own, group -> leadOnce(group, LEAD_LIMIT));
    }

    /**
     * Passes on what our own failure detector notices: a member that fell silent or is proven gone
     * is suspected at once, seconds before Hazelcast would. To be done on every member, the witness
     * included: only the cluster's master can drop another member.
     */
    public void watch(Heartbeat heartbeat) {
        Suspicion suspicion = new Suspicion(voters::suspect, voters::after, self, voting);
        heartbeat.listen(suspicion);
        heartbeat.facts().forEach(suspicion::known);
    }

    /** Fails open calls and ends the threads; the Hazelcast member goes on. */
    @Override
    public void close() {
        leases.close();
        voters.close();
        threads.close();
    }
}
