package io.understudy.cluster.lease;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Ends calls that have all the same limit, with one task of the timer for hundreds: who came first
 * is due first. Safe for use by several threads.
 */
final class CallLimits {

    private final ScheduledExecutorService timer;
    private final long limit;
    private final LongSupplier nanos;
    private final Deque<Call> calls = new ArrayDeque<>();
    private boolean waiting;

    private record Call(long due, CompletableFuture<?> answer, Supplier<Throwable> why) {}

    CallLimits(ScheduledExecutorService timer, Duration limit, LongSupplier nanos) {
        this.timer = timer;
        this.limit = limit.toNanos();
        this.nanos = nanos;
    }

    /**
     * Fails {@code answer} with {@code why} if it is not complete when the limit has passed.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the timer has ended
     */
    void add(CompletableFuture<?> answer, Supplier<Throwable> why) {
        boolean begin;
        synchronized (this) {
            calls.add(new Call(nanos.getAsLong() + limit, answer, why));
            begin = !waiting;
            waiting = true;
        }
        if (begin) {
            timer.schedule(this::look, limit, TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        Call call;
        while ((call = next()) != null) {
            call.answer().completeExceptionally(call.why().get());
        }
    }

    /** Returns a call that is over; null if there is none: then it is looked when the next is. */
    private synchronized Call next() {
        long now = nanos.getAsLong();
        while (!calls.isEmpty()) {
            Call first = calls.peek();
            if (first.answer().isDone()) {
                calls.poll();
            } else if (first.due() - now <= 0) {
                return calls.poll();
            } else {
                timer.schedule(this::look, first.due() - now, TimeUnit.NANOSECONDS);
                return null;
            }
        }
        waiting = false;
        return null;
    }
}
