package io.understudy.cluster.peer;

import com.sun.net.httpserver.HttpExchange;
import io.understudy.cluster.peer.ReplayGuard.Verdict;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * Answers the calls of the other members. Every call must be authentic (made with the cluster's
 * secret, for this member, not seen before) and every answer is signed; see {@link Envelope} and
 * {@link ReplayGuard}. While this is open it holds its TCP port: a refused connection is a peer's
 * first half of the proof that this process is gone, so it is to be closed last.
 */
public final class PeerServer implements AutoCloseable {

    /** No body but a stream's may be larger. */
    public static final int MAXIMUM_BODY = 1024 * 1024;

    private static final System.Logger LOG = System.getLogger(PeerServer.class.getName());
    private static final int THREADS = 16;
    private static final int WAITING = 256;
    private static final int STREAMS = 6;
    private static final Duration STREAM_STALL = Duration.ofMinutes(1);

    static {
        // Without it an answer on a kept connection waits 40 ms for the caller's delayed ACK.
        presetUnlessSet("sun.net.httpserver.nodelay", "true");
        // Seconds for a request to arrive whole: nobody may hold a thread by dripping bytes.
        presetUnlessSet("sun.net.httpserver.maxReqTime", "10");
    }

    private final NodeConfiguration node;
    private final Gate gate;
    private final byte[] key;
    private final Replies replies;
    private final ReplayGuard guard = new ReplayGuard();
    private final PeerCounters counters = new PeerCounters();
    private final Map<String, PeerHandler> handlers = new ConcurrentHashMap<>();
    private final Map<String, PeerStreamHandler> streams = new ConcurrentHashMap<>();
    private final Semaphore streamPermits = new Semaphore(STREAMS);
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private final Doors doors;
    private final ThreadPoolExecutor threads;
    private final ScheduledExecutorService scheduler;

    /**
     * Binds the peer port; nothing is answered until {@link #start}.
     *
     * @param node this member; binds to its address
     * @param secret what the members share
     * @throws IOException if the port cannot be bound; the message names address and port
     */
    public PeerServer(NodeConfiguration node, Secret secret) throws IOException {
        this(node, node.peerPort(), secret, "");
    }

    /**
     * Binds the peer port; nothing is answered until {@link #start}.
     *
     * @param version what this member runs: callers too far apart are refused
     * @throws IOException if the port cannot be bound; the message names address and port
     */
    public PeerServer(NodeConfiguration node, Secret secret, String version) throws IOException {
        this(node, node.peerPort(), secret, version);
    }

    /**
     * Binds another port with the same protocol, for the guard.
     *
     * @param port TCP port on the member's address
     * @throws IOException if the port cannot be bound; the message names address and port
     */
    public PeerServer(NodeConfiguration node, int port, Secret secret) throws IOException {
        this(node, port, secret, "");
    }

