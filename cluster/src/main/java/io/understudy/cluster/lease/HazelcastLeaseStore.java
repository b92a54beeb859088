package io.understudy.cluster.lease;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.lease.LeaseStore;
import io.understudy.core.lease.LeaseStoreUnavailableException;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Leases in Hazelcast's CP subsystem. The leases that one node claimed first are kept in one text,
 * an {@code IAtomicReference<String>} in a CP group of its own, so that all that a node renews in
 * the same moment travels as one write ({@link Bundle}), and the Raft leadership can sit where most
 * of them are held ({@link io.understudy.cluster.voters.CpVoters#leadHere}).
 *
 * <p>Beyond the contract of {@link LeaseStore}: at most one call per text is under way. A call
 * whose limit has passed goes on in Hazelcast (up to its own call timeout); until it ends, further
 * calls wait for it within their limits, so that an abandoned write cannot overtake a later one.
 */
public final class HazelcastLeaseStore implements LeaseStore, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(HazelcastLeaseStore.class.getName());
    private static final Duration FORM_AGAIN = Duration.ofMillis(500);
    private static final String REGISTER = "understudy.leases@";

    private final HazelcastInstance hazelcast;
    private final String self;
    private final Duration limit;
    private final LeaseThreads threads;
    private final CallLimits limits;
    private final AtomicReference<LeasePlaces> places = new AtomicReference<>();
    private final Set<CompletableFuture<?>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param hazelcast a started member; owned by the caller
     * @param self this member: new leases that it claims are kept in the text of that name
     * @param limit how long a call may take; positive
     * @param threads complete the stages; owned by the caller, to be closed after this store
     */
    public HazelcastLeaseStore(
            HazelcastInstance hazelcast, NodeName self, Duration limit, LeaseThreads threads) {
        this.hazelcast = Objects.requireNonNull(hazelcast, "hazelcast");
        this.self = self.value();
        this.limit = Objects.requireNonNull(limit, "limit");
        this.threads = Objects.requireNonNull(threads, "threads");
        this.limits = new CallLimits(threads.timer(), limit, System::nanoTime);
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("limit " + limit + " is not positive");
        }
        places.set(begin());
    }

    private LeasePlaces begin() {
        return new LeasePlaces(
                self,
                group -> HazelcastRegister.open(hazelcast, REGISTER + group, threads),
                threads.timer(),
                System::nanoTime);
    }

    /**
     * Has formed what the first lease would otherwise wait for, a second or two each: on a new
     * cluster long before there is an instance. Tried until it is done or the store is closed.
     *
     * @param own whether this member is to claim leases
     * @param formed told the CP group of the leases that this member claims first, if {@code own}
     *     and nobody else holds most of them: whoever returns leaves the lead to who took over;
     *     must not block
     */
    public void form(boolean own, Consumer<String> formed) {
        LeasePlaces now = places.get();
        now.form(own)
                .whenComplete(
                        (done, error) -> {
                            if (error != null && !closed) {
                                formLater(own, formed);
                            } else if (error == null && own && leadsOwn(now)) {
                                formed.accept(now.ownName());
                            }
                        });
    }

    private boolean leadsOwn(LeasePlaces now) {
        return now.leaderOf(now.ownName()).map(NodeName::value).orElse(self).equals(self);
    }

    private void formLater(boolean own, Consumer<String> formed) {
        try {
            threads.timer()
                    .schedule(
                            () -> form(own, formed), FORM_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.log(System.Logger.Level.DEBUG, "the lease store is formed no more: closed");
        }
    }

    @Override
    public CompletionStage<Optional<LeaseRecord>> read(InstanceName instance) {
        LeasePlaces now = places.get();
        return call(
                        instance,
                        "read",
                        now,
                        () -> now.of(instance.value()),
                        bundle ->
                                bundle.map(b -> b.read(instance.value()))
                                        .orElse(
                                                CompletableFuture.completedFuture(
                                                        Optional.empty())))
                .thenApply(text -> text.map(LeaseRecord::decode));
    }

    @Override
    public CompletionStage<Boolean> compareAndSet(
            InstanceName instance, Optional<LeaseRecord> expected, LeaseRecord next) {
        String name = instance.value();
        Optional<String> before = expected.map(LeaseRecord::encoded);
        LeasePlaces now = places.get();
        return call(
                instance,
                "write",
                now,
                // Who expects a record does not make a place: without one there is no record.
                () -> before.isPresent() ? now.of(name) : now.giveTo(name).thenApply(Optional::of),
                bundle ->
                        bundle.map(b -> b.compareAndSet(name, before, next.encoded()))
                                .orElse(CompletableFuture.completedFuture(false)));
    }

    @Override
    public Optional<Moment> watchedSince() {
        return places.get().watchedSince();
    }

    /**
     * Returns the CP group of an instance's lease if {@code node} is the one who should lead it,
     * since it holds most of the leases there; empty if it is not, or not known here.
     */
    public Optional<String> groupToLead(InstanceName instance, NodeName node) {
        LeasePlaces now = places.get();
        return now.nameOf(instance.value())
                .filter(group -> now.leaderOf(group).equals(Optional.of(node)));
    }

    /** Fails every call that still waits and refuses further ones. */
    @Override
    public void close() {
        closed = true;
        for (CompletableFuture<?> stage : waiting) {
            stage.completeExceptionally(
                    new LeaseStoreUnavailableException(
                            "The lease store is closed: this node is stopping.", null));
        }
    }

    private <T> CompletableFuture<T> call(
            InstanceName instance,
            String verb,
            LeasePlaces now,
            Supplier<CompletableFuture<Optional<Bundle>>> where,
            Function<Optional<Bundle>, CompletableFuture<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (closed) {
            return refused(instance, verb, "this node is stopping");
        }
        waiting.add(answer);
        answer.whenComplete((value, error) -> waiting.remove(answer));
        try {
            limits.add(answer, () -> late(instance, verb));
            where.get()
                    .whenComplete(
                            (bundle, error) -> {
                                if (error != null) {
                                    fail(instance, verb, now, answer, error);
                                } else if (!answer.isDone()) {
                                    ask(instance, verb, now, answer, question.apply(bundle));
                                }
                            });
        } catch (RejectedExecutionException e) {
            fail(instance, verb, now, answer, e);
        }
        return answer;
    }

    /** A caller that has given up takes back what has not yet gone on its way. */
    private <T> void ask(
            InstanceName instance,
            String verb,
            LeasePlaces now,
            CompletableFuture<T> answer,
            CompletableFuture<T> asked) {
        answer.whenComplete((value, error) -> asked.cancel(false));
        asked.whenComplete(
                (value, error) -> {
                    if (error == null) {
                        answer.complete(value);
                    } else {
                        fail(instance, verb, now, answer, error);
                    }
                });
    }

    /** After a reset of the subsystem everything that was opened before is void. */
    private void fail(
            InstanceName instance,
            String verb,
            LeasePlaces now,
            CompletableFuture<?> answer,
            Throwable error) {
        if (HazelcastRegister.isGone(error)) {
            places.compareAndSet(now, begin());
        }
        answer.completeExceptionally(failed(instance, verb, error));
    }

    private LeaseStoreUnavailableException late(InstanceName instance, String verb) {
        return new LeaseStoreUnavailableException(
                "The lease of '%s' could not be %s within %d ms: no majority of the voters answers."
                        .formatted(instance, past(verb), limit.toMillis()),
                null);
    }

    private static LeaseStoreUnavailableException failed(
            InstanceName instance, String verb, Throwable error) {
        Throwable root = rootOf(error);
        String reason =
                root instanceof HazelcastInstanceNotActiveException
                        ? "this node's cluster member has stopped"
                        : root.getClass().getSimpleName() + ": " + root.getMessage();
        return new LeaseStoreUnavailableException(
                "The lease of '%s' could not be %s: %s.".formatted(instance, past(verb), reason),
                root);
    }

    private static <T> CompletableFuture<T> refused(
            InstanceName instance, String verb, String reason) {
        return CompletableFuture.failedFuture(
                new LeaseStoreUnavailableException(
                        "The lease of '%s' was not %s: %s.".formatted(instance, past(verb), reason),
                        null));
    }

    private static String past(String verb) {
        return verb.equals("write") ? "written" : "read";
    }

    private static Throwable rootOf(Throwable error) {
        Throwable root = error;
        while (root instanceof CompletionException && root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
