package io.understudy.ejb.recovery;

import com.hazelcast.core.HazelcastInstance;
import io.understudy.cluster.member.Peering;
import io.understudy.cluster.relay.LeaseRelay;
import io.understudy.cluster.relay.RelayedLeases;
import io.understudy.cluster.voters.ClusterMember;
import io.understudy.cluster.voters.CpVoters;
import io.understudy.cluster.voters.LeaseAccess;
import io.understudy.core.config.NodeConfiguration;
import java.time.Duration;
import java.util.Optional;

/** This node's way to the leases, as a voter or through the voters. */
final class Leases implements AutoCloseable {

    private final LeaseAccess access;
    private final Optional<CpVoters> voters;
    private final Runnable end;

    private Leases(LeaseAccess access, Optional<CpVoters> voters, Runnable end) {
        this.access = access;
        this.voters = voters;
        this.end = end;
    }

    /**
     * Opens it.
     *
     * @param hazelcast this process's member; used by a voter only
     * @param limit how long a call to the lease store may take
     */
    static Leases of(
            NodeConfiguration node, HazelcastInstance hazelcast, Peering peering, Duration limit) {
        if (!node.isVoter()) {
            RelayedLeases relayed = new RelayedLeases(node, peering.client(), limit);
            return new Leases(relayed, Optional.empty(), relayed::close);
        }
        ClusterMember member = ClusterMember.of(hazelcast, node, limit);
        member.watch(peering.heartbeat());
        member.formLeases(node.role() == NodeConfiguration.Role.PRIMARY);
        LeaseRelay relay = new LeaseRelay(member, peering.server());
        return new Leases(
                member,
                Optional.of(member.voters()),
                () -> {
                    relay.close();
                    member.close();
                });
    }

    LeaseAccess access() {
        return access;
    }

    /** Returns the voters to act upon; empty on a node that is none. */
    Optional<CpVoters> voters() {
        return voters;
    }

    @Override
    public void close() {
        end.run();
    }
}
