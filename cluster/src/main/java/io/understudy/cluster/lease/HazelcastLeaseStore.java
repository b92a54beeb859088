package io.understudy.cluster.lease;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.cp.IAtomicReference;
import com.hazelcast.cp.exception.CPGroupDestroyedException;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.lease.LeaseStore;
import io.understudy.core.lease.LeaseStoreUnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Leases as linearizable registers of Hazelcast's CP subsystem: an {@code IAtomicReference<String>}
 * per instance, all in one CP group, whose Raft leader may follow the holder ({@link
 * io.understudy.cluster.voters.CpVoters#leadHere}).
 *
 * <p>Beyond the contract of {@link LeaseStore}: there is at most one outstanding call per instance.
 * A call whose limit has passed goes on in Hazelcast (up to its own call timeout); until it ends,
 * further calls for that instance fail at once, so that calls cannot pile up behind a lost majority
 * and an abandoned write cannot overtake a later one.
 */
public final class HazelcastLeaseStore implements LeaseStore, AutoCloseable {

    private static final String PREFIX = "understudy.lease.";

    private final HazelcastInstance hazelcast;
    private final Function<InstanceName, String> groupOf;
    private final Duration limit;
    private final LeaseThreads threads;
    private final Map<InstanceName, CompletableFuture<IAtomicReference<String>>> registers =
            new ConcurrentHashMap<>();
    private final Set<InstanceName> busy = ConcurrentHashMap.newKeySet();
    private final Set<CompletableFuture<?>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Keeps all leases in one CP group.
     *
     * @param hazelcast a started member; owned by the caller
     * @param group name of the CP group, the same on all members; created at first use
     * @param limit how long a call may take; positive
     * @param threads complete the stages; owned by the caller, to be closed after this store
     */
    public HazelcastLeaseStore(
            HazelcastInstance hazelcast, String group, Duration limit, LeaseThreads threads) {
        this(hazelcast, instance -> group, limit, threads);
    }

    /**
     * Keeps each lease in a CP group of the caller's choice.
     *
     * @param hazelcast a started member; owned by the caller
     * @param groupOf gives the name of the CP group, the same on all members, always the same for
     *     an instance; created at first use
     * @param limit how long a call may take; positive
     * @param threads complete the stages; owned by the caller, to be closed after this store
     */
    public HazelcastLeaseStore(
            HazelcastInstance hazelcast,
            Function<InstanceName, String> groupOf,
            Duration limit,
            LeaseThreads threads) {
        this.hazelcast = Objects.requireNonNull(hazelcast, "hazelcast");
        this.groupOf = Objects.requireNonNull(groupOf, "groupOf");
        this.limit = Objects.requireNonNull(limit, "limit");
        this.threads = Objects.requireNonNull(threads, "threads");
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("limit " + limit + " is not positive");
        }
    }

    @Override
    public CompletionStage<Optional<LeaseRecord>> read(InstanceName instance) {
        return call(
                        instance,
                        "read",
                        register -> register.getAsync().thenApply(Optional::ofNullable))
                .thenApply(text -> text.map(LeaseRecord::decode));
    }

    @Override
    public CompletionStage<Boolean> compareAndSet(
            InstanceName instance, Optional<LeaseRecord> expected, LeaseRecord next) {
        String before = expected.map(LeaseRecord::encoded).orElse(null);
        String after = next.encoded();
        return call(instance, "write", register -> register.compareAndSetAsync(before, after));
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
            Function<IAtomicReference<String>, CompletionStage<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (closed) {
            return refused(instance, verb, "this node is stopping");
        }
        if (!busy.add(instance)) {
            return refused(instance, verb, "an earlier call that got no answer in time still runs");
        }
        waiting.add(answer);
        answer.whenComplete((value, error) -> waiting.remove(answer));
        try {
            ScheduledFuture<?> timer =
                    threads.timer()
                            .schedule(
                                    () -> answer.completeExceptionally(late(instance, verb)),
                                    limit.toNanos(),
                                    TimeUnit.NANOSECONDS);
            answer.whenComplete((value, error) -> timer.cancel(false));
            register(instance)
                    .whenComplete(
                            (register, error) -> {
                                if (error != null) {
                                    ended(instance, verb, answer, null, error);
                                } else {
                                    ask(instance, verb, answer, register, question);
                                }
                            });
        } catch (RejectedExecutionException e) {
            ended(instance, verb, answer, null, e);
        }
        return answer;
    }

    /**
     * Attaches to Hazelcast's stage directly: {@code thenCompose} of the JDK would relay the packet
     * that it holds inside, undeserialised, in place of the answer.
     */
    private <T> void ask(
            InstanceName instance,
            String verb,
            CompletableFuture<T> answer,
            IAtomicReference<String> register,
            Function<IAtomicReference<String>, CompletionStage<T>> question) {
        try {
            question.apply(register)
                    .whenComplete((value, error) -> ended(instance, verb, answer, value, error));
        } catch (RuntimeException e) {
            ended(instance, verb, answer, null, e);
        }
    }

    /** Frees the instance first: whoever waits for the answer may call again at once. */
    private <T> void ended(
            InstanceName instance,
            String verb,
            CompletableFuture<T> answer,
            T value,
            Throwable error) {
        if (error != null) {
            forgetIfGone(instance, error);
        }
        busy.remove(instance);
        Runnable completion =
                error == null
                        ? () -> answer.complete(value)
                        : () -> answer.completeExceptionally(failed(instance, verb, error));
        try {
            threads.timer().execute(completion);
        } catch (RejectedExecutionException e) {
            completion.run();
        }
    }

    private CompletableFuture<IAtomicReference<String>> register(InstanceName instance) {
        return registers.computeIfAbsent(
                instance,
                name ->
                        CompletableFuture.supplyAsync(
                                () ->
                                        hazelcast
                                                .getCPSubsystem()
                                                .getAtomicReference(
                                                        PREFIX + name + "@" + groupOf.apply(name)),
                                threads.opener()));
    }

    /**
     * A register that could not be opened is opened again at the next call, and so is one whose
     * group was destroyed by a reset of the CP subsystem.
     */
    private void forgetIfGone(InstanceName instance, Throwable error) {
        CompletableFuture<IAtomicReference<String>> register = registers.get(instance);
        boolean gone = rootOf(error) instanceof CPGroupDestroyedException;
        if (register != null && (gone || register.isCompletedExceptionally())) {
            registers.remove(instance, register);
        }
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
