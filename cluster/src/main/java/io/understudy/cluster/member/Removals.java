package io.understudy.cluster.member;

import io.understudy.cluster.configuration.Document;
import io.understudy.cluster.configuration.ReplicatedConfiguration;
import io.understudy.cluster.configuration.Version;
import io.understudy.cluster.peer.PeerJson;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Which members an operator has removed. A document of its own, changed by a majority and kept on
 * every member's disk: members that know of it refuse the removed one, except that it may learn the
 * configuration, and that it is removed. Safe for use by several threads.
 */
public final class Removals {

    /** The space of its registers. */
    static final String SPACE = "removals";

    private static final int TRIES = 5;

    /**
     * Where a removed member may still call: whoever learns a value may have to complete it. It
     * leads to no service, which needs the ledger.
     */
    private static final List<String> OPEN = List.of("/" + SPACE + "/", "/configuration/");

    private final ReplicatedConfiguration document;
    private final Clock clock;

    /** On disk and on the wire. */
    record Kept(Map<String, Removal> removed) {}

    /**
     * A removal.
     *
     * @param by who said so
     * @param at when, ISO 8601 with offset
     */
    public record Removal(String by, String at) {}

    /**
     * @param document keeps them; closed by its owner
     * @param clock wall time
     */
    Removals(ReplicatedConfiguration document, Clock clock) {
        this.document = document;
        this.clock = clock;
    }

    /** Returns the removal of {@code member}, as this member knows. */
    public Optional<Removal> of(NodeName member) {
        return Optional.ofNullable(kept(document.current()).get(member.value()));
    }

    /** Adds a listener, told whenever something about removals was learned; must not block. */
    public void listen(Runnable listener) {
        document.listen(learned -> listener.run());
    }

    /**
     * Returns why a call of {@code member} is refused; empty if it is not.
     *
     * @param path what it calls
     */
    Optional<String> refusal(NodeName member, String path) {
        return of(member)
                .filter(removal -> OPEN.stream().noneMatch(path::startsWith))
                .map(
                        removal ->
                                "%1$s was removed from the cluster at %2$s by %3$s. To let it take part again, say on a member that runs: understudy node admit %1$s"
                                        .formatted(member, removal.at(), removal.by()));
    }

    /**
     * Notes a removal.
     *
     * @return the one in force, perhaps an earlier one; exceptionally {@link
     *     io.understudy.core.ledger.NoQuorumException}, and then it may happen yet
     */
    public CompletionStage<Removal> remove(NodeName member, String by) {
        String at = OffsetDateTime.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
        return change(
                        document.current(),
                        by,
                        present -> {
                            present.putIfAbsent(member.value(), new Removal(by, at));
                            return present;
                        },
                        TRIES)
                .thenApply(now -> now.get(member.value()));
    }

    /**
     * Takes a removal back.
     *
     * @return whether there was one; exceptionally as above
     */
    public CompletionStage<Boolean> admit(NodeName member, String by) {
        boolean removed = of(member).isPresent();
        return change(
                        document.current(),
                        by,
                        present -> {
                            present.remove(member.value());
                            return present;
                        },
                        TRIES)
                .thenApply(now -> removed);
    }

    /** Lets this member's voter vote again after its file was damaged; an operator's act. */
    public CompletionStage<Boolean> readmit() {
        return document.readmit();
    }

    private CompletionStage<Map<String, Removal>> change(
            Optional<Document> present,
            String by,
            UnaryOperator<Map<String, Removal>> change,
            int tries) {
        Map<String, Removal> before = kept(present);
        Map<String, Removal> after = change.apply(new TreeMap<>(before));
        if (after.equals(before)) {
            return CompletableFuture.completedFuture(before);
        }
        Optional<Version> version = present.map(Document::version);
        String text = new String(PeerJson.write(new Kept(after)), StandardCharsets.UTF_8);
        return document.propose(version, text, by)
                .thenCompose(
                        outcome -> {
                            if (outcome.accepted() || tries <= 1) {
                                return CompletableFuture.completedFuture(
                                        outcome.accepted() ? after : kept(outcome.current()));
                            }
                            return change(outcome.current(), by, change, tries - 1);
                        });
    }

    private static Map<String, Removal> kept(Optional<Document> document) {
        return document.map(d -> read(d.text()).removed()).orElse(Map.of());
    }

    private static Kept read(String text) {
        try {
            return PeerJson.read(text.getBytes(StandardCharsets.UTF_8), Kept.class);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The replicated removals cannot be read; do all members run the same version?",
                    e);
        }
    }
}
