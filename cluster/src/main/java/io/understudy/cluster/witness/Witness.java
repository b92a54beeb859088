package io.understudy.cluster.witness;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import io.understudy.cluster.events.EventLog;
import io.understudy.cluster.member.Peering;
import io.understudy.cluster.peer.Secret;
import io.understudy.cluster.relay.LeaseRelay;
import io.understudy.cluster.voters.ClusterMember;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.text.Messages;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A running witness: votes in the consensus store, on the ledger, the configuration and the event
 * log, and beats, so that of two nodes the one that lives can go on. Serves nothing itself.
 */
public final class Witness implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Witness.class.getName());
    private static final Duration LEASE_LIMIT = Duration.ofSeconds(2);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ClusterMember member;

    private Witness(NodeConfiguration node, Path data, Path secretFile) throws IOException {
        try {
            Secret secret = Secret.load(secretFile);
            // Opened first and so closed last: a refused port tells peers that nothing runs here.
            Peering peering =
                    keep(
                            new Peering(
                                    node,
                                    data,
                                    secret,
                                    Version.current(),
                                    Timers.FAST,
                                    Witness::alarm));
            peering.start();
            HazelcastInstance hazelcast = PlainMember.of(node).start();
            hazelcast.getLifecycleService().addLifecycleListener(this::stateChanged);
            keep(hazelcast::shutdown);
            member = keep(ClusterMember.of(hazelcast, node, LEASE_LIMIT));
            member.watch(peering.heartbeat());
            // The nodes, in whose app servers this begins late, find it done.
            member.formLeases(false);
            keep(new LeaseRelay(member, peering.server()));
            member.voters().whenResetByItself(() -> tellReset(node, peering.events()));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts a witness; returns when it has joined the others, or stands alone if it found none.
     *
     * @param node its node file
     * @param data its data directory, not used by any other process
     * @param secretFile the cluster's secret
     * @throws IOException if a port cannot be bound or the data directory cannot be written
     * @throws io.understudy.cluster.peer.SecretException if the secret cannot be used
     */
    public static Witness start(NodeConfiguration node, Path data, Path secretFile)
            throws IOException {
        return new Witness(node, data, secretFile);
    }

    /** Returns its part in the consensus store. */
    public ClusterMember member() {
        return member;
    }

    /** Hazelcast also ends by itself, out of memory or cast out of its cluster. */
    private void stateChanged(LifecycleEvent event) {
        if (event.getState() == LifecycleEvent.LifecycleState.SHUTDOWN) {
            ended.countDown();
        }
    }

    /** Waits until the witness has ended, by {@link #close} or by itself. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    private static void tellReset(NodeConfiguration node, EventLog events) {
        Map<String, String> details = Map.of("node", node.name().value(), "by", "Understudy");
        events.append(
                null,
                "WARNING",
                "STORE_RESET",
                details,
                Messages.in(Locale.ENGLISH).event("STORE_RESET", Optional.empty(), details));
    }

    private static void alarm(String sentence) {
        LOG.log(Level.ERROR, sentence);
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    /** Leaves the cluster in good order, within about ten seconds. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "A part of the witness did not stop in good order", e);
            }
        }
    }
}
