package io.understudy.cluster.register;

import io.understudy.cluster.peer.Loop;
import io.understudy.cluster.register.RegisterState.Stored;
import io.understudy.cluster.register.SharedValue.Change;
import io.understudy.cluster.register.SharedValue.Proposal;
import io.understudy.core.ledger.NoQuorumException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes this member's changes of a shared value, one after the other: two at a time under one epoch
 * would contradict one another. All on its owner's loop.
 */
final class Proposing {

    private static final int ATTEMPTS = 12;

    private final String name;
    private final String key;
    private final QuorumRegister register;
    private final Loop loop;
    private final Learner learner;
    private final Random random = new SecureRandom();
    private final Deque<Attempt> waiting = new ArrayDeque<>();
    private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
    private boolean busy;
    private long highestEpoch;

    /** Hears what is chosen. */
    interface Learner {
        /**
         * @param ours whether it was chosen just now, by this member's proposal
         */
        void chosen(long epoch, long revision, String text, boolean ours);
    }

    Proposing(String name, String key, QuorumRegister register, Loop loop, Learner learner) {
        this.name = name;
        this.key = key;
        this.register = register;
        this.loop = loop;
        this.learner = learner;
    }

    /** Takes note of an epoch that somebody has promised, so as to propose above it. */
    void saw(long epoch) {
        highestEpoch = Math.max(highestEpoch, epoch);
    }

    CompletableFuture<Optional<String>> change(Change change) {
        Attempt attempt = new Attempt(change);
        underWay.add(attempt.result);
        attempt.result.whenComplete((text, error) -> underWay.remove(attempt.result));
        if (!loop.run(() -> enqueue(attempt))) {
            attempt.result.completeExceptionally(closed());
        }
        return attempt.result;
    }

    private void enqueue(Attempt attempt) {
        attempt.result.whenComplete((text, error) -> loop.run(this::next));
        if (busy) {
            waiting.add(attempt);
        } else {
            busy = true;
            attempt.promise();
        }
    }

    private void next() {
        Attempt attempt = waiting.poll();
        if (attempt == null) {
            busy = false;
        } else {
            attempt.promise();
        }
    }

    /** Completes what is under way exceptionally. */
    void close() {
        for (CompletableFuture<?> change : underWay) {
            change.completeExceptionally(closed());
        }
    }

    private NoQuorumException closed() {
        return new NoQuorumException(name + " is closed.");
    }

    /** One change, tried until it comes through. */
    private final class Attempt {
        private final Change change;
        private final CompletableFuture<Optional<String>> result = new CompletableFuture<>();
        private int count;
        private long epoch;

        Attempt(Change change) {
            this.change = change;
        }

        void promise() {
            count++;
            epoch = ++highestEpoch;
            register.promise(key, epoch)
                    .whenComplete((answers, error) -> onLoop(() -> promised(answers, error)));
        }

        private void promised(Answers answers, Throwable error) {
            if (error != null) {
                result.completeExceptionally(error);
                return;
            }
            saw(answers.promised());
            if (answers.granted() < register.majority()) {
                again();
                return;
            }
            Stored newest = answers.newest();
            Optional<String> present = Optional.ofNullable(newest).map(Stored::value);
            long noted = answers.majorityNoted(register.majority());
            Optional<String> next = change.apply(present, new Proposal(epoch, noted));
            if (next.isEmpty() && newest == null) {
                result.complete(Optional.empty());
            } else if (next.isEmpty() && answers.keeping(newest) >= register.majority()) {
                learner.chosen(newest.epoch(), newest.revision(), newest.value(), false);
                result.complete(present);
            } else {
                // What is left as it is gets proposed again: it may not have been chosen yet.
                write(next.or(() -> present).orElseThrow());
            }
        }

        private void write(String text) {
            register.write(key, epoch, 0, text)
                    .whenComplete((answers, error) -> onLoop(() -> written(text, answers, error)));
        }

        private void written(String text, Answers answers, Throwable error) {
            if (error != null) {
                result.completeExceptionally(error);
            } else if (answers.granted() >= register.majority()) {
                learner.chosen(epoch, 0, text, true);
                result.complete(Optional.of(text));
            } else {
                saw(answers.promised());
                again();
            }
        }

        /** Somebody else proposes too: gives way for a random time, so that one comes through. */
        private void again() {
            if (count >= ATTEMPTS) {
                result.completeExceptionally(
                        new NoQuorumException(
                                "Other members kept changing "
                                        + name
                                        + " at the same time, "
                                        + count
                                        + " times over. Try again."));
                return;
            }
            long pause = 2 + random.nextInt(10 * Math.min(count, 6));
            if (!loop.runAfter(Duration.ofMillis(pause), this::promise)) {
                result.completeExceptionally(closed());
            }
        }

        private void onLoop(Runnable work) {
            boolean taken =
                    loop.run(
                            () -> {
                                try {
                                    work.run();
                                } catch (RuntimeException e) {
                                    result.completeExceptionally(e);
                                }
                            });
            if (!taken) {
                result.completeExceptionally(closed());
            }
        }
    }
}
