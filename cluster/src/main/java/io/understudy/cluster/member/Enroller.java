package io.understudy.cluster.member;

import io.understudy.cluster.peer.Loop;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.register.RegisterVoter;
import io.understudy.cluster.register.Relearning;
import io.understudy.cluster.register.Suffrage;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Enrolment;
import io.understudy.core.peer.Enrolment.Word;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Sees to it that this member votes only with a disk that forgot nothing, by the rule of {@link
 * Enrolment}: tells the others whose disk this is, asks what they know, learns what is missing. One
 * thread, on which all of it happens; it rests when every other member has noted the disk.
 */
final class Enroller implements AutoCloseable {

    static final String PATH = "/member/disk";

    private static final System.Logger LOG = System.getLogger(Enroller.class.getName());
    private static final Duration EVERY = Duration.ofMillis(400);
    private static final Duration EVERY_WHEN_VOTING = Duration.ofSeconds(5);
    private static final long TELL_AFTER_NANOS = 10_000_000_000L;

    private final NodeConfiguration node;
    private final MemberDisk disk;
    private final Suffrage suffrage;
    private final List<RegisterVoter> voters;
    private final PeerClient client;
    private final Duration limit;
    private final Consumer<String> alarm;
    private final Loop loop;
    private final List<NodeName> others;
    private final List<NodeName> otherVoters;
    private final Map<NodeName, Word> words = new HashMap<>();
    private final long began = System.nanoTime();
    private boolean told;
    private Enrolment.Kind last;

    /**
     * On the wire: whose disk it is.
     *
     * @param id the asking member's disk
     * @param replaces whether it takes the place of another one
     */
    record Asked(String id, boolean replaces) {}

    /**
     * On the wire: what the other says.
     *
     * @param otherDisk whether it knows the asking member with another disk
     * @param id the answering member's disk
     * @param votes whether it votes
     */
    record Answer(boolean otherDisk, String id, boolean votes) {}

    /**
     * @param disk opened by its owner
     * @param suffrage of {@code voters}; barred unless the disk votes
     * @param voters of this member, all of them
     * @param limit for a call
     * @param alarm gets a sentence when an operator must act; must not block
     */
    Enroller(
            NodeConfiguration node,
            MemberDisk disk,
            Suffrage suffrage,
            List<RegisterVoter> voters,
            PeerClient client,
            Duration limit,
            Consumer<String> alarm) {
        this.node = node;
        this.disk = disk;
        this.suffrage = suffrage;
        this.voters = voters;
        this.client = client;
        this.limit = limit;
        this.alarm = alarm;
        this.others =
                node.members().stream()
                        .map(NodeConfiguration.Member::name)
                        .filter(name -> !name.equals(node.name()))
                        .toList();
        this.otherVoters = others.stream().filter(node.voters()::contains).toList();
        this.loop = new Loop("understudy-disk-" + node.name());
    }

    /** Returns a suffrage for a disk: granted if it votes, or the member has no vote anyway. */
    static Suffrage suffrage(NodeConfiguration node, MemberDisk disk) {
        return disk.votes() || !node.isVoter()
                ? Suffrage.granted()
                : Suffrage.barred(
                        "The data directory of "
                                + node.name()
                                + " is new: it votes when all other voters have answered it.");
    }

    /**
     * Answers the others.
     *
     * @param told hears of a member that is known with another disk
     */
    void serve(PeerServer server, Consumer<NodeName> told) {
        server.handle(
                PATH,
                request -> {
                    Asked asked = request.as(Asked.class);
                    boolean noted = disk.note(request.from(), asked.id(), asked.replaces());
                    if (!noted) {
                        told.accept(request.from());
                    }
                    return new Answer(!noted, disk.id(), disk.votes() || !node.isVoter());
                });
    }

    /** What a member asks the others: one that has no vote may have any disk. */
    static Asked question(NodeConfiguration node, MemberDisk disk) {
        return new Asked(disk.id(), disk.recovering() || !node.isVoter());
    }

    /** Begins to ask. */
    void start() {
        loop.run(this::ask);
    }

    private void ask() {
        List<NodeName> missing = others.stream().filter(name -> !settled(name)).toList();
        CompletableFuture<?>[] asked =
                missing.stream().map(this::ask).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(asked).whenComplete((all, error) -> loop.run(this::consider));
    }