    private PeerServer(NodeConfiguration node, int port, Secret secret, String version)
            throws IOException {
        this.node = node;
        this.gate = new Gate(node, version);
        this.key = Envelope.key(secret, node.clusterName());
        this.replies = new Replies(key);
        this.threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(WAITING),
                        new NamedThreads("understudy-peer-server-" + node.name()));
        // The thread that takes in calls would wait for each one that begins, on a busy host long.
        threads.prestartAllCoreThreads();
        ScheduledThreadPoolExecutor watch =
                new ScheduledThreadPoolExecutor(
                        1, new NamedThreads("understudy-peer-server-watch-" + node.name()));
        watch.setRemoveOnCancelPolicy(true);
        this.scheduler = watch;
        try {
            this.doors = new Doors(node, port, this::serve, threads, scheduler);
        } catch (IOException e) {
            threads.shutdownNow();
            scheduler.shutdownNow();
            throw e;
        }
    }

    /** Begins to answer. */
    public void start() {
        doors.start();
    }

    /**
     * Answers calls to {@code path}; to be told before or after {@link #start}.
     *
     * @param path begins with a slash
     * @throws IllegalStateException if the path has a handler already
     */
    public void handle(String path, PeerHandler handler) {
        if (streams.containsKey(path) || handlers.putIfAbsent(path, handler) != null) {
            throw new IllegalStateException("peer path " + path + " has a handler already");
        }
    }

    /**
     * Answers calls to {@code path} with streams. At most six run at a time; more are refused.
     *
     * @throws IllegalStateException if the path has a handler already
     */
    public void handleStream(String path, PeerStreamHandler handler) {
        if (handlers.containsKey(path) || streams.putIfAbsent(path, handler) != null) {
            throw new IllegalStateException("peer path " + path + " has a handler already");
        }
    }

    /**
     * Names a further rule by which calls are refused: caller and path in, why out. Asked on
     * threads of this server at every call: must not block.
     */
    public void refuse(BiFunction<NodeName, String, Optional<String>> rule) {
        gate.refuse(rule);
    }

    /**
     * Names what hears of members that are refused because they contradict this one's node file;
     * each kind once in five minutes. Called on threads of this server: must not block.
     */
    public void whenRefused(RefusalListener listener) {
        gate.listen(
                refused ->
                        listener.refused(
                                refused.member(),
                                refused.why().name(),
                                refused.theirs(),
                                refused.ours()));
    }

    /** Hears of refused members. */
    @FunctionalInterface
    public interface RefusalListener {
        /**
         * @param member the name it gives
         * @param code of the event that tells of it
         * @param theirs what it says of itself
         * @param ours what is known here
         */
        void refused(NodeName member, String code, String theirs, String ours);
    }

    /** Returns what was seen so far. */
    public PeerCounters counters() {
        return counters;
    }

    private void serve(HttpExchange exchange) {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAXIMUM_BODY + 1);
            if (body.length > MAXIMUM_BODY) {
                counters.tooLarge.increment();
                Replies.unsigned(exchange, 413, "larger than " + MAXIMUM_BODY + " bytes");
                return;
            }
            Envelope envelope = Replies.envelope(exchange);
            String given = exchange.getRequestHeaders().getFirst(Envelope.MAC);
            if (envelope == null || !Envelope.same(envelope.callMac(key, body), given)) {
                counters.notAuthentic.increment();
                String who = exchange.getRemoteAddress().getAddress().getHostAddress();
                if (warned.size() < 256 && warned.add(who)) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "Calls from {0} are refused: not made with this cluster''s secret."
                                    + " If it is a member, compare cluster.secret-file and"
                                    + " cluster.name of both.",
                            who);
                }
                Replies.unsigned(exchange, 403, "not authentic");
                return;
            }
            authentic(exchange, envelope, body);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "A peer's connection broke", e);
        } catch (RuntimeException e) {
            // The JDK's server would close the connection and say nothing.
            LOG.log(System.Logger.Level.ERROR, "A peer's call met an error", e);
        }
    }

    private void authentic(HttpExchange exchange, Envelope envelope, byte[] body)
            throws IOException {
        if (!envelope.to().equals(node.name().value())) {
            replies.refuse(
                    exchange,
                    envelope,
                    "This member is "
                            + node.name()
                            + ", not "
                            + envelope.to()
                            + ": compare cluster.members of both node files.");
            return;
        }
        Optional<String> refusal = gate.refusal(envelope);
        if (refusal.isPresent()) {
            replies.refuse(exchange, envelope, refusal.get());
            return;
        }
        Verdict verdict =
                guard.check(
                        envelope.challenge(),
                        envelope.from(),
                        envelope.session(),
                        envelope.counter());
        switch (verdict) {
            case REPLAYED -> {
                counters.replayed.increment();
                replies.refuse(exchange, envelope, "This call was made before.");
            }
            case OTHER_CHALLENGE ->
                    replies.reply(
                            exchange,
                            envelope,
                            401,
                            Envelope.KIND_CHALLENGE,
                            guard.challenge().getBytes(StandardCharsets.US_ASCII));
            case FRESH -> dispatch(exchange, envelope, body);
        }
    }

    private void dispatch(HttpExchange exchange, Envelope envelope, byte[] body)
            throws IOException {
        PeerRequest request = new PeerRequest(NodeName.of(envelope.from()), body);
        PeerHandler handler = handlers.get(envelope.path());
        PeerStreamHandler stream = streams.get(envelope.path());
        if (stream != null) {
            stream(exchange, envelope, request, stream);
        } else if (handler != null) {
            handle(exchange, envelope, request, handler);
        } else {
            replies.reason(
                    exchange,
                    envelope,
                    404,
                    node.name() + " does not know " + envelope.path() + ".");
        }
    }

    private void handle(
            HttpExchange exchange, Envelope envelope, PeerRequest request, PeerHandler handler)
            throws IOException {
        byte[] answer;
        try {
            answer = PeerJson.write(handler.handle(request));
        } catch (PeerRefusal e) {
            replies.refuse(exchange, envelope, e.getMessage());
            return;
        } catch (Exception e) {
            fail(exchange, envelope, e);
            return;
        }
        if (answer.length > MAXIMUM_BODY) {
            String size = "the answer has " + answer.length + " bytes";
            fail(exchange, envelope, new IllegalStateException(size));
            return;
        }
        counters.answered.increment();
        replies.reply(exchange, envelope, 200, Envelope.KIND_REPLY, answer);
    }

    private void stream(
            HttpExchange exchange,
            Envelope envelope,
            PeerRequest request,
            PeerStreamHandler handler)
            throws IOException {
        if (!streamPermits.tryAcquire()) {
            replies.refuse(
                    exchange,
                    envelope,
                    STREAMS + " streams are under way already; try again later.");
            return;
        }
        Thread writer = Thread.currentThread();
        // Interrupting closes the channel: nothing else ends a write that the reader never takes.
        try (StallWatch watch = new StallWatch(scheduler, STREAM_STALL, writer::interrupt)) {
            exchange.getResponseHeaders().set(Envelope.KIND, Envelope.KIND_STREAM);
            exchange.getResponseHeaders()
                    .set(
                            Envelope.MAC,
                            envelope.replyMac(key, 200, Envelope.KIND_STREAM, new byte[0]));
            exchange.sendResponseHeaders(200, 0);
            FramedOutput out =
                    new FramedOutput(exchange.getResponseBody(), envelope.streamKey(key), watch);
            try {
                handler.handle(request, out);
                out.end();
                counters.answered.increment();
            } catch (Exception e) {
                counters.failed.increment();
                if (watch.stalled()) {
                    throw new IOException(envelope.from() + " took nothing for " + STREAM_STALL, e);
                }
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The stream " + envelope.path() + " to " + envelope.from() + " failed",
                        e);
                out.fail(String.valueOf(e.getMessage()));
            }
        } finally {
            streamPermits.release();
            // A late interrupt of the watch must not hit this thread's next call.
            Thread.interrupted();
        }
    }

    private void fail(HttpExchange exchange, Envelope envelope, Exception e) throws IOException {
        counters.failed.increment();
        LOG.log(
                System.Logger.Level.WARNING,
                "The call " + envelope.path() + " of " + envelope.from() + " failed",
                e);
        replies.reason(
                exchange, envelope, 500, e.getClass().getSimpleName() + ": " + e.getMessage());
    }

    private static void presetUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Frees the port at once, ends running handlers by interruption and the threads with them. */
    @Override
    public void close() {
        doors.close();
        threads.shutdownNow();
        scheduler.shutdownNow();
    }
}
