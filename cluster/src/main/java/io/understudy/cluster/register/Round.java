package io.understudy.cluster.register;

import io.understudy.core.ledger.NoQuorumException;
import io.understudy.core.node.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Collects the voters' answers to one question until the outcome is certain or time is up. */
final class Round {

    private final String question;
    private final List<NodeName> voters;
    private final Duration limit;
    private final Predicate<Answers> enough;
    private final Executor threads;
    private final Map<NodeName, RegisterCall.Answer> answers = new TreeMap<>();
    private final Map<NodeName, String> failures = new TreeMap<>();
    private final CompletableFuture<Answers> result = new CompletableFuture<>();
    private boolean over;

    /**
     * @param question for messages
     * @param enough whether the answers so far settle it
     * @param threads where the result completes
     */
    Round(
            String question,
            List<NodeName> voters,
            Duration limit,
            Predicate<Answers> enough,
            Executor threads) {
        this.question = question;
        this.voters = voters;
        this.limit = limit;
        this.enough = enough;
        this.threads = threads;
        CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(this::expire);
    }

    /** Completes with at least a majority of answers, or {@link NoQuorumException}. */
    CompletionStage<Answers> result() {
        return result;
    }

    synchronized void take(NodeName voter, RegisterCall.Answer answer, Throwable error) {
        if (over) {
            return;
        }
        if (error == null && answer != null) {
            answers.put(voter, answer);
        } else {
            failures.put(voter, reason(error));
        }
        boolean all = answers.size() + failures.size() == voters.size();
        boolean hopeless = voters.size() - failures.size() < majority();
        if (all || hopeless || enough.test(new Answers(answers))) {
            end();
        }
    }

    private synchronized void expire() {
        if (!over) {
            for (NodeName voter : voters) {
                if (!answers.containsKey(voter)) {
                    failures.putIfAbsent(voter, "no answer in time");
                }
            }
            end();
        }
    }

    private int majority() {
        return voters.size() / 2 + 1;
    }

    private void end() {
        over = true;
        Answers collected = new Answers(Map.copyOf(answers));
        String why = failures.toString();
        Runnable complete =
                () -> {
                    if (collected.byVoter().size() >= majority()) {
                        result.complete(collected);
                    } else {
                        result.completeExceptionally(
                                new NoQuorumException(
                                        "Only "
                                                + collected.byVoter().size()
                                                + " of "
                                                + voters.size()
                                                + " members answered "
                                                + question
                                                + " within "
                                                + limit.toMillis()
                                                + " ms: "
                                                + why));
                    }
                };
        try {
            threads.execute(complete);
        } catch (RejectedExecutionException e) {
            complete.run();
        }
    }

    private static String reason(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == null ? "an empty answer" : String.valueOf(cause.getMessage());
    }
}
