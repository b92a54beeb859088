package io.understudy.cluster.report;

import io.understudy.cluster.heartbeat.Heartbeat;
import io.understudy.cluster.heartbeat.HeartbeatListener;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.time.Moment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Publishes this member's report and keeps the newest one of every peer. The heartbeat carries only
 * the version; a peer that sees a new one fetches the text. Listeners are called on threads of the
 * peer client and must not block.
 */
public final class Reports implements AutoCloseable {

    /** A report may have this many bytes as UTF-8. */
    public static final int MAXIMUM_BYTES = 384 * 1024;

    private static final System.Logger LOG = System.getLogger(Reports.class.getName());
    private static final String PATH = "/report";
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final long RETRY_MILLIS = 250;

    private final NodeName self;
    private final PeerClient client;
    private final Heartbeat heartbeat;
    private final LongSupplier nanoTime;
    private final Map<NodeName, Report> reports = new ConcurrentHashMap<>();
    private final Map<NodeName, Wanted> wanted = new ConcurrentHashMap<>();
    private final Map<NodeName, Boolean> underWay = new ConcurrentHashMap<>();
    private final List<Consumer<Report>> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private record Wanted(long boot, long version) {}

    /** On the wire. */
    record Published(long boot, long version, String json) {}

    /**
     * @param self this member
     * @param server answers the peers' fetches
     * @param client fetches; closed by its owner
     * @param heartbeat carries versions; this listens to it
     * @param nanoTime the monotonic clock
     */
    public Reports(
            NodeName self,
            PeerServer server,
            PeerClient client,
            Heartbeat heartbeat,
            LongSupplier nanoTime) {
        this.self = self;
        this.client = client;
        this.heartbeat = heartbeat;
        this.nanoTime = nanoTime;
        server.handle(
                PATH,
                request -> {
                    Report own = reports.get(self);
                    return own == null
                            ? new Published(heartbeat.boot(), 0, "")
                            : new Published(own.boot(), own.version(), own.json());
                });
        heartbeat.listen(
                new HeartbeatListener() {
                    @Override
                    public void reportChanged(NodeName peer, long boot, long version) {
                        want(peer, new Wanted(boot, version));
                    }

                    @Override
                    public void restarted(NodeName peer) {
                        // What its former process told is no longer true.
                        reports.remove(peer);
                    }

                    @Override
                    public void contactChanged(PeerFacts facts) {
                        if (facts.contact() == Contact.HEARD) {
                            fetch(facts.name());
                        }
                    }
                });
    }

    /**
     * Publishes this member's report; the peers have it some milliseconds later. The same text as
     * before changes nothing, so this may be called as often as one likes. Any thread.
     *
     * @throws IllegalArgumentException if the text is too large
     */
    public synchronized void publish(String json) {
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAXIMUM_BYTES) {
            throw new IllegalArgumentException(
                    "a report of " + bytes + " bytes; at most " + MAXIMUM_BYTES + " are allowed");
        }
        Report old = reports.get(self);
        if (old == null || !old.json().equals(json)) {
            long version = old == null ? 1 : old.version() + 1;
            keep(new Report(self, heartbeat.boot(), version, json, now()));
            heartbeat.report(version);
            // Not a nudge: for that every instance of the peers would read lease and ledger.
            heartbeat.hurry();
        }
    }

    /** Returns the newest report of a member, this one included. Any thread. */
    public Optional<Report> of(NodeName member) {
        return Optional.ofNullable(reports.get(member));
    }

    /** Adds a listener: it hears every new report, this member's own included. */
    public void listen(Consumer<Report> listener) {
        listeners.add(listener);
    }

    private void want(NodeName peer, Wanted version) {
        if (version.version() > 0) {
            wanted.put(peer, version);
            fetch(peer);
        }
    }

    private boolean lacks(NodeName peer) {
        Wanted want = wanted.get(peer);
        Report have = reports.get(peer);
        return want != null
                && (have == null || have.boot() != want.boot() || have.version() < want.version());
    }

    private void fetch(NodeName peer) {
        if (closed || !lacks(peer) || underWay.putIfAbsent(peer, true) != null) {
            return;
        }
        client.call(peer, PATH, null, Published.class, LIMIT)
                .whenComplete(
                        (answer, error) -> {
                            underWay.remove(peer);
                            if (error != null) {
                                LOG.log(System.Logger.Level.DEBUG, "fetching a report", error);
                                retry(peer);
                            } else {
                                take(peer, answer);
                                // It may have changed while the answer was on its way.
                                fetch(peer);
                            }
                        });
    }

    private void take(NodeName peer, Published answer) {
        Report have = reports.get(peer);
        boolean newer =
                answer.version() > 0
                        && (have == null
                                || have.boot() != answer.boot()
                                || have.version() < answer.version());
        if (newer) {
            keep(new Report(peer, answer.boot(), answer.version(), answer.json(), now()));
        }
    }

    private void retry(NodeName peer) {
        if (!closed && heartbeat.facts(peer).contact() == Contact.HEARD) {
            CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(() -> fetch(peer));
        }
    }

    private void keep(Report report) {
        reports.put(report.node(), report);
        listeners.forEach(listener -> listener.accept(report));
    }

    private Moment now() {
        return new Moment(nanoTime.getAsLong());
    }

    /** Fetches nothing any more. */
    @Override
    public void close() {
        closed = true;
    }
}
