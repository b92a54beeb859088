package io.understudy.cluster.peer;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends a blocking transfer that makes no progress: {@code onStall} runs once, on the watch's
 * thread, when one step has been under way for longer than the limit.
 */
final class StallWatch implements AutoCloseable {

    private static final long IDLE = 0;

    private final long limitNanos;
    private final Runnable onStall;
    private final ScheduledFuture<?> ticking;
    private volatile long stepSince = IDLE;
    private volatile boolean stalled;

    StallWatch(ScheduledExecutorService scheduler, Duration limit, Runnable onStall) {
        this.limitNanos = limit.toNanos();
        this.onStall = onStall;
        long period = Math.max(1_000_000, limitNanos / 4);
        this.ticking =
                scheduler.scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS);
    }

    void begin() {
        long now = System.nanoTime();
        stepSince = now == IDLE ? 1 : now;
    }

    void end() {
        stepSince = IDLE;
    }

    boolean stalled() {
        return stalled;
    }

    private void look() {
        long since = stepSince;
        if (since != IDLE && !stalled && System.nanoTime() - since > limitNanos) {
            stalled = true;
            onStall.run();
        }
    }

    @Override
    public void close() {
        ticking.cancel(false);
    }
}
