package io.understudy.cluster.member;

import io.understudy.cluster.heartbeat.Heartbeat;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerException;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.peer.Secret;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Whether the members that live let this one in, asked before anything of it is started: not if
 * another process of its name is alive, nor if its node file contradicts theirs, nor if its version
 * is too far from theirs. Members that do not answer say nothing; what they would refuse they
 * refuse later, call by call.
 */
public final class Admission {

    private static final String PATH = "/introduce";
    private static final Duration LIMIT = Duration.ofMillis(700);

    /** A predecessor that just ended is still heard for as long as its silence is not noticed. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final long AGAIN_MILLIS = 300;

    private Admission() {}

    /** On the wire: whether the answer will be acted upon. */
    record Asked(boolean last) {}

    /** On the wire: whether a process of the asker's name is heard. */
    record Answer(boolean taken) {}

    /**
     * What the others said.
     *
     * @param takenBy members that hear another process of this name
     * @param accepted how many let this one in
     * @param refusals sentences of members that refuse this one, by member
     */
    public record Verdict(List<NodeName> takenBy, int accepted, Map<NodeName, String> refusals) {

        /** Copies the collections. */
        public Verdict {
            takenBy = List.copyOf(takenBy);
            refusals = Map.copyOf(refusals);
        }

        /**
         * Returns whether this member may start: its name is free, and not more members refuse it
         * than let it in; a single one may be wrong itself.
         */
        public boolean isGood() {
            return takenBy.isEmpty() && refusals.size() <= accepted;
        }
    }

    /** Answers the members that ask; {@code told} hears of a name that was refused for good. */
    static void serve(PeerServer server, Heartbeat heartbeat, Consumer<NodeName> told) {
        server.handle(
                PATH,
                request -> {
                    NodeName from = request.from();
                    boolean taken = heartbeat.facts(from).contact() == Contact.HEARD;
                    if (taken && request.as(Asked.class).last()) {
                        told.accept(from);
                    }
                    return new Answer(taken);
                });
    }

    /**
     * Asks all other members; returns within about five seconds, usually at once.
     *
     * @param node this member, of which nothing runs yet
     * @param version what it will run
     */
    public static Verdict ask(NodeConfiguration node, Secret secret, String version) {
        try (PeerClient client = new PeerClient(node, secret, version)) {
            long begin = System.nanoTime();
            Verdict verdict = ask(node, client, false);
            while (!verdict.takenBy().isEmpty() && System.nanoTime() - begin < PATIENCE.toNanos()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS));
                verdict = ask(node, client, false);
            }
            // The last word is told to the members, too.
            return verdict.takenBy().isEmpty() ? verdict : ask(node, client, true);
        }
    }

    /**
     * Tells the others which data directory this member has, and asks whether they know it with
     * another one; those that do not answer say nothing. Returns within about a second.
     *
     * @param disk of the data directory that it will use
     * @return the members that know it with another one: started with this, it would not vote
     */
    public static List<NodeName> otherDisks(
            NodeConfiguration node, Secret secret, String version, MemberDisk disk) {
        try (PeerClient client = new PeerClient(node, secret, version)) {
            Map<NodeName, CompletableFuture<Enroller.Answer>> asked = new LinkedHashMap<>();
            for (NodeConfiguration.Member member : node.members()) {
                if (!member.name().equals(node.name())) {
                    asked.put(
                            member.name(),
                            client.call(
                                            member.name(),
                                            Enroller.PATH,
                                            Enroller.question(node, disk),
                                            Enroller.Answer.class,
                                            LIMIT)
                                    .toCompletableFuture());
                }
            }
            List<NodeName> knowing = new ArrayList<>();
            asked.forEach(
                    (peer, answer) -> {
                        boolean other =
                                answer.handle((word, error) -> error == null && word.otherDisk())
                                        .join();
                        if (other) {
                            knowing.add(peer);
                        }
                    });
            return knowing;
        }
    }

    private static Verdict ask(NodeConfiguration node, PeerClient client, boolean last) {
        Map<NodeName, CompletableFuture<Answer>> asked = new LinkedHashMap<>();
        for (NodeConfiguration.Member member : node.members()) {
            if (!member.name().equals(node.name())) {
                asked.put(
                        member.name(),
                        client.call(member.name(), PATH, new Asked(last), Answer.class, LIMIT)
                                .toCompletableFuture());
            }
        }
        List<NodeName> takenBy = new ArrayList<>();
        Map<NodeName, String> refusals = new LinkedHashMap<>();
        AtomicInteger accepted = new AtomicInteger();
        asked.forEach(
                (peer, answer) -> {
                    try {
                        if (answer.join().taken()) {
                            takenBy.add(peer);
                        } else {
                            accepted.incrementAndGet();
                        }
                    } catch (CompletionException e) {
                        refusal(e).ifPresent(sentence -> refusals.put(peer, sentence));
                    }
                });
        return new Verdict(takenBy, accepted.get(), refusals);
    }

    private static Optional<String> refusal(CompletionException error) {
        boolean refused =
                error.getCause() instanceof PeerException peer
                        && peer.kind() == PeerException.Kind.REFUSED;
        return refused ? Optional.of(error.getCause().getMessage()) : Optional.empty();
    }
}
