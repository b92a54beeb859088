package io.understudy.cluster.peer;

import io.understudy.cluster.peer.PeerException.Kind;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.PeerFacts;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Calls the other members. Nothing here blocks the caller; stages complete within the call's limit,
 * exceptionally with {@link PeerException}, on this client's threads: what is chained to them must
 * not block. Connections are kept and used again.
 */
public final class PeerClient implements AutoCloseable {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    private static final Duration BACKSTOP = Duration.ofMillis(500);
    private static final int STREAM_BUFFER = 64 * 1024;

    private final NodeName self;
    private final Routes routes;
    private final int peerPort;
    private final byte[] key;
    private final HttpClient http;
    private final ExecutorService threads;
    private final ScheduledThreadPoolExecutor timer;
    private final SecureRandom random = new SecureRandom();
    private final String introduction;
    private final String session;
    private final AtomicLong counter = new AtomicLong();
    private final Map<String, String> challenges = new ConcurrentHashMap<>();
    private final Set<CompletableFuture<Answer>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param node this member; its cluster.members says who can be called
     * @param secret what the members share
     */
    public PeerClient(NodeConfiguration node, Secret secret) {
        this(node, secret, "");
    }

    /**
     * @param version what this member runs; empty to leave that out
     */
    public PeerClient(NodeConfiguration node, Secret secret, String version) {
        this.introduction = Introduction.of(node, version).encoded();
        this.self = node.name();
        this.routes = new Routes(node);
        this.peerPort = node.peerPort();
        this.key = Envelope.key(secret, node.clusterName());
        this.session = hex(8);
        this.threads =
                Executors.newFixedThreadPool(
                        4, new NamedThreads("understudy-peer-client-" + node.name()));
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1, new NamedThreads("understudy-peer-client-timer-" + node.name()));
        timer.setRemoveOnCancelPolicy(true);
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(CONNECT_LIMIT)
                        .executor(threads)
                        .build();
    }

    /**
     * Says by which networks peers are reached; by that of {@code cluster.members} only until this
     * is called. The order is that of {@link PeerFacts#callAddresses} for calls and {@link
     * PeerFacts#addresses} for streams; what cannot be connected to by one is tried by the next.
     *
     * @param facts of members that are observed; must not block
     */
    public void routeBy(Function<NodeName, Optional<PeerFacts>> facts) {
        routes.observe(facts);
    }

    /**
     * Calls a peer's handler.
     *
     * @param body written as JSON; null for an empty body
     * @param reply what the answer's JSON is read as; an empty answer gives null
     * @param limit for everything together, connecting included
     */
    public <T, R> CompletionStage<R> call(
            NodeName peer, String path, T body, Class<R> reply, Duration limit) {
        return exchange(
                        peer,
                        routes.calls(peer),
                        peerPort,
                        "POST",
                        path,
                        PeerJson.write(body),
                        limit)
                .thenApply(answer -> parse(peer, path, answer, reply));
    }

    /**
     * As {@link #call}, but never by the direct link: for leases, which who cannot be reached by
     * clients must not keep.
     */
    public <T, R> CompletionStage<R> callByMain(
            NodeName peer, String path, T body, Class<R> reply, Duration limit) {
        return exchange(
                        peer,
                        routes.main(peer),
                        peerPort,
                        "POST",
                        path,
                        PeerJson.write(body),
                        limit)
                .thenApply(answer -> parse(peer, path, answer, reply));
    }

    /**
     * Asks with GET on another port of the peer's address, as the guard's.
     *
     * @param reply what the answer's JSON is read as; an empty answer gives null
     * @param limit for everything together, connecting included
     */
    public <R> CompletionStage<R> get(
            NodeName peer, int port, String path, Class<R> reply, Duration limit) {
        return exchange(peer, routes.main(peer), port, "GET", path, new byte[0], limit)
                .thenApply(answer -> parse(peer, path, answer, reply));
    }

    /**
     * Calls with POST and an empty body on another port of the peer's address, as the guard's.
     *
     * @param reply what the answer's JSON is read as; an empty answer gives null
     * @param limit for everything together, connecting included
     */
    public <R> CompletionStage<R> post(
            NodeName peer, int port, String path, Class<R> reply, Duration limit) {
        return exchange(peer, routes.main(peer), port, "POST", path, new byte[0], limit)
                .thenApply(answer -> parse(peer, path, answer, reply));
    }

    /**
     * Opens a peer's stream.
     *
     * @param body written as JSON; null for an empty body
     * @param limit for the stream to open, and later for each wait for more of it
     * @return a stream that gives only checked bytes; a cut, a stall or an error at the other side
     *     is an {@link IOException}, never an early end; to be closed by the caller
     */
    public <T> CompletionStage<InputStream> open(
            NodeName peer, String path, T body, Duration limit) {
        return exchange(
                        peer,
                        routes.streams(peer),
                        peerPort,
                        "POST",
                        path,
                        PeerJson.write(body),
                        limit)
                .thenApply(
                        answer -> {
                            if (answer.body() instanceof InputStream in) {
                                return new FramedInput(
                                        in,
                                        answer.envelope().streamKey(key),
                                        path + " of " + peer,
                                        limit,
                                        timer);
                            }
                            throw new PeerException(
                                    peer, Kind.FAILED, path + " of " + peer + " is no stream.");
                        });
    }

    private <R> R parse(NodeName peer, String path, Answer answer, Class<R> reply) {
        try {
            if (answer.body() instanceof byte[] bytes) {
                return PeerJson.read(bytes, reply);
            }
            ((InputStream) answer.body()).close();
            throw new IOException("it is a stream");
        } catch (IOException e) {
            throw new PeerException(
                    peer,
                    Kind.FAILED,
                    "The answer of "
                            + peer
                            + " to "
                            + path
                            + " is not a "
                            + reply.getSimpleName()
                            + " ("
                            + e.getMessage()
                            + "); do both members run the same version?",
                    e);
        }
    }

    private CompletableFuture<Answer> exchange(
            NodeName peer,
            List<String> hosts,
            int port,
            String method,
            String path,
            byte[] body,
            Duration limit) {
        if (hosts.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new PeerException(
                            peer,
                            Kind.FAILED,
                            peer + " is not in cluster.members of " + self + "."));
        }
        CompletableFuture<Answer> result = new CompletableFuture<>();
        underWay.add(result);
        result.whenComplete((answer, error) -> underWay.remove(result));
        if (closed) {
            result.completeExceptionally(closed(peer, path));
            return result;
        }
        CompletableFuture<Answer> work =
                Routes.first(
                        hosts, host -> attempt(peer, host + ":" + port, method, path, body, limit));
        Future<?> expiry = expire(result, work, PeerException.late(peer, path, limit), limit);
        work.whenComplete(
                (answer, error) -> {
                    expiry.cancel(false);
                    if (error == null) {
                        if (!result.complete(answer)) {
                            answer.discard();
                        }
                    } else {
                        result.completeExceptionally(
                                Answer.failure(peer, hosts.get(0) + ":" + port, path, error));
                    }
                });
        return result;
    }

    private CompletableFuture<Answer> attempt(
            NodeName peer, String target, String method, String path, byte[] body, Duration limit) {
        return send(peer, target, method, path, body, limit)
                .thenCompose(
                        answer ->
                                answer.status() == 401
                                        ? again(peer, target, method, path, body, limit, answer)
                                        : CompletableFuture.completedFuture(answer))
                .thenApply(answer -> answer.settled(peer, path));
    }

    private Future<?> expire(
            CompletableFuture<Answer> result,
            CompletableFuture<Answer> work,
            PeerException late,
            Duration limit) {
        try {
            return timer.schedule(
                    () -> {
                        result.completeExceptionally(late);
                        work.cancel(true);
                    },
                    limit.toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed in between: the one who closes completes what is under way.
            result.completeExceptionally(late);
            return CompletableFuture.completedFuture(null);
        }
    }

    private CompletableFuture<Answer> again(
            NodeName peer,
            String target,
            String method,
            String path,
            byte[] body,
            Duration limit,
            Answer answer) {
        challenges.put(target, new String((byte[]) answer.body(), StandardCharsets.US_ASCII));
        return send(peer, target, method, path, body, limit);
    }

    private CompletableFuture<Answer> send(
            NodeName peer, String target, String method, String path, byte[] body, Duration limit) {
        Envelope envelope =
                new Envelope(
                        method,
                        path,
                        self.value(),
                        peer.value(),
                        introduction,
                        session,
                        counter.incrementAndGet(),
                        challenges.getOrDefault(target, ""),
                        hex(16));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + target + path))
                        // Only a backstop that frees the connection: the limit has its own timer.
                        .timeout(limit.plus(BACKSTOP))
                        .header(Envelope.FROM, envelope.from())
                        .header(Envelope.TO, envelope.to())
                        .header(Envelope.MEMBER, envelope.member())
                        .header(Envelope.SESSION, envelope.session())
                        .header(Envelope.COUNTER, Long.toString(envelope.counter()))
                        .header(Envelope.CHALLENGE, envelope.challenge())
                        .header(Envelope.NONCE, envelope.nonce())
                        .header(Envelope.MAC, envelope.callMac(key, body))
                        .method(
                                method,
                                body.length == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        return http.sendAsync(request, PeerClient::bodyOf)
                .thenApply(response -> verified(peer, envelope, response));
    }

    private static HttpResponse.BodySubscriber<Object> bodyOf(HttpResponse.ResponseInfo info) {
        boolean stream =
                info.statusCode() == 200
                        && Envelope.KIND_STREAM.equals(
                                info.headers().firstValue(Envelope.KIND).orElse(""));
        return stream
                ? HttpResponse.BodySubscribers.mapping(
                        HttpResponse.BodySubscribers.ofInputStream(),
                        in -> new java.io.BufferedInputStream(in, STREAM_BUFFER))
                : new LimitedBody(PeerServer.MAXIMUM_BODY);
    }

    private Answer verified(NodeName peer, Envelope envelope, HttpResponse<Object> response) {
        byte[] signed = response.body() instanceof byte[] bytes ? bytes : new byte[0];
        String kind = response.headers().firstValue(Envelope.KIND).orElse("");
        String mac = response.headers().firstValue(Envelope.MAC).orElse(null);
        Answer answer = new Answer(envelope, response.statusCode(), response.body());
        if (!Envelope.same(envelope.replyMac(key, response.statusCode(), kind, signed), mac)) {
            answer.discard();
            throw new PeerException(
                    peer,
                    Kind.NOT_AUTHENTIC,
                    (response.statusCode() == 403
                                    ? peer + " refused this member as not authentic"
                                    : "The answer of " + peer + " is not authentic")
                            + ". Compare cluster.secret-file and cluster.name of "
                            + self
                            + " and "
                            + peer
                            + ".");
        }
        return answer;
    }

    private String hex(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static PeerException closed(NodeName peer, String path) {
        return new PeerException(
                peer, Kind.UNREACHABLE, "This member is stopping: " + path + " was not asked.");
    }

    /** Completes calls under way exceptionally and ends the client's threads. */
    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        for (CompletableFuture<Answer> call : underWay) {
            call.completeExceptionally(closed(self, "a call under way"));
        }
        threads.shutdownNow();
    }
}
