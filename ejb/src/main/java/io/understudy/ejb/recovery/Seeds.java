package io.understudy.ejb.recovery;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerRefusal;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.ejb.database.DatabaseEngine;
import io.understudy.ejb.database.SeedSource;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Whole copies of databases over the peer protocol's checked streams. */
final class Seeds {

    private static final String PATH = "/seed";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** On the wire. */
    record Wanted(String instance, String database, long epoch) {}

    private Seeds() {}

    /** Answers peers that want a copy of what {@code engineOf} finds. */
    static void serve(
            PeerServer server,
            BiFunction<InstanceName, String, Optional<DatabaseEngine>> engineOf) {
        server.handleStream(
                PATH,
                (request, out) -> {
                    Wanted wanted = request.as(Wanted.class);
                    DatabaseEngine engine =
                            engineOf.apply(InstanceName.of(wanted.instance()), wanted.database())
                                    .orElseThrow(
                                            () ->
                                                    new PeerRefusal(
                                                            "There is no database "
                                                                    + wanted.database()
                                                                    + " of instance "
                                                                    + wanted.instance()
                                                                    + " here; is the configuration"
                                                                    + " the same?"));
                    engine.seed(new Epoch(wanted.epoch()), out);
                });
    }

    /** Returns a source of copies of one database of whoever is the {@code peer} then. */
    static SeedSource of(
            PeerClient client, Supplier<NodeName> peer, InstanceName instance, String database) {
        return epoch ->
                open(client, peer.get(), new Wanted(instance.value(), database, epoch.value()));
    }

    private static InputStream open(PeerClient client, NodeName peer, Wanted wanted)
            throws IOException, InterruptedException {
        try {
            return client.open(peer, PATH, wanted, LIMIT)
                    .toCompletableFuture()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(
                    peer + " did not begin to send the copy within " + LIMIT.toSeconds() + " s", e);
        }
    }
}
