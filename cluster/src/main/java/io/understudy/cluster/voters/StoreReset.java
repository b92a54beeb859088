package io.understudy.cluster.voters;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.cp.CPSubsystemManagementService;
import com.hazelcast.topic.ITopic;
import com.hazelcast.topic.Message;
import io.understudy.core.node.NodeName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Carries the word to reset the consensus store to the one member that can do it, the cluster's
 * master, which may be a witness that no operator talks to. All on the voters' thread.
 */
final class StoreReset implements AutoCloseable {

    private static final Logger LOG = System.getLogger(StoreReset.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 100;
    private static final String TOPIC = "understudy.voters.reset";

    private final HazelcastCore core;
    private final CPSubsystemManagementService management;
    private final ScheduledExecutorService thread;
    private final ITopic<String> topic;
    private final UUID listener;
    private final Runnable begun;
    private final LossWatch watch = new LossWatch();
    private volatile Runnable byItself = () -> {};

    /**
     * @param begun told on every member when a reset begins
     */
    StoreReset(
            HazelcastInstance instance,
            HazelcastCore core,
            ScheduledExecutorService thread,
            Runnable begun) {
        this.begun = begun;
        this.core = core;
        this.management = instance.getCPSubsystem().getCPSubsystemManagementService();
        this.thread = thread;
        this.topic = instance.getTopic(TOPIC);
        this.listener = topic.addMessageListener(this::hear);
    }

    void whenByItself(Runnable told) {
        byItself = Objects.requireNonNull(told, "told");
    }

    /**
     * Forms the store anew if it is lost for good; the master alone does it.
     *
     * @param word what voters said lately; none unless all are connected
     */
    void tend(NodeName self, Map<NodeName, VoterReport> word, List<NodeName> voters) {
        boolean others = core.members().size() > voters.size();
        if (!watch.lost(word, voters, others, System.nanoTime()) || !core.isMaster()) {
            return;
        }
        watch.resetBegun(System.nanoTime());
        LOG.log(Level.WARNING, "The consensus store is lost for good: it is formed anew");
        byItself.run();
        CompletableFuture<Void> result = new CompletableFuture<>();
        result.whenComplete(
                (done, error) -> {
                    if (error != null) {
                        LOG.log(Level.WARNING, "The consensus store is not formed yet", error);
                    }
                });
        ask(self, result);
    }

    /** Asks the master, and completes {@code result} when this member has forgotten. */
    void ask(NodeName asker, CompletableFuture<Void> result) {
        Object before = core.raft().getMetadataGroupId();
        topic.publish(asker.value());
        awaitForgotten(before, System.nanoTime() + LIMIT.toNanos(), result);
    }

    private void awaitForgotten(Object before, long deadline, CompletableFuture<Void> result) {
        boolean forgotten = !core.raft().getMetadataGroupId().equals(before);
        if (forgotten && core.raft().isDiscoveryCompleted()) {
            result.complete(null);
        } else if (System.nanoTime() - deadline > 0) {
            result.completeExceptionally(
                    new IllegalStateException(
                            ("The consensus store was not reset within %d s: see the log of the"
                                            + " cluster's master at %s.")
                                    .formatted(LIMIT.toSeconds(), core.masterAddress())));
        } else {
            thread.schedule(
                    () -> awaitForgotten(before, deadline, result),
                    POLL_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    private void hear(Message<String> message) {
        String asker = message.getMessageObject();
        thread.execute(
                () -> {
                    watch.resetBegun(System.nanoTime());
                    begun.run();
                    if (core.isMaster()) {
                        LOG.log(
                                Level.WARNING,
                                "The consensus store is reset by the word of {0}; all leases are"
                                        + " forgotten",
                                asker);
                        resetAsMaster();
                    }
                });
    }

    private void resetAsMaster() {
        management
                .reset()
                .whenComplete(
                        (done, error) -> {
                            if (error != null) {
                                LOG.log(
                                        Level.ERROR,
                                        "The consensus store could not be reset",
                                        error);
                            }
                        });
    }

    @Override
    public void close() {
        try {
            topic.removeMessageListener(listener);
        } catch (HazelcastInstanceNotActiveException e) {
            LOG.log(Level.DEBUG, "The member had stopped before its voters did");
        }
    }
}