    /** A voter with an empty disk must be asked until it votes. */
    private boolean settled(NodeName name) {
        Word word = words.get(name);
        return word != null && word.votes() && !word.otherDisk();
    }

    private CompletableFuture<Void> ask(NodeName peer) {
        return client.call(peer, PATH, question(node, disk), Answer.class, limit)
                .handle(
                        (answer, error) -> {
                            loop.run(() -> heard(peer, answer, error));
                            return (Void) null;
                        })
                .toCompletableFuture();
    }

    private void heard(NodeName peer, Answer answer, Throwable error) {
        if (error != null) {
            // A refusal stays until it is taken back: silence must not bring the vote again.
            words.computeIfPresent(peer, (name, word) -> word.otherDisk() ? word : null);
            return;
        }
        try {
            // Before this disk votes it must know the others', as they must know it.
            disk.note(peer, answer.id(), false);
            words.put(peer, new Word(answer.otherDisk(), answer.votes()));
        } catch (IOException e) {
            throw new UncheckedIOException("The disk of " + peer + " cannot be noted", e);
        }
    }

    private void consider() {
        if (!node.isVoter()) {
            againUnlessSettled();
            return;
        }
        Enrolment next = Enrolment.decide(disk.votes(), disk.recovering(), otherVoters, words);
        switch (next.kind()) {
            case VOTES -> {
                suffrage.grant();
                againUnlessSettled();
            }
            case LEARNS -> learn();
            case REFUSED, WAITS_FOR_MEMORY, WAITS -> {
                String sentence = sentence(next);
                suffrage.bar(sentence);
                tell(next.kind(), sentence);
                loop.runAfter(EVERY, this::ask);
            }
        }
        last = next.kind();
    }

    private void againUnlessSettled() {
        if (!others.stream().allMatch(this::settled)) {
            loop.runAfter(EVERY_WHEN_VOTING, this::ask);
        }
    }

    private void learn() {
        List<NodeName> from = otherVoters.stream().filter(name -> words.get(name).votes()).toList();
        // Calls that counted on the lost disk's answer must be over before the others are read.
        Duration pause =
                disk.recovering() && !from.isEmpty() ? limit.multipliedBy(2) : Duration.ZERO;
        loop.runAfter(
                pause,
                () ->
                        new Relearning(voters, client, limit)
                                .learn(from)
                                .whenComplete(
                                        (count, error) ->
                                                loop.run(() -> learned(from, count, error))));
    }

    private void learned(List<NodeName> from, Integer count, Throwable error) {
        if (error != null) {
            LOG.log(System.Logger.Level.WARNING, "The registers are not learned yet", error);
            loop.runAfter(EVERY, this::ask);
            return;
        }
        try {
            disk.vote();
        } catch (IOException e) {
            throw new UncheckedIOException("The vote of this disk cannot be noted", e);
        }
        suffrage.grant();
        LOG.log(
                System.Logger.Level.INFO,
                "{0} votes with a new data directory; {1} registers were learned from {2}.",
                node.name(),
                count,
                from);
        loop.run(this::consider);
    }

    private void tell(Enrolment.Kind kind, String sentence) {
        boolean late = System.nanoTime() - began > TELL_AFTER_NANOS;
        boolean news = kind != last || !told;
        if (news && (kind == Enrolment.Kind.REFUSED || late)) {
            told = true;
            alarm.accept(sentence);
        }
    }

    private String sentence(Enrolment enrolment) {
        String names =
                enrolment.about().stream().map(NodeName::value).collect(Collectors.joining(", "));
        return switch (enrolment.kind()) {
            case REFUSED ->
                    "%1$s is known to %2$s with another data directory, and does not vote. If that one is lost, start %1$s once with an empty data directory and --recover; else give it back the one it had."
                            .formatted(node.name(), names);
            case WAITS_FOR_MEMORY ->
                    "%1$s and %2$s have lost their data directories, and a third voter alone cannot know all they promised: neither votes. Give one of them back the data directory it had."
                            .formatted(node.name(), names);
            default ->
                    "The data directory of %1$s is new: it votes when all other voters have answered it. Start %2$s, or mend the network to it."
                            .formatted(node.name(), names);
        };
    }

    /** Ends the thread. */
    @Override
    public void close() {
        loop.close();
    }
}
