package io.understudy.cluster.voters;

import com.hazelcast.cluster.Member;
import com.hazelcast.cp.CPMember;
import com.hazelcast.cp.internal.raft.impl.RaftEndpoint;
import com.hazelcast.cp.internal.raft.impl.RaftNode;
import io.understudy.core.node.NodeName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    private static final Logger LOG = System.getLogger(Succession.class.getName());
    private static final Duration APART = Duration.ofMillis(250);
    private static final int ROUNDS = 2;

    private final HazelcastCore core;
    private final NodeName self;
    private final Voters voters;
    private final ScheduledExecutorService thread;

    Succession(HazelcastCore core, NodeName self, Voters voters, ScheduledExecutorService thread) {
        this.core = core;
        this.self = self;
        this.voters = voters;
        this.thread = thread;
    }

    /**
     * Drops members of the cluster, and elects new leaders for what one of them led. Who drops all
     * others is alone and elects nobody: its terms would only disturb the others later.
     *
     * @param names voters; this member among them is ignored
     * @param cpMembers the CP members, as far as they are known
     */
    void drop(Set<NodeName> names, Collection<CPMember> cpMembers) {
        // The master last: whoever comes after it then asks none of the others what to do.
        List<Member> members = new ArrayList<>(core.members());
        Collections.reverse(members);
        for (Member member : members) {
            voters.at(member.getAddress())
                    .filter(name -> names.contains(name) && !name.equals(self))
                    .ifPresent(name -> drop(name, member));
        }
        if (names.size() == 1) {
            NodeName gone = names.iterator().next();
            of(
                    gone,
                    cpMembers.stream()
                            .filter(m -> voters.at(m.getAddress()).equals(Optional.of(gone)))
                            .toList());
        }
    }

    private void drop(NodeName name, Member member) {
        LOG.log(Level.WARNING, "{0} is silent: the others go on without it", name);
        core.suspect(member, "silent to Understudy");
    }

    private void of(NodeName gone, Collection<CPMember> identities) {
        List<NodeName> successors =
                voters.names().stream().filter(name -> !name.equals(gone)).toList();
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
