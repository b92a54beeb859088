package io.understudy.cluster.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Many small linearizable values in one text. What is asked while a call is under way is carried
 * out together by the next one, so that a hundred renewals cost one write. Each call keeps its own
 * meaning:
 *
 * <ol>
 *   <li>A compare-and-set is compared with its own key only; what others do with other keys never
 *       makes it fail: a write that lost the race for the text is evaluated anew on the new text.
 *   <li>Every answer, "no" included, is that of one moment between the call and the answer: the
 *       moment at which the text was read, or was found to be the expected one and replaced.
 *   <li>When it is unknown whether the text was written, every call that went with it fails. The
 *       text then is read before it is written again; numbered, it can never be taken for an
 *       earlier one, so a write that comes late is void or was the next one.
 *   <li>A call whose caller has given up before it went on its way is not carried out.
 * </ol>
 *
 * At most one call of the register is under way. Limits are the caller's: it completes the stage
 * that it was given. Safe for use by several threads.
 */
final class Bundle {

    /** Nobody can lose more often than all others together write while one call is made. */
    private static final int ATTEMPTS = 50;

    private final TextRegister register;
    private final Executor threads;
    private final List<Call> waiting = new ArrayList<>();
    private boolean underWay;
    private Optional<String> base = Optional.empty();
    private BundleText baseText = BundleText.EMPTY;
    private boolean baseKnown;
    private volatile Map<String, String> seen = Map.of();

    /** One question. */
    private static final class Call {
        private final String key;
        private final boolean write;
        private final Optional<String> expected;
        private final String next;
        private final CompletableFuture<Object> answer;
        private Object outcome;

        private Call(
                String key,
                boolean write,
                Optional<String> expected,
                String next,
                CompletableFuture<Object> answer) {
            this.key = key;
            this.write = write;
            this.expected = expected;
            this.next = next;
            this.answer = answer;
        }
    }

    /**
     * @param threads carry out the evaluation; not the caller's, nor those of the consensus
     */
    Bundle(TextRegister register, Executor threads) {
        this.register = Objects.requireNonNull(register, "register");
        this.threads = Objects.requireNonNull(threads, "threads");
    }

    /** Reads a value; the stage may be completed by the caller when its limit has passed. */
    CompletableFuture<Optional<String>> read(String key) {
        return ask(key, false, Optional.empty(), null);
    }

    /** Writes {@code next} if the value is exactly {@code expected}; limits as with a read. */
    CompletableFuture<Boolean> compareAndSet(String key, Optional<String> expected, String next) {
        return ask(key, true, expected, next);
    }

    /** Returns the values as last seen, for those who need no certainty. Any thread. */
    Map<String, String> seen() {
        return seen;
    }

    @SuppressWarnings("unchecked")
    private <T> CompletableFuture<T> ask(
            String key, boolean write, Optional<String> expected, String next) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        boolean begin;
        synchronized (this) {
            waiting.add(new Call(key, write, expected, next, answer));
            begin = !underWay;
            underWay = true;
        }
        if (begin) {
            proceed();
        }
        return (CompletableFuture<T>) (CompletableFuture<?>) answer;
    }

    /** On threads of its own: whoever asks next, in the same breath, goes along. */
    private void proceed() {
        try {
            threads.execute(this::round);
        } catch (RejectedExecutionException closed) {
            fail(take(), closed);
        }
    }

    private void round() {
        List<Call> calls = take();
        if (calls.isEmpty()) {
            return;
        }
        boolean writes = calls.stream().anyMatch(c -> c.write);
        if (writes && baseKnown) {
            attempt(calls, 1, false);
        } else {
            look(calls, 1);
        }
    }

    /** Takes all that wait; with none left the next one who asks begins anew. */
    private synchronized List<Call> take() {
        waiting.removeIf(c -> c.answer.isDone());
        List<Call> calls = List.copyOf(waiting);
        waiting.clear();
        underWay = !calls.isEmpty();
        return calls;
    }

    private void look(List<Call> calls, int number) {
        call(
                register::get,
                calls,
                text -> {
                    know(text, text.map(BundleText::decode).orElse(BundleText.EMPTY));
                    attempt(calls, number, true);
                });
    }

    /**
     * Evaluates all on the text as it is known; if anything changes it is written at once.
     *
     * @param fresh whether the text was read for these very calls: then it may answer them
     */
    private void attempt(List<Call> calls, int number, boolean fresh) {
        BundleText before = baseText;
        boolean writes = calls.stream().anyMatch(c -> c.write);
        Map<String, String> after = writes ? new TreeMap<>(before.values()) : before.values();
        calls.forEach(c -> evaluate(c, after));
        if (writes && !after.equals(before.values())) {
            write(calls, number, before.next(after));
        } else if (fresh) {
            answer(calls);
        } else {
            look(calls, number);
        }
    }

    private void write(List<Call> calls, int number, BundleText changed) {
        Optional<String> expected = base;
        String next = changed.encoded();
        // Unknown from here on, unless the answer says otherwise.
        baseKnown = false;
        call(
                () -> register.compareAndSet(expected, next),
                calls,
                written -> {
                    if (written) {
                        know(Optional.of(next), changed);
                        answer(calls);
                    } else {
                        lost(calls, number);
                    }
                });
    }

    private void lost(List<Call> calls, int number) {
        List<Call> left = calls.stream().filter(c -> !c.answer.isDone()).toList();
        if (left.isEmpty()) {
            proceed();
        } else if (number >= ATTEMPTS) {
            failAndGoOn(left, new IllegalStateException("others wrote first, again and again"));
        } else {
            look(left, number + 1);
        }
    }

    private void know(Optional<String> text, BundleText decoded) {
        base = text;
        baseText = decoded;
        baseKnown = true;
        seen = decoded.values();
    }

    private static void evaluate(Call c, Map<String, String> values) {
        Optional<String> present = Optional.ofNullable(values.get(c.key));
        if (!c.write) {
            c.outcome = present;
        } else if (present.equals(c.expected)) {
            values.put(c.key, c.next);
            c.outcome = true;
        } else {
            c.outcome = false;
        }
    }

    /** The answer is looked at on our own threads: the consensus must not wait for that. */
    private <T> void call(
            Supplier<CompletionStage<T>> question, List<Call> calls, Consumer<T> then) {
        try {
            question.get()
                    .whenComplete(
                            (value, error) ->
                                    later(
                                            calls,
                                            () -> {
                                                if (error == null) {
                                                    then.accept(value);
                                                } else {
                                                    failAndGoOn(calls, error);
                                                }
                                            }));
        } catch (RuntimeException e) {
            failAndGoOn(calls, e);
        }
    }

    private void later(List<Call> calls, Runnable next) {
        try {
            threads.execute(() -> guarded(next, calls));
        } catch (RejectedExecutionException closed) {
            fail(calls, closed);
        }
    }

    /** A text that cannot be read must fail the calls, not leave them waiting. */
    private void guarded(Runnable next, List<Call> calls) {
        try {
            next.run();
        } catch (RuntimeException e) {
            failAndGoOn(calls, e);
        }
    }

    private void answer(List<Call> calls) {
        calls.forEach(c -> c.answer.complete(c.outcome));
        proceed();
    }

    private void failAndGoOn(List<Call> calls, Throwable error) {
        fail(calls, error);
        proceed();
    }

    private static void fail(List<Call> calls, Throwable error) {
        calls.forEach(c -> c.answer.completeExceptionally(error));
    }
}
