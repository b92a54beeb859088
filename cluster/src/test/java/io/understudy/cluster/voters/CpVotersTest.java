package io.understudy.cluster.voters;

import static io.understudy.cluster.lease.LocalMembers.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.cp.internal.raft.impl.RaftNode;
import io.understudy.cluster.lease.LocalMembers;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.lease.LeaseStore;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Voters that are killed, stopped and started again: alpha in this JVM, the others in their own.
 */
@Tag("slow")
class CpVotersTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration FORMED = Duration.ofSeconds(40);
    private static final NodeName ALPHA = LocalMembers.NAMES.get(0);
    private static final NodeName BETA = LocalMembers.NAMES.get(1);
    private static final InstanceName INSTANCE = InstanceName.of("i");

    private final LocalMembers members = new LocalMembers();
    private HazelcastInstance hazelcast;
    private ClusterMember alpha;
    private VoterProcess beta;
    private VoterProcess witness;
    private LeaseRecord record;

    @BeforeEach
    void start() {
        hazelcast = members.plan(0).start();
        alpha =
                new ClusterMember(
                        hazelcast,
                        ALPHA,
                        LocalMembers.hosts(),
                        members.plan(0).port(),
                        Duration.ofSeconds(2));
        beta = VoterProcess.start(members, 1);
        witness = VoterProcess.start(members, 2);
        eventually(SOON, "the voters meet", () -> phase() == VoterState.Phase.READY);
        record = LeaseRecord.claimed(ALPHA, new Epoch(2));
        eventually(SOON, "a first claim", this::claim);
        redundant("started");
    }

    @AfterEach
    void stop() {
        beta.kill();
        witness.kill();
        alpha.close();
        hazelcast.getLifecycleService().terminate();
    }

    @Test
    void aKilledFollowerIsMissedBrieflyAndComesBackToItsSeat() {
        assertTrue(leadHere());
        beta.kill();
        outage("kill of a follower", Duration.ofMillis(2000));
        eventually(SOON, "not redundant", () -> !state().redundant());
        assertFalse(state().voters().get(BETA).connected());

        beta = VoterProcess.start(members, 1);
        redundant("follower returned");
        assertTrue(state().voters().get(BETA).raftNodesReady());
        outage("after the return", Duration.ofMillis(1000));
    }

    @Test
    void aKilledLeaderIsReplacedAndComesBackToItsSeat() {
        leadThere(BETA);
        beta.kill();
        alpha.voters().suspect(Set.of(BETA));
        witness.suspect(BETA);
        outage("kill of the leader, suspected", Duration.ofMillis(1500));

        beta = VoterProcess.start(members, 1);
        redundant("leader returned");
        assertTrue(leadHere());
    }

    @Test
    void aStoppedVoterIsSuspectedAndKeepsItsSeat() {
        leadThere(BETA);
        beta.signal("STOP");
        alpha.voters().suspect(Set.of(BETA));
        witness.suspect(BETA);
        outage("stop of the leader, suspected", Duration.ofMillis(1500));

        eventually(SOON, "it is missed", () -> !state().redundant());
        beta.signal("CONT");
        redundant("stopped voter continued");
        outage("after the return", Duration.ofMillis(1000));
    }

    @Test
    void anOperatorResetsAStoreThatWorks() throws Exception {
        long start = System.nanoTime();
        alpha.voters().reset().toCompletableFuture().get(20, TimeUnit.SECONDS);
        record = LeaseRecord.claimed(ALPHA, new Epoch(4));
        eventually(SOON, "a claim", this::claim);
        System.out.println("reset: claim after " + millis(start) + " ms");
        redundant("after the reset");
    }

    @Test
    void aResetNeedsAllThree() throws Exception {
        beta.kill();
        eventually(SOON, "it is missed", () -> !state().voters().get(BETA).connected());
        ExecutionException refused =
                assertThrows(
                        ExecutionException.class,
                        () ->
                                alpha.voters()
                                        .reset()
                                        .toCompletableFuture()
                                        .get(5, TimeUnit.SECONDS));
        assertTrue(refused.getMessage().contains("beta"), refused.getMessage());
    }

    @Test
    void twoLostVotersReturnAndFormANewStoreByThemselves() {
        AtomicInteger resets = new AtomicInteger();
        alpha.voters().whenResetByItself(resets::incrementAndGet);
        beta.kill();
        witness.kill();
        eventually(SOON, "no majority", () -> phase() == VoterState.Phase.NO_MAJORITY);
        beta = VoterProcess.start(members, 1);
        // One of two is not enough to know that the third is lost.
        long half = System.nanoTime();
        eventually(SOON, "time enough", () -> millis(half) > LossWatch.CALM.toMillis() + 1000);
        assertEquals(VoterState.Phase.NO_MAJORITY, phase());
        assertEquals(0, resets.get());
        witness = VoterProcess.start(members, 2);

        long start = System.nanoTime();
        record = LeaseRecord.claimed(ALPHA, new Epoch(4));
        eventually(FORMED, "a claim", this::claim);
        System.out.println("two returned: claim after " + millis(start) + " ms");
        redundant("formed anew");
        assertEquals(1, resets.get());
    }

    @Test
    void aCutOffMajorityIsNeverReset() {
        AtomicInteger resets = new AtomicInteger();
        alpha.voters().whenResetByItself(resets::incrementAndGet);
        beta.signal("STOP");
        witness.signal("STOP");
        eventually(SOON, "no majority", () -> phase() == VoterState.Phase.NO_MAJORITY);
        beta.signal("CONT");
        witness.signal("CONT");
        redundant("both continued");
        outage("after the return", Duration.ofMillis(1000));
        assertEquals(0, resets.get());
    }

    private VoterState state() {
        return alpha.voters().state();
    }

    private VoterState.Phase phase() {
        return state().phase();
    }

    private void redundant(String when) {
        long start = System.nanoTime();
        eventually(SOON, "redundant when " + when, () -> state().redundant());
        System.out.println(when + ": redundant after " + millis(start) + " ms");
    }

    private boolean leadHere() {
        try {
            return alpha.leadHere(INSTANCE, Duration.ofSeconds(5))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private void leadThere(NodeName name) {
        assertTrue(leadHere());
        HazelcastCore core = new HazelcastCore(hazelcast);
        eventually(SOON, name + " leads", () -> handedOver(core, name));
    }

    private static boolean handedOver(HazelcastCore core, NodeName name) {
        RaftNode raftNode = core.raftNode("leases-alpha").orElseThrow();
        if (!core.leads(raftNode)) {
            return raftNode.getLeader() != null;
        }
        core.raft().getMetadataGroupManager().getActiveMembers().stream()
                .filter(
                        member ->
                                member.getAddress()
                                        .getHost()
                                        .equals(LocalMembers.hosts().get(name)))
                .forEach(member -> core.raft().transferLeadership(raftNode.getGroupId(), member));
        return false;
    }

    /** Renews until it works again, and checks how long that took. */
    private void outage(String what, Duration bound) {
        long start = System.nanoTime();
        eventually(SOON, "a renewal after " + what, this::renew);
        Duration outage = Duration.ofMillis(millis(start));
        System.out.println(what + ": renewed after " + outage.toMillis() + " ms");
        assertTrue(outage.compareTo(bound) < 0, what + ": " + outage);
        assertEquals(ALPHA, record.holder().orElseThrow());
    }

    private boolean renew() {
        LeaseRecord next = record.renewed();
        if (write(Optional.of(record), next)) {
            record = next;
            return true;
        }
        // The outcome may be unknown: read before trying again.
        read().ifPresent(seen -> record = seen);
        return false;
    }

    /** A claim that got no answer may have been made: it counts when it is read. */
    private boolean claim() {
        return write(Optional.empty(), record) || read().equals(Optional.of(record));
    }

    private boolean write(Optional<LeaseRecord> before, LeaseRecord next) {
        LeaseStore store = alpha.leaseStore();
        try {
            return store.compareAndSet(INSTANCE, before, next)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<LeaseRecord> read() {
        try {
            return alpha.leaseStore()
                    .read(INSTANCE)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static long millis(long since) {
        return (System.nanoTime() - since) / 1_000_000;
    }
}
