package io.understudy.cluster.configuration;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerJson;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.register.DurableFile;
import io.understudy.cluster.register.RegisterVoter;
import io.understudy.cluster.register.SharedValue;
import io.understudy.cluster.register.Suffrage;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The configuration of the cluster, the same on every member. A change needs a majority and the
 * version it was made from; of two concurrent ones, one wins and the other is told which. Every
 * member, the witness included, keeps the newest one it learned in {@code current.json} and starts
 * with it even when it is alone; a member that was away learns the newest when it sees a majority.
 */
public final class ReplicatedConfiguration implements AutoCloseable {

    /** A configuration may have this many bytes as UTF-8. */
    public static final int MAXIMUM_BYTES = 256 * 1024;

    private static final String SPACE = "configuration";
    private static final String KEY = "group";
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final NodeName self;
    private final Path file;
    private final Clock clock;
    private final Consumer<String> alarm;
    private final RegisterVoter voter;
    private final SharedValue value;
    private final List<Consumer<Document>> listeners = new CopyOnWriteArrayList<>();
    private final SecureRandom random = new SecureRandom();
    private volatile Optional<Document> current;

    /**
     * Opens the directory, makes it if there is none, and reads the configuration kept there.
     *
     * @param node this member
     * @param directory {@code DATA/configuration}, this member's own
     * @param server answers the others; told before it starts
     * @param client calls the others; closed by its owner
     * @param limit for each round of calls
     * @param clock wall time for people
     * @param alarm gets a sentence for the operator when a file is damaged; must not block
     * @param suffrage whether this member's voter votes at all
     * @throws IOException if the directory cannot be read
     */
    public ReplicatedConfiguration(
            NodeConfiguration node,
            Path directory,
            PeerServer server,
            PeerClient client,
            Duration limit,
            Clock clock,
            Consumer<String> alarm,
            Suffrage suffrage)
            throws IOException {
        this(SPACE, node, directory, server, client, limit, clock, alarm, suffrage);
    }

    /**
     * Opens another document of the same kind beside the configuration.
     *
     * @param space names its registers and addresses, different from any other's
     */
    public ReplicatedConfiguration(
            String space,
            NodeConfiguration node,
            Path directory,
            PeerServer server,
            PeerClient client,
            Duration limit,
            Clock clock,
            Consumer<String> alarm,
            Suffrage suffrage)
            throws IOException {
        this.self = node.name();
        this.clock = clock;
        this.alarm = alarm;
        this.voter = new RegisterVoter(space, directory.resolve("voter"), alarm, suffrage);
        this.file = directory.resolve("current.json");
        this.current = load();
        if (node.isVoter()) {
            voter.serve(server);
        }
        this.value = new SharedValue(space, KEY, node, voter, client, this::learned, limit);
        value.start(server, LOOK_EVERY);
    }

    /** Looks now for what others have put in force. Any thread. */
    public void lookSoon() {
        value.lookSoon();
    }

    /** Returns the configuration as this member knows it; empty if there never was one. */
    public Optional<Document> current() {
        return current;
    }

    /** Adds a listener: it hears every configuration learned from now on; must not block. */
    public void listen(Consumer<Document> listener) {
        listeners.add(listener);
    }

    /**
     * Proposes a configuration.
     *
     * @param expected the version it was made from; empty for the first one ever
     * @param text the group file's text, valid and at most {@link #MAXIMUM_BYTES}
     * @param author who asks for it
     * @return accepted, or the configuration that was in its way; exceptionally {@link
     *     io.understudy.core.ledger.NoQuorumException} without a majority, and then the outcome is
     *     unknown: read again before repeating
     * @throws IllegalArgumentException if the text is too large
     */
    public CompletionStage<Outcome> propose(
            Optional<Version> expected, String text, String author) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAXIMUM_BYTES) {
            throw new IllegalArgumentException(
                    "The configuration has "
                            + bytes
                            + " bytes; at most "
                            + MAXIMUM_BYTES
                            + " are allowed.");
        }
        byte[] id = new byte[8];
        random.nextBytes(id);
        String proposal = HexFormat.of().formatHex(id);
        String time = OffsetDateTime.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
        return value.change(
                        (present, attempt) -> {
                            Optional<Document> old = present.map(ReplicatedConfiguration::parse);
                            if (!old.map(Document::version).equals(expected)) {
                                // Perhaps this very proposal, completed by another member.
                                return Optional.empty();
                            }
                            long revision = old.map(d -> d.version().revision()).orElse(0L) + 1;
                            Version version = new Version(attempt.epoch(), revision);
                            return Optional.of(
                                    text(
                                            new Document(
                                                    version, proposal, text, author, self, time)));
                        })
                .thenApply(chosen -> chosen.map(ReplicatedConfiguration::parse))
                .thenApply(
                        now ->
                                new Outcome(
                                        now.map(d -> d.id().equals(proposal)).orElse(false), now));
    }

    private void learned(String text) {
        Document next = parse(text);
        boolean newer = current.isEmpty() || next.version().compareTo(current.get().version()) > 0;
        if (!newer) {
            return;
        }
        try {
            DurableFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            alarm.accept(
                    "The configuration "
                            + next.version()
                            + " cannot be written to "
                            + file
                            + " ("
                            + e.getMessage()
                            + "). Make room; it is in force here until this member restarts.");
        }
        current = Optional.of(next);
        listeners.forEach(listener -> listener.accept(next));
    }

    private Optional<Document> load() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(PeerJson.read(Files.readAllBytes(file), Document.class));
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            Path aside = file.resolveSibling("current.damaged");
            Files.move(file, aside, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            alarm.accept(
                    "The configuration kept in "
                            + file
                            + " is damaged and was set aside as "
                            + aside
                            + ". It is learned again from the other members.");
            return Optional.empty();
        }
    }

    private static Document parse(String text) {
        try {
            return PeerJson.read(text.getBytes(StandardCharsets.UTF_8), Document.class);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The replicated configuration cannot be read; do all members run the same"
                            + " version?",
                    e);
        }
    }

    private static String text(Document document) {
        return new String(PeerJson.write(document), StandardCharsets.UTF_8);
    }

    /** Returns this member's voter. */
    public RegisterVoter voter() {
        return voter;
    }

    /** Lets this member's voter vote again after its file was damaged; an operator's act. */
    public CompletionStage<Boolean> readmit() {
        return value.readmit();
    }

    /** Ends the threads and the vote. */
    @Override
    public void close() {
        value.close();
        voter.close();
    }
}
