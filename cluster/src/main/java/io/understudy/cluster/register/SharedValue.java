package io.understudy.cluster.register;

import io.understudy.cluster.peer.Loop;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.register.RegisterState.Stored;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.ledger.NoQuorumException;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One text that the whole cluster shares, changed by compare-and-set through any member. Invariants
 * (Rystsov, CASPaxos, 2018, section 2):
 *
 * <ol>
 *   <li>All chosen texts form one chain: each was made from the one chosen before it.
 *   <li>A member learns texts in the order of the chain, maybe not every one, never a text that was
 *       not chosen.
 *   <li>A change that a majority accepted is never lost, even if its proposer dies: somebody
 *       completes it before anything else is chosen.
 * </ol>
 *
 * <p>Changes and learning run on one thread of this object.
 */
public final class SharedValue implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(SharedValue.class.getName());
    private static final int OPEN_LOOKS = 2;
    private static final int CALM = 5;
    private static final Duration TELL_AGAIN = Duration.ofMillis(500);
    private static final int TELLINGS = 3;

    private final String space;
    private final String key;
    private final QuorumRegister register;
    private final PeerClient client;
    private final List<NodeName> peers;
    private final Consumer<String> learner;
    private final Loop loop;
    private final Proposing proposing;
    private boolean looking;
    private boolean calm;
    private int passedOver;
    private int openLooks;
    private long learnedEpoch = -1;
    private long learnedRevision = -1;
    private volatile Optional<String> known = Optional.empty();

    /** Makes the next text from the present one. */
    @FunctionalInterface
    public interface Change {
        /**
         * @param present the chosen text, empty if there never was one
         * @param proposal facts about this attempt
         * @return the next text; empty to leave it as it is. May be asked several times.
         */
        Optional<String> apply(Optional<String> present, Proposal proposal);
    }

    /**
     * What an attempt knows.
     *
     * @param epoch unique to the attempt, rising
     * @param noted the number that a majority of the voters note at least, see {@link
     *     RegisterVoter#noting}
     */
    public record Proposal(long epoch, long noted) {}

    /** A member's word that a proposal is chosen. */
    record Chosen(long epoch, long revision) {}

    /**
     * @param space of the voter; also names the thread
     * @param key the text's register
     * @param node this member
     * @param voter this member's voter; {@code serve} it before
     * @param learner hears every text that this member learns, on this object's thread
     * @param limit for each round of calls
     */
    public SharedValue(
            String space,
            String key,
            NodeConfiguration node,
            RegisterVoter voter,
            PeerClient client,
            Consumer<String> learner,
            Duration limit) {
        this.space = space;
        this.key = key;
        this.register = new QuorumRegister(node, voter, client, limit);
        this.client = client;
        this.peers =
                node.members().stream()
                        .map(NodeConfiguration.Member::name)
                        .filter(name -> !name.equals(node.name()))
                        .toList();
        this.learner = learner;
        this.loop = new Loop("understudy-" + space + "-value-" + node.name());
        this.proposing =
                new Proposing(
                        space + "/" + key,
                        key,
                        register,
                        loop,
                        (epoch, revision, text, ours) -> {
                            learn(epoch, revision, text);
                            if (ours) {
                                announce(epoch, revision);
                            }
                        });
    }

    /**
     * Begins to look for texts that others chose.
     *
     * @param server answers the others' word that something was chosen
     * @param every how often to look; where the last look showed nothing new only every {@value
     *     #CALM}th time, as who chooses something tells the others
     */
    public void start(PeerServer server, Duration every) {
        server.handle(
                "/" + space + "/chosen",
                request -> {
                    request.as(Chosen.class);
                    lookSoon();
                    return null;
                });
        loop.runEvery(every, this::lookIfDue);
    }

    /** Returns the newest chosen text that this member has learned. Any thread. */
    public Optional<String> known() {
        return known;
    }

    /** Looks now for a text that others chose. Any thread. */
    public void lookSoon() {
        loop.run(this::look);
    }

    /**
     * Changes the text. Changes of this member are made one after the other.
     *
     * @return the text chosen in the end: what {@code change} made, or the present one if it made
     *     nothing; exceptionally {@link NoQuorumException}, and then the change may yet be made
     */
    public CompletionStage<Optional<String>> change(Change change) {
        return proposing.change(change);
    }

    private void learn(long epoch, long revision, String text) {
        boolean newer = epoch != learnedEpoch ? epoch > learnedEpoch : revision > learnedRevision;
        if (newer) {
            learnedEpoch = epoch;
            learnedRevision = revision;
            if (!known.equals(Optional.of(text))) {
                known = Optional.of(text);
                learner.accept(text);
            }
        }
    }

    private void announce(long epoch, long revision) {
        peers.forEach(peer -> announce(peer, new Chosen(epoch, revision), TELLINGS));
    }

    /** Who is not reached looks by itself before long, or as soon as it is heard again. */
    private void announce(NodeName peer, Chosen chosen, int tellings) {
        client.call(peer, "/" + space + "/chosen", chosen, Void.class, register.limit())
                .exceptionally(
                        error -> {
                            LOG.log(System.Logger.Level.TRACE, "announcing to " + peer, error);
                            if (tellings > 1) {
                                loop.runAfter(
                                        TELL_AGAIN, () -> announce(peer, chosen, tellings - 1));
                            }
                            return null;
                        });
    }

    private void lookIfDue() {
        if (!calm || ++passedOver >= CALM) {
            look();
        }
    }

    private void look() {
        if (!looking) {
            looking = true;
            passedOver = 0;
            register.read(key, learnedEpoch, learnedRevision)
                    .whenComplete((answers, error) -> loop.run(() -> looked(answers, error)));
        }
    }

    private void looked(Answers answers, Throwable error) {
        looking = false;
        calm = false;
        if (error != null) {
            LOG.log(System.Logger.Level.TRACE, "no majority to look at " + key, error);
            return;
        }
        proposing.saw(answers.promised());
        Stored newest = answers.newest();
        if (newest == null || !newest.isNewerThan(learnedEpoch, learnedRevision)) {
            openLooks = 0;
            calm = true;
        } else if (answers.keeping(newest) >= register.majority()) {
            openLooks = 0;
            learn(newest.epoch(), newest.revision(), newest.value());
        } else if (++openLooks >= OPEN_LOOKS) {
            // Its proposer may be dead: whoever notices completes what may have been accepted.
            openLooks = 0;
            change((present, proposal) -> Optional.empty())
                    .exceptionally(
                            failure -> {
                                LOG.log(System.Logger.Level.DEBUG, "completing " + key, failure);
                                return Optional.empty();
                            });
        }
    }

    /**
     * Lets this member's voter vote again after its file was damaged; see {@link QuorumRegister}.
     */
    public CompletionStage<Boolean> readmit() {
        return register.readmit(key);
    }

    /** Ends the threads; changes under way complete exceptionally. */
    @Override
    public void close() {
        loop.close();
        proposing.close();
        register.close();
    }
}
