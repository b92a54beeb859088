package io.understudy.cluster.register;

import io.understudy.cluster.peer.NamedThreads;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.ledger.NoQuorumException;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Asks all voters of a space at once: this member's own directly, the others over the peer
 * protocol. Nothing blocks the caller; stages complete on this object's threads as soon as the
 * outcome is certain, or within the limit.
 */
public final class QuorumRegister implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(QuorumRegister.class.getName());
    private static final int VOTING = 8;
    private static final int COMPLETING = 2;
    private static final int WAITING = 512;

    private final NodeName self;
    private final String proposer;
    private final List<NodeName> voters;
    private final RegisterVoter local;
    private final Duration limit;
    private final Map<NodeName, VoterLine> lines;
    private final ThreadPoolExecutor votes;
    private final ThreadPoolExecutor threads;

    /**
     * @param node this member; cluster.voters vote
     * @param local this member's own voter; not asked if it is none of them
     * @param limit for a call to complete
     */
    public QuorumRegister(
            NodeConfiguration node, RegisterVoter local, PeerClient client, Duration limit) {
        this.self = node.name();
        this.proposer = Proposer.of(self);
        this.voters = node.voters();
        this.lines =
                voters.stream()
                        .collect(
                                Collectors.toMap(
                                        v -> v,
                                        v -> new VoterLine(v, local.path(""), client, limit)));
        this.local = local;
        this.limit = limit;
        String name = "understudy" + local.path(self.value()).replace('/', '-');
        // Apart, so that a disk that hangs cannot keep back what the other voters answered.
        this.votes = pool(name + "-votes", VOTING);
        this.threads = pool(name, COMPLETING);
    }

    /** Threads that stay: who asks, for hundreds in one moment, must not wait while they begin. */
    private static ThreadPoolExecutor pool(String name, int size) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        size,
                        size,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(WAITING),
                        new NamedThreads(name));
        pool.prestartAllCoreThreads();
        return pool;
    }

    NodeName self() {
        return self;
    }

    Duration limit() {
        return limit;
    }

    int majority() {
        return voters.size() / 2 + 1;
    }

    /**
     * What came of {@link #claim}.
     *
     * @param granted whether a majority promised
     * @param newest the newest value among the answers, if there was one
     * @param promised the latest epoch any answering voter has promised
     */
    public record Claimed(boolean granted, Optional<String> newest, long promised) {}

    /** Has a majority promise {@code epoch} to this life of this member alone. */
    public CompletionStage<Claimed> claim(String key, long epoch) {
        return promise(key, epoch)
                .thenApply(
                        answers ->
                                new Claimed(
                                        majorityGranted(answers),
                                        Optional.ofNullable(answers.newest())
                                                .map(RegisterState.Stored::value),
                                        answers.promised()));
    }

    /**
     * Stores a value on a majority of the disks.
     *
     * @return false if a voter has promised or keeps something newer
     */
    public CompletionStage<Boolean> store(String key, long epoch, long revision, String value) {
        return write(key, epoch, revision, value).thenApply(this::majorityGranted);
    }

    /** Reads the newest value that a majority knows of, and brings voters that lag up to it. */
    public CompletionStage<Optional<String>> newest(String key) {
        return read(key, -1, -1)
                .thenApply(
                        answers -> {
                            RegisterState.Stored newest = answers.newest();
                            if (newest != null) {
                                repair(key, answers, newest);
                            }
                            return Optional.ofNullable(newest).map(RegisterState.Stored::value);
                        });
    }

    /** Sending a proposal once more is only a late delivery of it, so it is safe at any time. */
    private void repair(String key, Answers answers, RegisterState.Stored newest) {
        answers.byVoter()
                .forEach(
                        (voter, answer) -> {
                            RegisterState.Stored theirs = answer.state().stored();
                            boolean lags =
                                    theirs == null
                                            || newest.isNewerThan(
                                                    theirs.epoch(), theirs.revision());
                            if (lags && !answer.state().refuses(newest.epoch(), newest.writer())) {
                                send(voter, key, newest)
                                        .exceptionally(
                                                error -> {
                                                    LOG.log(
                                                            System.Logger.Level.DEBUG,
                                                            "repairing " + key + " on " + voter,
                                                            error);
                                                    return null;
                                                });
                            }
                        });
    }

    CompletionStage<Answers> promise(String key, long epoch) {
        // Revision -1 and no value: no voter takes it for a reader that knows the value.
        RegisterCall call = new RegisterCall(key, epoch, -1, proposer, null);
        return ask("promise", call, local::promise, this::majorityGranted);
    }

    CompletionStage<Answers> write(String key, long epoch, long revision, String value) {
        RegisterCall call = new RegisterCall(key, epoch, revision, proposer, value);
        return ask("write", call, local::write, this::majorityGranted);
    }

    CompletionStage<Answers> read(String key, long knownEpoch, long knownRevision) {
        RegisterCall call = new RegisterCall(key, knownEpoch, knownRevision, proposer, null);
        return ask("read", call, local::read, answers -> answers.byVoter().size() >= majority());
    }

    /** Reads all voters' states and waits for each: for members that lag and for re-admission. */
    CompletionStage<Answers> readAll(String key) {
        RegisterCall call = new RegisterCall(key, -1, -1, proposer, null);
        return ask("read", call, local::read, answers -> false);
    }

    /** Writes to one other voter what others keep already. */
    CompletionStage<RegisterCall.Answer> send(
            NodeName voter, String key, RegisterState.Stored stored) {
        RegisterCall call =
                new RegisterCall(
                        key, stored.epoch(), stored.revision(), stored.writer(), stored.value());
        return one(voter, "write", call, local::write);
    }

    /**
     * Lets this member's voter vote again after its file was damaged; an operator's act. Safe only
     * if <em>all</em> other voters answer: whatever this voter promised or stored together with a
     * majority, at least one of the others knows. Calls under way when the file was damaged must be
     * over, which an operator's haste cannot undercut: it waits twice the limit first.
     *
     * @return completes when the voter votes again, with whether it did not before; exceptionally
     *     with {@link NoQuorumException} if another voter did not answer
     */
    public CompletionStage<Boolean> readmit(String key) {
        CompletableFuture<Void> pause = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(2 * limit.toNanos(), TimeUnit.NANOSECONDS)
                .execute(() -> pause.complete(null));
        return pause.thenComposeAsync(nothing -> readAll(key), threads)
                .thenApplyAsync(
                        answers -> {
                            List<NodeName> missing = new ArrayList<>(voters);
                            missing.remove(self);
                            missing.removeAll(answers.byVoter().keySet());
                            if (!missing.isEmpty()) {
                                throw new NoQuorumException(
                                        key
                                                + " cannot be re-admitted on "
                                                + self
                                                + " while "
                                                + missing
                                                + " does not answer. Start it and repeat.");
                            }
                            RegisterState state = RegisterState.EMPTY;
                            for (var answer : answers.byVoter().values()) {
                                state = state.merge(answer.state());
                            }
                            return local.readmit(key, state);
                        },
                        threads);
    }

    private boolean majorityGranted(Answers answers) {
        return answers.granted() >= majority();
    }

    private CompletionStage<RegisterCall.Answer> one(
            NodeName voter,
            String operation,
            RegisterCall call,
            Function<RegisterCall, RegisterCall.Answer> here) {
        if (!voter.equals(self)) {
            return lines.get(voter).call(operation, call);
        }
        try {
            return CompletableFuture.supplyAsync(() -> here.apply(call), votes);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Answers> ask(
            String operation,
            RegisterCall call,
            Function<RegisterCall, RegisterCall.Answer> here,
            Predicate<Answers> enough) {
        Round round =
                new Round(
                        local.path(operation) + " of " + call.key(),
                        voters,
                        limit,
                        enough,
                        threads);
        for (NodeName voter : voters) {
            one(voter, operation, call, here)
                    .whenComplete((answer, error) -> round.take(voter, answer, error));
        }
        return round.result();
    }

    /** Ends the threads; what is under way completes with {@link NoQuorumException}. */
    @Override
    public void close() {
        votes.shutdown();
        threads.shutdown();
    }
}
