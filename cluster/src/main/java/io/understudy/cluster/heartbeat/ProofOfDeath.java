package io.understudy.cluster.heartbeat;

import io.understudy.cluster.peer.NamedThreads;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Proves that a peer's process is gone: its host refuses the connection to the peer port, which the
 * process holds as long as it lives, and the guard's port is refused too or the guard says, signed
 * with the cluster's secret, that everything is stopped. A process that hangs does not pass: the
 * kernel accepts for it. No answer proves nothing.
 *
 * <p>For a process that hangs the guard, which need not hang with it, is asked to end it: where
 * this member is ready to go on in its place ({@link #fenceWhere}), and only if the guard finds for
 * itself that the process has not moved for most of a lease. What is ended is proven gone by the
 * next question.
 *
 * <p>A firewall that <em>rejects</em> (rather than drops) both ports looks like a refusal; the
 * heartbeat ends such a proof as soon as beats come through again, and provisional service is
 * bounded by one lease.
 */
public final class ProofOfDeath implements DeathProof, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ProofOfDeath.class.getName());
    private static final int THREADS = 4;

    private final Map<NodeName, String> addresses;
    private final int peerPort;
    private final int guardPort;
    private final PeerClient client;
    private final Duration limit;
    private final LongSupplier nanoTime;
    private final ThreadPoolExecutor threads;
    private volatile Predicate<NodeName> mayFence = peer -> false;

    /**
     * What a guard answers at {@code GET /guard} and {@code POST /guard/fence}.
     *
     * @param node whose guard it is
     * @param jvm alive or dead
     * @param stopped whether the JVM is dead and every registered child gone
     */
    public record GuardAnswer(String node, String jvm, boolean stopped) {}

    /**
     * @param node this member
     * @param client asks the guards; closed by its owner
     * @param limit for each connection and answer; short, 200 ms by default
     * @param nanoTime the monotonic clock
     */
    public ProofOfDeath(
            NodeConfiguration node, PeerClient client, Duration limit, LongSupplier nanoTime) {
        this.addresses =
                node.members().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        NodeConfiguration.Member::name,
                                        NodeConfiguration.Member::address));
        this.peerPort = node.peerPort();
        this.guardPort = node.guardPort();
        this.client = client;
        this.limit = limit;
        this.nanoTime = nanoTime;
        this.threads =
                new ThreadPoolExecutor(
                        0,
                        THREADS,
                        10,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        new NamedThreads("understudy-proof-" + node.name()));
    }

    /**
     * Says where a peer that hangs is to be ended by its guard; nowhere until this is called.
     *
     * @param ready whether this member would go on at once with what the peer holds; called on the
     *     threads of this proof
     */
    public void fenceWhere(Predicate<NodeName> ready) {
        mayFence = Objects.requireNonNull(ready, "ready");
    }

    @Override
    public CompletionStage<Optional<Moment>> ask(NodeName peer) {
        Moment before = new Moment(nanoTime.getAsLong());
        CompletableFuture<Optional<Moment>> result = new CompletableFuture<>();
        try {
            threads.execute(() -> ask(peer, before, result));
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "too many proofs under way", e);
            result.complete(Optional.empty());
        }
        return result;
    }

    private void ask(NodeName peer, Moment before, CompletableFuture<Optional<Moment>> result) {
        if (!refused(peer, peerPort)) {
            result.complete(Optional.empty());
            if (mayFence.test(peer)) {
                fence(peer);
            }
        } else if (refused(peer, guardPort)) {
            result.complete(Optional.of(before));
        } else {
            client.get(peer, guardPort, "/guard", GuardAnswer.class, limit)
                    .whenComplete(
                            (answer, error) -> {
                                boolean stopped =
                                        answer != null
                                                && answer.stopped()
                                                && peer.value().equals(answer.node());
                                result.complete(stopped ? Optional.of(before) : Optional.empty());
                            });
        }
    }

    private void fence(NodeName peer) {
        client.post(peer, guardPort, "/guard/fence", GuardAnswer.class, limit)
                .whenComplete(
                        (answer, error) ->
                                LOG.log(
                                        System.Logger.Level.DEBUG,
                                        "asked the guard of {0} to end a process that hangs: {1}",
                                        peer,
                                        error == null ? answer : error.getMessage()));
    }

    private boolean refused(NodeName peer, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(addresses.get(peer), port), (int) limit.toMillis());
            return false;
        } catch (ConnectException e) {
            // Other reasons (timed out, host down) come with other words and prove nothing.
            return String.valueOf(e.getMessage()).startsWith("Connection refused");
        } catch (IOException e) {
            LOG.log(System.Logger.Level.TRACE, "no proof about " + peer, e);
            return false;
        }
    }

    /** Ends the threads; questions under way end without proof. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
