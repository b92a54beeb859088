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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Carries an operator's word to reset the consensus store to the one member that can do it, the
 * cluster's master, which may be a witness that no operator talks to. All on the voters' thread.
 */
final class StoreReset implements AutoCloseable {

    private static final Logger LOG = System.getLogger(StoreReset.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 100;
    private static final String TOPIC = "understudy.voters.reset";

    private final HazelcastCore core;
    private final CPSubsystemManagementService management;
    private final ScheduledExecutorService thread;
    private final ITopic<String> topic;
    private final UUID listener;

    StoreReset(HazelcastInstance instance, HazelcastCore core, ScheduledExecutorService thread) {
        this.core = core;
        this.management = instance.getCPSubsystem().getCPSubsystemManagementService();
        this.thread = thread;
        this.topic = instance.getTopic(TOPIC);
        this.listener = topic.addMessageListener(this::hear);
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
                    if (core.isMaster()) {
                        resetAsMaster(asker);
                    }
                });
    }

    private void resetAsMaster(String asker) {
        LOG.log(
                Level.WARNING,
                "The consensus store is reset by the word of an operator of {0}; all leases are"
                        + " forgotten",
                asker);
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
