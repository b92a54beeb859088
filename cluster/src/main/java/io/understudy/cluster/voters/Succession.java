package io.understudy.cluster.voters;

import com.hazelcast.cp.CPMember;
import com.hazelcast.cp.internal.raft.impl.RaftEndpoint;
import com.hazelcast.cp.internal.raft.impl.RaftNode;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Elects new Raft leaders as soon as our own failure detector knows that a voter is gone, where
 * Raft by itself would wait one to two seconds for missed heartbeats. The other voters try in a
 * fixed order and apart, so that they do not split the vote; one whose log is behind cannot win,
 * and then the next one does.
 */
final class Succession {

    private static final Duration APART = Duration.ofMillis(250);
    private static final int ROUNDS = 2;

    private final HazelcastCore core;
    private final NodeName self;
    private final List<NodeName> order;
    private final ScheduledExecutorService thread;

    Succession(
            HazelcastCore core,
            NodeName self,
            List<NodeName> order,
            ScheduledExecutorService thread) {
        this.core = core;
        this.self = self;
        this.order = order;
        this.thread = thread;
    }

    /**
     * Elects new leaders for what {@code gone} leads.
     *
     * @param identities the CP members at that voter's address
     */
    void of(NodeName gone, Collection<CPMember> identities) {
        List<NodeName> successors = order.stream().filter(name -> !name.equals(gone)).toList();
        int rank = successors.indexOf(self);
        if (rank < 0) {
            return;
        }
        for (int round = 0; round < ROUNDS; round++) {
            long delay = (rank + (long) round * successors.size()) * APART.toMillis();
            thread.schedule(
                    () -> identities.forEach(each -> elect(each.getUuid())),
                    delay,
                    TimeUnit.MILLISECONDS);
        }
    }

    private void elect(UUID gone) {
        for (RaftNode group : core.raft().getAllRaftNodes()) {
            RaftEndpoint leader = group.getLeader();
            if (leader == null || leader.getUuid().equals(gone)) {
                core.electInsteadOf(gone, group);
            }
        }
    }
}
