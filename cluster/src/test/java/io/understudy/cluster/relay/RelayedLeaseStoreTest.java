package io.understudy.cluster.relay;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.DELTA;
import static io.understudy.cluster.testing.TestNodes.GAMMA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static io.understudy.cluster.testing.TestNodes.WITNESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.lease.LocalMembers;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.cluster.voters.ClusterMember;
import io.understudy.cluster.voters.VoterState;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.lease.LeaseStore;
import io.understudy.core.lease.LeaseStoreContract;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Two members that do not vote reach the leases of three that do. */
class RelayedLeaseStoreTest extends LeaseStoreContract {

    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final LocalMembers hazelcasts = new LocalMembers();
    private final TestNodes nodes = TestNodes.onFreePorts();
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final List<PeerServer> servers = new ArrayList<>();
    private final List<ClusterMember> voters = new ArrayList<>();
    private PeerClient gamma;
    private LeaseStore first;
    private LeaseStore second;

    @BeforeAll
    void start() throws IOException {
        hazelcasts.start();
        for (int i = 0; i < 3; i++) {
            ClusterMember voter =
                    new ClusterMember(
                            hazelcasts.get(i),
                            TestNodes.ALL.get(i),
                            LocalMembers.hosts(),
                            hazelcasts.plan(i).port(),
                            LIMIT);
            voters.add(keep(voter));
            PeerServer server = keep(new PeerServer(nodes.wide(TestNodes.ALL.get(i)), SECRET));
            servers.add(server);
            keep(new LeaseRelay(voter, server));
            server.start();
        }
        gamma = keep(new PeerClient(nodes.wide(GAMMA), SECRET));
        PeerClient delta = keep(new PeerClient(nodes.wide(DELTA), SECRET));
        first = new RelayedLeaseStore(TestNodes.ALL, gamma, LIMIT);
        second = new RelayedLeaseStore(TestNodes.ALL, delta, LIMIT);
        // A cold JVM on a busy host may not answer within its part at first.
        eventually(
                "the relay answers",
                () -> {
                    try {
                        first.read(fresh()).toCompletableFuture().join();
                        second.read(fresh()).toCompletableFuture().join();
                        return true;
                    } catch (RuntimeException notYet) {
                        return false;
                    }
                });
    }

    @AfterAll
    void stop() throws Exception {
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).close();
        }
        hazelcasts.close();
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.add(part);
        return part;
    }

    @Override
    protected LeaseStore store() {
        return first;
    }

    @Override
    protected LeaseStore otherStore() {
        return second;
    }

    @Override
    protected Duration limit() {
        return LIMIT;
    }

    @Override
    protected void loseMajority() {
        hazelcasts.kill(1);
        hazelcasts.kill(2);
    }

    @Test
    void aVoterReadsWhatWasWrittenThroughAnother() {
        InstanceName instance = fresh();
        LeaseRecord claim = LeaseRecord.claimed(GAMMA, new Epoch(2));
        assertTrue(await(first.compareAndSet(instance, Optional.empty(), claim)));
        assertEquals(Optional.of(claim), await(voters.get(2).leaseStore().read(instance)));
    }

    @Test
    void itLearnsHowTheVotersStand() {
        try (RelayedLeases leases = new RelayedLeases(nodes.wide(GAMMA), gamma, LIMIT)) {
            eventually("redundant", () -> leases.state().redundant());
            assertEquals(VoterState.Phase.READY, leases.state().phase());
            assertEquals(
                    Map.of(ALPHA, true, BETA, true, WITNESS, true),
                    leases.state().voters().entrySet().stream()
                            .collect(
                                    java.util.stream.Collectors.toMap(
                                            Map.Entry::getKey, e -> e.getValue().connected())));
        }
        try (PeerClient alone = new PeerClient(TestNodes.onFreePorts().wide(GAMMA), SECRET);
                RelayedLeases leases = new RelayedLeases(nodes.wide(GAMMA), alone, LIMIT)) {
            assertEquals(VoterState.Phase.NO_MAJORITY, leases.state().phase());
            assertTrue(leases.state().problem().orElseThrow().contains("alpha, beta, witness"));
        }
    }

    /** A voter that does it and does not say so: another one is asked, and the record tells. */
    @Test
    void aWriteWhoseAnswerIsLostIsFoundOut() throws Exception {
        TestNodes others = TestNodes.onFreePorts();
        CountDownLatch end = new CountDownLatch(1);
        NodeName asking = GAMMA;
        try (PeerServer mute = new PeerServer(others.wide(ALPHA), SECRET);
                PeerServer good = new PeerServer(others.wide(BETA), SECRET);
                PeerClient client = new PeerClient(others.wide(asking), SECRET)) {
            mute.handle(
                    RelayCall.WRITE,
                    request -> {
                        RelayCall call = request.as(RelayCall.class);
                        voters.get(0)
                                .leaseStore()
                                .compareAndSet(
                                        call.instance(),
                                        Optional.ofNullable(call.expected())
                                                .map(LeaseRecord::decode),
                                        LeaseRecord.decode(call.next()))
                                .toCompletableFuture()
                                .get();
                        end.await(20, TimeUnit.SECONDS);
                        return null;
                    });
            keep(new LeaseRelay(voters.get(1), good));
            mute.start();
            good.start();
            LeaseStore store =
                    new RelayedLeaseStore(List.of(ALPHA, BETA), client, Duration.ofSeconds(4));
            InstanceName instance = fresh();
            LeaseRecord claim = LeaseRecord.claimed(asking, new Epoch(2));
            assertTrue(await(store.compareAndSet(instance, Optional.empty(), claim)));
            assertEquals(Optional.of(claim), await(first.read(instance)));
            // Now beta is asked first: no doubt, no detour.
            assertTrue(await(store.compareAndSet(instance, Optional.of(claim), claim.renewed())));
            assertFalse(await(store.compareAndSet(instance, Optional.of(claim), claim.renewed())));
        } finally {
            end.countDown();
        }
    }

    @Test
    @Order(1)
    void aRenewalTakesAFewMilliseconds() {
        InstanceName instance = fresh();
        LeaseRecord record = LeaseRecord.claimed(GAMMA, new Epoch(2));
        await(first.compareAndSet(instance, Optional.empty(), record));
        long[] micros = new long[400];
        for (int i = 0; i < micros.length; i++) {
            LeaseRecord next = record.renewed();
            long start = System.nanoTime();
            assertTrue(await(first.compareAndSet(instance, Optional.of(record), next)));
            micros[i] = (System.nanoTime() - start) / 1000;
            record = next;
        }
        long[] warm = java.util.Arrays.copyOfRange(micros, 200, 400);
        java.util.Arrays.sort(warm);
        System.out.printf(
                "relayed compare-and-set: p50 %d us, p99 %d us, max %d us%n",
                warm[100], warm[198], warm[199]);
        assertTrue(warm[100] < 50_000, "p50 " + warm[100] + " us");
    }
}
