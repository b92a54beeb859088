package io.understudy.cluster.hold;

import io.understudy.cluster.configuration.Document;
import io.understudy.cluster.configuration.ReplicatedConfiguration;
import io.understudy.cluster.configuration.Version;
import io.understudy.cluster.peer.PeerJson;
import io.understudy.core.hold.Hold;
import io.understudy.core.instance.InstanceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Which instances are held for maintenance. A document of its own beside the configuration, changed
 * by a majority and kept on every member's disk: applying a group file must not end a hold, and a
 * node that starts must know of it before it acts. Safe for use by several threads.
 */
public final class Holds {

    /** Changes of different instances may meet; each tries again on what came first. */
    private static final int TRIES = 5;

    private final ReplicatedConfiguration document;
    private final Clock clock;

    /** On disk and on the wire. */
    record Kept(List<Entry> holds) {}

    /** One hold; times as ISO 8601. */
    record Entry(String instance, String by, String reason, String since, String until) {}

    /**
     * @param document keeps them; closed by its owner
     * @param clock wall time
     */
    public Holds(ReplicatedConfiguration document, Clock clock) {
        this.document = document;
        this.clock = clock;
    }

    /** Returns the hold of {@code instance} that is in force, as this member knows. */
    public Optional<Hold> of(InstanceName instance) {
        return Optional.ofNullable(kept(document.current()).get(instance))
                .filter(hold -> hold.inForce(clock.instant()));
    }

    /** Adds a listener, told whenever something about holds was learned; must not block. */
    public void listen(Runnable listener) {
        Consumer<Document> any = learned -> listener.run();
        document.listen(any);
    }

    /**
     * Holds an instance.
     *
     * @param replace whether one that is in force is replaced
     * @return the hold in force at the end: {@code hold}, or the one that came first; exceptionally
     *     {@link io.understudy.core.ledger.NoQuorumException}, and then it may happen yet
     */
    public CompletionStage<Hold> hold(Hold hold, boolean replace) {
        return change(
                        document.current(),
                        hold.by(),
                        present -> {
                            Hold before = present.get(hold.instance());
                            boolean held = before != null && before.inForce(clock.instant());
                            if (!held || replace) {
                                present.put(hold.instance(), hold);
                            }
                            return present;
                        },
                        TRIES)
                .thenApply(now -> now.get(hold.instance()));
    }

    /**
     * Releases an instance.
     *
     * @return the hold that was in force, empty if there was none; exceptionally as above
     */
    public CompletionStage<Optional<Hold>> release(InstanceName instance, String by) {
        Optional<Hold> before = of(instance);
        return change(
                        document.current(),
                        by,
                        present -> {
                            present.remove(instance);
                            return present;
                        },
                        TRIES)
                .thenApply(now -> before);
    }

    /** Lets this member's voter vote again after its file was damaged; an operator's act. */
    public CompletionStage<Boolean> readmit() {
        return document.readmit();
    }

    private CompletionStage<Map<InstanceName, Hold>> change(
            Optional<Document> present,
            String by,
            UnaryOperator<Map<InstanceName, Hold>> change,
            int tries) {
        Map<InstanceName, Hold> before = kept(present);
        Map<InstanceName, Hold> after = new TreeMap<>(before);
        // What is over is forgotten with the next change.
        after.values().removeIf(hold -> !hold.inForce(clock.instant()));
        after = change.apply(after);
        if (after.equals(before)) {
            return CompletableFuture.completedFuture(before);
        }
        Map<InstanceName, Hold> wanted = after;
        Optional<Version> version = present.map(Document::version);
        return document.propose(version, text(after), by)
                .thenCompose(
                        outcome -> {
                            if (outcome.accepted()) {
                                return CompletableFuture.completedFuture(wanted);
                            }
                            if (tries <= 1) {
                                return CompletableFuture.completedFuture(kept(outcome.current()));
                            }
                            return change(outcome.current(), by, change, tries - 1);
                        });
    }

    private static Map<InstanceName, Hold> kept(Optional<Document> document) {
        Map<InstanceName, Hold> all = new TreeMap<>();
        document.ifPresent(d -> read(d.text()).holds().forEach(e -> put(all, e)));
        return all;
    }

    private static void put(Map<InstanceName, Hold> all, Entry e) {
        InstanceName name = InstanceName.of(e.instance());
        all.put(
                name,
                new Hold(
                        name,
                        e.by(),
                        e.reason(),
                        Instant.parse(e.since()),
                        Instant.parse(e.until())));
    }

    private static Kept read(String text) {
        try {
            return PeerJson.read(text.getBytes(StandardCharsets.UTF_8), Kept.class);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The replicated holds cannot be read; do all members run the same version?", e);
        }
    }

    private static String text(Map<InstanceName, Hold> holds) {
        Kept kept =
                new Kept(
                        holds.values().stream()
                                .map(
                                        h ->
                                                new Entry(
                                                        h.instance().value(),
                                                        h.by(),
                                                        h.reason(),
                                                        h.since().toString(),
                                                        h.until().toString()))
                                .toList());
        return new String(PeerJson.write(kept), StandardCharsets.UTF_8);
    }
}
