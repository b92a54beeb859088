package io.understudy.cluster.voters;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.cp.CPGroup;
import com.hazelcast.cp.CPGroupId;
import com.hazelcast.cp.CPMember;
import com.hazelcast.cp.internal.CPMemberInfo;
import com.hazelcast.cp.internal.MetadataRaftGroupManager;
import com.hazelcast.cp.internal.RaftService;
import com.hazelcast.cp.internal.operation.TransferLeadershipOp;
import com.hazelcast.cp.internal.raft.impl.RaftEndpoint;
import com.hazelcast.cp.internal.raft.impl.RaftNode;
import com.hazelcast.cp.internal.raft.impl.RaftNodeImpl;
import com.hazelcast.cp.internal.raft.impl.RaftNodeStatus;
import com.hazelcast.cp.internal.raft.impl.RaftRole;
import com.hazelcast.cp.internal.raft.impl.dto.TriggerLeaderElection;
import com.hazelcast.cp.internal.raft.impl.state.RaftState;
import com.hazelcast.cp.internal.raft.impl.task.LeaderElectionTask;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.cluster.impl.AbstractJoiner;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import com.hazelcast.internal.cluster.impl.SplitBrainJoinMessage;
import com.hazelcast.internal.cluster.impl.SplitBrainJoinMessage.SplitBrainMergeCheckResult;
import com.hazelcast.internal.cluster.impl.operations.SplitBrainMergeValidationOp;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * The only place that touches Hazelcast's inside (5.3.8; checked again at each change of version):
 * its public API can neither suspect a member, nor move a Raft leadership, nor tell whether a
 * member's Raft nodes exist, nor carry out a change of seats that was left undone, nor join another
 * cluster at a moment of our choice.
 */
final class HazelcastCore {

    private static final String CHANGES =
            "com.hazelcast.cp.internal.RaftGroupMembershipManager$RaftGroupMembershipChangeHandlerTask";

    private final Node node;
    private final RaftService raft;
    private final Runnable seatChanges;
    private final Method startMerge;

    HazelcastCore(HazelcastInstance instance) {
        HazelcastInstanceImpl original;
        if (instance instanceof HazelcastInstanceProxy proxy) {
            original = proxy.getOriginal();
        } else if (instance instanceof HazelcastInstanceImpl implementation) {
            original = implementation;
        } else {
            throw new IllegalArgumentException(
                    instance.getClass() + " is no Hazelcast member of this process");
        }
        node = original.node;
        raft = node.getNodeEngine().getService(RaftService.SERVICE_NAME);
        seatChanges = seatChanges(raft.getMetadataGroupManager());
        startMerge = startMerge();
    }

    private static Method startMerge() {
        try {
            Method method =
                    AbstractJoiner.class.getDeclaredMethod(
                            "startClusterMerge", Address.class, int.class);
            method.setAccessible(true);
            return method;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("not the Hazelcast that is known here: " + e, e);
        }
    }

    /** Fails at once where Hazelcast's inside is another one, not when it is needed. */
    private static Runnable seatChanges(MetadataRaftGroupManager metadata) {
        try {
            Field field = MetadataRaftGroupManager.class.getDeclaredField("membershipManager");
            field.setAccessible(true);
            Object manager = field.get(metadata);
            Constructor<?> task =
                    Class.forName(CHANGES, false, manager.getClass().getClassLoader())
                            .getDeclaredConstructor(manager.getClass());
            task.setAccessible(true);
            return (Runnable) task.newInstance(manager);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("not the Hazelcast that is known here: " + e, e);
        }
    }

    /** Returns whether this process leads the group that keeps who votes. */
    boolean leadsMetadata() {
        return raftNode(CPGroup.METADATA_CP_GROUP_NAME).map(this::leads).orElse(false);
    }

    /**
     * Returns the change of seats that is under way, as this process knows it: the same object
     * until the next step of it is done.
     */
    Optional<Object> seatChange() {
        return Optional.ofNullable(raft.getMetadataGroupManager().getMembershipChangeSchedule());
    }

    /**
     * Does what Hazelcast's own task does for a change of seats that is under way, if this process
     * leads the metadata group. Waits for the answers of others; each has a limit of its own.
     */
    void carryOutSeatChange() {
        seatChanges.run();
    }

