package io.understudy.ejb.recovery;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Work that is done at once when it is asked for, and once more after a pause however often it was
 * asked for meanwhile: what hundreds of instances ask for in the same moment is done a few times.
 * It always begins after it was last asked for. May be asked for on any thread; never blocks.
 */
final class Coalesced {

    private static final System.Logger LOG = System.getLogger(Coalesced.class.getName());

    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final long apartNanos;
    private final LongSupplier nanos;
    private final Runnable work;
    private final long gatherNanos;
    private boolean asked;
    private boolean everDone;
    private long begunAt;

    /**
     * @param timer waits, and must not be held up
     * @param workers do the work
     * @param apart the least time from one beginning to the next
     * @param nanos the monotonic clock
     */
    Coalesced(
            ScheduledExecutorService timer,
            Executor workers,
            Duration apart,
            LongSupplier nanos,
            Runnable work) {
        this(timer, workers, apart, nanos, work, Duration.ZERO);
    }

    private Coalesced(
            ScheduledExecutorService timer,
            Executor workers,
            Duration apart,
            LongSupplier nanos,
            Runnable work,
            Duration gather) {
        this.timer = timer;
        this.workers = workers;
        this.apartNanos = apart.toNanos();
        this.nanos = nanos;
        this.work = work;
        this.gatherNanos = gather.toNanos();
    }

    /**
     * Returns one that does not begin at once, but when {@code apart} has passed since it was asked
     * first: for what is asked for many times in one moment, and again a while later.
     */
    static Coalesced gathering(
            ScheduledExecutorService timer,
            Executor workers,
            Duration apart,
            LongSupplier nanos,
            Runnable work,
            Duration gather) {
        return new Coalesced(timer, workers, apart, nanos, work, gather);
    }

    void ask() {
        long wait;
        synchronized (this) {
            if (asked) {
                return;
            }
            asked = true;
            long due = everDone ? begunAt + apartNanos - nanos.getAsLong() : 0;
            wait = Math.max(gatherNanos, due);
        }
        try {
            if (wait <= 0) {
                workers.execute(this::run);
            } else {
                timer.schedule(this::handOver, wait, TimeUnit.NANOSECONDS);
            }
        } catch (RejectedExecutionException full) {
            forget();
        }
    }

    private void handOver() {
        try {
            workers.execute(this::run);
        } catch (RejectedExecutionException full) {
            forget();
        }
    }

    /** Nobody is free: whoever asks next tries again. */
    private synchronized void forget() {
        asked = false;
    }

    private void run() {
        synchronized (this) {
            asked = false;
            everDone = true;
            begunAt = nanos.getAsLong();
        }
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "what was asked for failed", e);
        }
    }
}
