package io.understudy.cluster.events;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.core.node.NodeName;
import io.understudy.core.view.EventView;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Fetches events from the peers' files, for a member that was away. Blocks; has its own thread. */
final class EventCatchUp {

    private static final System.Logger LOG = System.getLogger(EventCatchUp.class.getName());
    private static final String PATH = "/events/after";
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int PAGE = 200;
    private static final int PAGE_BYTES = 512 * 1024;

    private final EventFiles files;
    private final PeerClient client;
    private final List<NodeName> peers;

    record After(long number, int limit) {}

    /**
     * A page; {@code first} and {@code last} are the ends of what the peer keeps, 0 for nothing.
     */
    record Page(long first, long last, List<EventView> events) {}

    /** How a round of fetching ended. */
    enum Outcome {
        FETCHED,
        /** All peers answered, and none keeps the next event any more. */
        FORGOTTEN,
        /** Somebody who might keep it did not answer. */
        UNKNOWN
    }

    EventCatchUp(EventFiles files, PeerClient client, List<NodeName> peers) {
        this.files = files;
        this.client = client;
        this.peers = peers;
    }

    void serve(PeerServer server) {
        server.handle(
                PATH,
                request -> {
                    After after = request.as(After.class);
                    List<EventView> found =
                            files.after(after.number(), Math.min(after.limit(), PAGE));
                    return new Page(files.first(), files.last(), bounded(found));
                });
    }

    private static List<EventView> bounded(List<EventView> events) {
        List<EventView> page = new ArrayList<>();
        int bytes = 0;
        for (EventView event : events) {
            bytes += io.understudy.cluster.peer.PeerJson.write(event).length;
            if (!page.isEmpty() && bytes > PAGE_BYTES) {
                break;
            }
            page.add(event);
        }
        return page;
    }

    /**
     * Fetches one page of what comes after the last event kept here.
     *
     * @param fetched receives the events, contiguous with the last one kept
     */
    Outcome fetch(List<EventView> fetched) throws IOException, InterruptedException {
        long next = files.last() + 1;
        boolean allAnswered = true;
        for (NodeName peer : peers) {
            Page page = ask(peer, next - 1);
            if (page == null) {
                allAnswered = false;
            } else if (!page.events().isEmpty() && page.events().get(0).number() == next) {
                fetched.addAll(page.events());
                return Outcome.FETCHED;
            }
        }
        return allAnswered ? Outcome.FORGOTTEN : Outcome.UNKNOWN;
    }

    /** Fetches past a hole that no peer can fill: from the peer that goes back furthest. */
    Outcome fetchPastHole(List<EventView> fetched) throws InterruptedException {
        Page best = null;
        for (NodeName peer : peers) {
            Page page = ask(peer, files.last());
            if (page != null
                    && !page.events().isEmpty()
                    && (best == null
                            || page.events().get(0).number() < best.events().get(0).number())) {
                best = page;
            }
        }
        if (best == null) {
            return Outcome.FORGOTTEN;
        }
        fetched.addAll(best.events());
        return Outcome.FETCHED;
    }

    private Page ask(NodeName peer, long number) throws InterruptedException {
        try {
            return client.call(peer, PATH, new After(number, PAGE), Page.class, LIMIT)
                    .toCompletableFuture()
                    .get(LIMIT.toMillis() + 500, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "fetching events from " + peer, e);
            return null;
        }
    }
}