    RaftService raft() {
        return raft;
    }

    boolean isMaster() {
        return node.getClusterService().isMaster();
    }

    Address masterAddress() {
        return node.getClusterService().getMasterAddress();
    }

    Address localAddress() {
        return node.getClusterService().getThisAddress();
    }

    boolean isRunning() {
        return node.isRunning();
    }

    Collection<Member> members() {
        return node.getClusterService().getMembers();
    }

    /**
     * Returns whether a member is there. One that died stays in the list of members for seconds
     * where it was the master; its connection ends at once.
     */
    boolean isConnected(Member member) {
        return member.localMember()
                || node.getServer()
                                .getConnectionManager(EndpointQualifier.MEMBER)
                                .get(member.getAddress())
                        != null;
    }

    Optional<UUID> localCpUuid() {
        CPMemberInfo local = raft.getLocalCPMember();
        return local == null ? Optional.empty() : Optional.of(local.getUuid());
    }

    /**
     * Returns whether this member may lead its cluster into another one: it is its master, and no
     * such thing is under way. While partitions still move after a loss Hazelcast would refuse, and
     * try again only a second later.
     */
    boolean mayMerge() {
        ClusterServiceImpl cluster = node.getClusterService();
        return node.isRunning()
                && cluster.isJoined()
                && cluster.isMaster()
                && cluster.getClusterState().isJoinAllowed()
                && !node.getPartitionService().hasOnGoingMigrationLocal();
    }

    /**
     * Returns whether there is a connection to {@code address}; if not, one is begun, unless one is
     * under way. Does not block.
     */
    boolean connect(Address address) {
        return address.equals(localAddress())
                || node.getServer()
                                .getConnectionManager(EndpointQualifier.MEMBER)
                                .getOrConnect(address, true)
                        != null;
    }

    /**
     * Asks the member at {@code address}, which is of another cluster, who has to join whom. Null
     * where it leads none, or is joining one.
     */
    CompletionStage<Reunion.MergeAnswer> askToMerge(Address address) {
        SplitBrainJoinMessage request = node.createSplitBrainJoinMessage();
        return node.getNodeEngine()
                .getOperationService()
                .createInvocationBuilder(
                        ClusterServiceImpl.SERVICE_NAME,
                        new SplitBrainMergeValidationOp(request),
                        address)
                .setTryCount(1)
                .<SplitBrainJoinMessage>invoke()
                .thenApplyAsync(answer -> judged(answer, request.getMemberListVersion()));
    }

    private Reunion.MergeAnswer judged(SplitBrainJoinMessage answer, int version) {
        if (answer == null) {
            return null;
        }
        boolean here =
                node.getClusterService().getClusterJoinManager().shouldMerge(answer)
                        == SplitBrainMergeCheckResult.LOCAL_NODE_SHOULD_MERGE;
        return new Reunion.MergeAnswer(here, Set.copyOf(answer.getMemberAddresses()), version);
    }

    /**
     * Leads this member's cluster into that of {@code address}, by Hazelcast's own way, if nothing
     * has changed since it was asked. Returns when every member of it has begun to.
     */
    void merge(Address address, Reunion.MergeAnswer answer) {
        if (!mayMerge()) {
            return;
        }
        try {
            startMerge.invoke(node.getJoiner(), address, answer.version());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("joining " + address + " failed: " + e.getCause(), e);
        }
    }

    /** Tells the cluster that {@code member} is gone and closes the connection to it. */
    void suspect(Member member, String reason) {
        node.getClusterService().suspectMember(member, reason, true);
    }

    /** Returns the keys of the groups in which this process votes: seated, and with a leader. */
    Set<String> votingGroups() {
        Set<String> keys = new TreeSet<>();
        for (RaftNode raftNode : raft.getAllRaftNodes()) {
            RaftNodeStatus status = raftNode.getStatus();
            boolean active =
                    status == RaftNodeStatus.ACTIVE
                            || status == RaftNodeStatus.UPDATING_GROUP_MEMBER_LIST;
            if (active
                    && raftNode.getLeader() != null
                    && raftNode.getAppliedMembers().contains(raftNode.getLocalMember())) {
                keys.add(key(raftNode.getGroupId()));
            }
        }
        return keys;
    }

