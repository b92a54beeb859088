package io.understudy.cluster.relay;

import io.understudy.cluster.lease.HazelcastLeaseStore;
import io.understudy.cluster.peer.PeerRefusal;
import io.understudy.cluster.peer.PeerRequest;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.voters.ClusterMember;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.lease.LeaseStore;
import io.understudy.core.lease.LeaseStoreUnavailableException;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A voter's service to members that do not vote: does their calls to the lease store, each on
 * threads of the peer port. At most {@value #AT_ONCE} wait at a time, so that a store without a
 * majority leaves threads for the ledger; more are refused, and their callers ask another voter.
 */
public final class LeaseRelay implements AutoCloseable {

    private static final int AT_ONCE = 8;
    private static final Duration LIMIT = Duration.ofMillis(700);
    private static final long TURN_MILLIS = 50;

    private final ClusterMember member;
    private final Map<NodeName, HazelcastLeaseStore> stores = new ConcurrentHashMap<>();
    private final Semaphore turns = new Semaphore(AT_ONCE);

    /**
     * @param member this voter's part in the store; to be closed after this
     * @param server answers the other members
     */
    public LeaseRelay(ClusterMember member, PeerServer server) {
        this.member = member;
        server.handle(RelayCall.READ, this::read);
        server.handle(RelayCall.WRITE, this::write);
        server.handle(RelayCall.STATE, request -> RelayCall.State.of(member.state()));
    }

    private RelayCall.Answer read(PeerRequest request) throws Exception {
        RelayCall call = request.as(RelayCall.class);
        return answer(
                storeOf(request.from()).read(call.instance()),
                record ->
                        new RelayCall.Answer(
                                record.map(LeaseRecord::encoded).orElse(null), false, null));
    }

    private RelayCall.Answer write(PeerRequest request) throws Exception {
        RelayCall call = request.as(RelayCall.class);
        Optional<LeaseRecord> expected =
                Optional.ofNullable(call.expected()).map(LeaseRecord::decode);
        LeaseRecord next = LeaseRecord.decode(call.next());
        return answer(
                storeOf(request.from()).compareAndSet(call.instance(), expected, next),
                written -> new RelayCall.Answer(null, written, null));
    }

    /** A store for each caller: it has one call at a time, which must not stand in ours' way. */
    private LeaseStore storeOf(NodeName caller) {
        return stores.computeIfAbsent(caller, name -> member.leasesFor(LIMIT));
    }

    private <T> RelayCall.Answer answer(
            CompletionStage<T> stage, java.util.function.Function<T, RelayCall.Answer> said)
            throws InterruptedException, PeerRefusal {
        if (!turns.tryAcquire(TURN_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new PeerRefusal(AT_ONCE + " calls to the lease store wait here already.");
        }
        try {
            return said.apply(
                    stage.toCompletableFuture().get(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LeaseStoreUnavailableException unavailable) {
                return new RelayCall.Answer(null, false, unavailable.getMessage());
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            return new RelayCall.Answer(null, false, "The lease store did not keep its limit.");
        } finally {
            turns.release();
        }
    }

    /** Fails calls under way. */
    @Override
    public void close() {
        stores.values().forEach(HazelcastLeaseStore::close);
    }
}
