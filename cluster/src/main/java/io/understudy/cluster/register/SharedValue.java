package io.understudy.cluster.register;

import io.understudy.cluster.peer.NamedThreads;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.register.QuorumRegister.Answers;
import io.understudy.cluster.register.RegisterState.Stored;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.ledger.NoQuorumException;
import io.understudy.core.node.NodeName;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
    private static final int ATTEMPTS = 12;
    private static final int OPEN_LOOKS = 2;

    private final String space;
    private final String key;
    private final QuorumRegister register;
    private final PeerClient client;
    private final List<NodeName> peers;
    private final Consumer<String> learner;
    private final ScheduledThreadPoolExecutor thread;
    private final Random random = new SecureRandom();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
    private boolean changing;
    private boolean looking;
    private int openLooks;
    private long highestEpoch;
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
     * @param noted the number that a majority of the voters note at least, see {@link #SharedValue}
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
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1, new NamedThreads("understudy-" + space + "-value-" + node.name()));
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Begins to look for texts that others chose.
     *
     * @param server answers the others' word that something was chosen
     * @param every how often to look
     */
    public void start(PeerServer server, Duration every) {
        server.handle(
                "/" + space + "/chosen",
                request -> {
                    request.as(Chosen.class);
                    lookSoon();
                    return null;
                });
        thread.scheduleWithFixedDelay(this::look, 0, every.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns the newest chosen text that this member has learned. Any thread. */
    public Optional<String> known() {
        return known;
    }

    /** Looks now for a text that others chose. Any thread. */
    public void lookSoon() {
        run(this::look);
    }

    /**
     * Changes the text. Changes of this member are made one after the other.
     *
     * @return the text chosen in the end: what {@code change} made, or the present one if it made
     *     nothing; exceptionally {@link NoQuorumException}, and then the change may yet be made
     */
    public CompletionStage<Optional<String>> change(Change change) {
        CompletableFuture<Optional<String>> result = new CompletableFuture<>();
        underWay.add(result);
        result.whenComplete((text, error) -> underWay.remove(result));
        if (!run(() -> enqueue(() -> attempt(change, result, 1)))) {
            result.completeExceptionally(new NoQuorumException(space + " is closed."));
        }
        result.whenComplete((text, error) -> run(this::next));
        return result;
    }

    private void enqueue(Runnable work) {
        if (changing) {
            waiting.add(work);
        } else {
            changing = true;
            work.run();
        }
    }

    private void next() {
        Runnable work = waiting.poll();
        if (work == null) {
            changing = false;
        } else {
            work.run();
        }
    }

    private void attempt(Change change, CompletableFuture<Optional<String>> result, int count) {
        long epoch = ++highestEpoch;
        register.promise(key, epoch)
                .whenComplete(
                        (answers, error) ->
                                runOr(
                                        () ->
                                                promised(
                                                        change, result, count, epoch, answers,
                                                        error),
                                        result));
    }

    private void promised(
            Change change,
            CompletableFuture<Optional<String>> result,
            int count,
            long epoch,
            Answers answers,
            Throwable error) {
        if (error != null) {
            result.completeExceptionally(error);
            return;
        }
        highestEpoch = Math.max(highestEpoch, answers.promised());
        if (answers.granted() < register.majority()) {
            again(change, result, count);
            return;
        }
        Stored newest = answers.newest();
        Optional<String> present = Optional.ofNullable(newest).map(Stored::value);
        Optional<String> next;
        try {
            next = change.apply(present, new Proposal(epoch, majorityNoted(answers)));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
            return;
        }
        if (next.isEmpty() && newest == null) {
            result.complete(Optional.empty());
        } else if (next.isEmpty() && answers.keeping(newest) >= register.majority()) {
            learn(newest.epoch(), newest.revision(), newest.value());
            result.complete(present);
        } else {
            // What is left as it is gets proposed again, for it may not have been chosen yet.
            write(change, result, count, epoch, next.or(() -> present).orElseThrow());
        }
    }

    private void write(
            Change change,
            CompletableFuture<Optional<String>> result,
            int count,
            long epoch,
            String text) {
        register.write(key, epoch, 0, text)
                .whenComplete(
                        (answers, error) ->
                                runOr(
                                        () -> {
                                            if (error != null) {
                                                result.completeExceptionally(error);
                                            } else if (answers.granted() >= register.majority()) {
                                                learn(epoch, 0, text);
                                                announce(epoch);
                                                result.complete(Optional.of(text));
                                            } else {
                                                highestEpoch =
                                                        Math.max(highestEpoch, answers.promised());
                                                again(change, result, count);
                                            }
                                        },
                                        result));
    }

    /**
     * Somebody else proposes too: gives way for a random time, so that one of both comes through.
     */
    private void again(Change change, CompletableFuture<Optional<String>> result, int count) {
        if (count >= ATTEMPTS) {
            result.completeExceptionally(
                    new NoQuorumException(
                            "Other members kept changing "
                                    + space
                                    + "/"
                                    + key
                                    + " at the same time, "
                                    + count
                                    + " times over. Try again."));
            return;
        }
        long pause = 2 + random.nextInt(10 * Math.min(count, 6));
        try {
            thread.schedule(() -> attempt(change, result, count + 1), pause, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new NoQuorumException(space + " is closed."));
        }
    }

    private long majorityNoted(Answers answers) {
        long[] noted =
                answers.byVoter().values().stream()
                        .mapToLong(RegisterCall.Answer::noted)
                        .sorted()
                        .toArray();
        return noted[noted.length - register.majority()];
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

    private void announce(long epoch) {
        for (NodeName peer : peers) {
            client.call(
                            peer,
                            "/" + space + "/chosen",
                            new Chosen(epoch, 0),
                            Void.class,
                            register.limit())
                    .exceptionally(
                            error -> {
                                // It looks by itself before long.
                                LOG.log(System.Logger.Level.TRACE, "announcing to " + peer, error);
                                return null;
                            });
        }
    }

    private void look() {
        if (!looking) {
            looking = true;
            register.read(key, learnedEpoch, learnedRevision)
                    .whenComplete((answers, error) -> run(() -> looked(answers, error)));
        }
    }

    private void looked(Answers answers, Throwable error) {
        looking = false;
        if (error == null) {
            highestEpoch = Math.max(highestEpoch, answers.promised());
        }
        Stored newest = error == null ? answers.newest() : null;
        if (newest == null || !newest.isNewerThan(learnedEpoch, learnedRevision)) {
            openLooks = 0;
        } else if (answers.keeping(newest) >= register.majority()) {
            openLooks = 0;
            learn(newest.epoch(), newest.revision(), newest.value());
        } else if (++openLooks >= OPEN_LOOKS) {
            // Its proposer may be dead: whoever notices completes what a majority may have
            // accepted.
            openLooks = 0;
            change((present, proposal) -> Optional.empty())
                    .exceptionally(
                            failure -> {
                                LOG.log(System.Logger.Level.DEBUG, "completing " + key, failure);
                                return Optional.empty();
                            });
        }
    }

    private boolean run(Runnable work) {
        try {
            thread.execute(
                    () -> {
                        try {
                            work.run();
                        } catch (RuntimeException e) {
                            LOG.log(
                                    System.Logger.Level.ERROR,
                                    "The shared value " + space + "/" + key + " met an error",
                                    e);
                        }
                    });
            return true;
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.TRACE, "the shared value is closed", e);
            return false;
        }
    }

    private void runOr(Runnable work, CompletableFuture<?> result) {
        Runnable guarded =
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        result.completeExceptionally(e);
                    }
                };
        if (!run(guarded)) {
            result.completeExceptionally(new NoQuorumException(space + " is closed."));
        }
    }

    /**
     * Lets this member's voter vote again after its file was damaged; see {@link QuorumRegister}.
     */
    public CompletionStage<Void> readmit() {
        return register.readmit(key);
    }

    /** Ends the threads; changes under way complete exceptionally. */
    @Override
    public void close() {
        thread.shutdown();
        for (CompletableFuture<?> change : underWay) {
            change.completeExceptionally(new NoQuorumException(space + " is closed."));
        }
        register.close();
    }
}
