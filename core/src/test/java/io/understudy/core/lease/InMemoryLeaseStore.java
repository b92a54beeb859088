package io.understudy.core.lease;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Lease registers in memory, seen through one {@link LeaseStore} per member, with the faults that
 * consensus has: a member cut off, a majority lost, an answer lost after the write was made. Time
 * is whatever {@link Later} makes of it, so that it runs in virtual time as well.
 *
 * <p>Safe for several threads.
 */
public final class InMemoryLeaseStore {

    /** Runs actions later, in real or in virtual time. */
    @FunctionalInterface
    public interface Later {
        /** Runs {@code action} once, {@code delay} from now; not on the calling thread. */
        void after(Duration delay, Runnable action);
    }

    private final Later later;
    private final Duration latency;
    private final Duration limit;
    private final Map<InstanceName, LeaseRecord> records = new HashMap<>();
    private final Set<NodeName> cut = new HashSet<>();
    private final Set<NodeName> loseAnswer = new HashSet<>();
    private boolean majority = true;

    /**
     * @param later runs what happens later
     * @param latency how long a call takes each way
     * @param limit when a call without an answer fails
     */
    public InMemoryLeaseStore(Later later, Duration latency, Duration limit) {
        this.later = later;
        this.latency = latency;
        this.limit = limit;
    }

    /** Returns the store as {@code member} sees it. */
    public LeaseStore viewOf(NodeName member) {
        return new View(member);
    }

    /** Cuts {@code member} off from the majority, or heals the cut. */
    public synchronized void cut(NodeName member, boolean isCut) {
        if (isCut) {
            cut.add(member);
        } else {
            cut.remove(member);
        }
    }

    /** Takes the majority away from everybody, or gives it back. */
    public synchronized void majority(boolean present) {
        majority = present;
    }

    /** Lets the next call of {@code member} take effect without telling it so. */
    public synchronized void loseNextAnswer(NodeName member) {
        loseAnswer.add(member);
    }

    /** Returns the record as it is, without a call; for assertions. */
    public synchronized Optional<LeaseRecord> peek(InstanceName instance) {
        return Optional.ofNullable(records.get(instance));
    }

    /** Forgets all records, as a reset of the consensus store does. */
    public synchronized void reset() {
        records.clear();
    }

    private synchronized boolean connected(NodeName member) {
        return majority && !cut.contains(member);
    }

    private synchronized boolean answerLost(NodeName member) {
        return loseAnswer.remove(member);
    }

    private synchronized boolean compareAndSet(
            InstanceName instance, Optional<LeaseRecord> expected, LeaseRecord next) {
        if (!Optional.ofNullable(records.get(instance)).equals(expected)) {
            return false;
        }
        records.put(instance, next);
        return true;
    }

    private final class View implements LeaseStore {

        private final NodeName member;

        View(NodeName member) {
            this.member = member;
        }

        @Override
        public CompletionStage<Optional<LeaseRecord>> read(InstanceName instance) {
            return call(instance, () -> peek(instance));
        }

        @Override
        public CompletionStage<Boolean> compareAndSet(
                InstanceName instance, Optional<LeaseRecord> expected, LeaseRecord next) {
            return call(
                    instance,
                    () -> InMemoryLeaseStore.this.compareAndSet(instance, expected, next));
        }

        private <T> CompletionStage<T> call(InstanceName instance, Supplier<T> effect) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            later.after(
                    limit,
                    () ->
                            answer.completeExceptionally(
                                    new LeaseStoreUnavailableException(
                                            "no answer about '" + instance + "' within " + limit,
                                            null)));
            later.after(latency, () -> arrive(effect, answer));
            return answer;
        }

        private <T> void arrive(Supplier<T> effect, CompletableFuture<T> answer) {
            if (!connected(member)) {
                return;
            }
            T result = effect.get();
            if (answerLost(member)) {
                return;
            }
            later.after(
                    latency,
                    () -> {
                        if (connected(member)) {
                            answer.complete(result);
                        }
                    });
        }
    }
}