    /**
     * Returns the groups of which this process has a part: each with the identities of its members,
     * as far as this process knows.
     */
    Map<String, Set<UUID>> memberships() {
        Map<String, Set<UUID>> result = new HashMap<>();
        for (RaftNode raftNode : raft.getAllRaftNodes()) {
            if (!raftNode.isTerminatedOrSteppedDown()) {
                result.put(
                        key(raftNode.getGroupId()),
                        raftNode.getAppliedMembers().stream()
                                .map(RaftEndpoint::getUuid)
                                .collect(Collectors.toSet()));
            }
        }
        return result;
    }

    /** Returns what tells one CP group from another, also after a reset. */
    static String key(CPGroupId group) {
        return group.getName().replace(',', '_').replace(';', '_') + "#" + group.getId();
    }

    /** Returns {@code member} as a word that {@link #learn} reads. */
    static String seat(CPMember member) {
        Address address = member.getAddress();
        return member.getUuid() + "@" + address.getPort() + "@" + address.getHost();
    }

    /**
     * Tells Hazelcast who votes, by the word of others. A process that has just joined would
     * otherwise not know whom to ask until the next broadcast, up to ten seconds later. What
     * Hazelcast learns by itself is newer and replaces it.
     */
    void learn(Collection<String> seats) {
        Set<CPMember> members = new HashSet<>();
        for (String seat : seats) {
            String[] parts = seat.split("@", 3);
            try {
                members.add(
                        new CPMemberInfo(
                                UUID.fromString(parts[0]),
                                new Address(parts[2], Integer.parseInt(parts[1]))));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("no seat: " + seat, e);
            }
        }
        raft.updateInvocationManagerMembers(raft.getMetadataGroupId().getSeed(), 0, members);
    }

    /** Returns this process's Raft node of the group {@code name}; empty if it has none. */
    Optional<RaftNode> raftNode(String name) {
        return raft.getAllRaftNodes().stream()
                .filter(each -> each.getGroupId().getName().equals(name))
                .filter(each -> !each.isTerminatedOrSteppedDown())
                .findFirst();
    }

    boolean leads(RaftNode raftNode) {
        return raftNode.getLocalMember().equals(raftNode.getLeader());
    }

    /** Asks the leader of {@code raftNode}'s group to hand over to this process; best effort. */
    void askForLeadership(RaftNode raftNode, Collection<CPMember> cpMembers) {
        RaftEndpoint leader = raftNode.getLeader();
        CPMemberInfo self = raft.getLocalCPMember();
        if (leader == null || self == null) {
            return;
        }
        cpMembers.stream()
                .filter(member -> member.getUuid().equals(leader.getUuid()))
                .map(CPMember::getAddress)
                .findFirst()
                .ifPresent(
                        address ->
                                node.getNodeEngine()
                                        .getOperationService()
                                        .invokeOnTargetAsync(
                                                RaftService.SERVICE_NAME,
                                                new TransferLeadershipOp(
                                                        raftNode.getGroupId(), self),
                                                address));
    }

    /**
     * Starts an election in {@code raftNode}'s group at once if its leader is {@code gone} or
     * unknown, as the leader itself does when it hands over. Raft is safe under any election at any
     * time; waiting for the missed heartbeats of a leader whose death is known is only slow.
     */
    void electInsteadOf(UUID gone, RaftNode raftNode) {
        if (!(raftNode instanceof RaftNodeImpl node)) {
            return;
        }
        node.execute(
                () -> {
                    RaftState state = node.state();
                    RaftEndpoint leader = state.leader();
                    if (leader == null && state.role() == RaftRole.FOLLOWER) {
                        new LeaderElectionTask(node, true).run();
                    } else if (leader != null && leader.getUuid().equals(gone)) {
                        node.handleTriggerLeaderElection(
                                new TriggerLeaderElection(
                                        leader,
                                        state.term(),
                                        state.log().lastLogOrSnapshotTerm(),
                                        state.log().lastLogOrSnapshotIndex()));
                    }
                });
    }
}
