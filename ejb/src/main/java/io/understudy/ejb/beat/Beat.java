package io.understudy.ejb.beat;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Regular work that falls together: done at the multiples of its period on the monotonic clock, so
 * that what has the same period, or a multiple of it, wakes the timer's thread once. On an idle
 * node waking costs more than what is then done.
 */
public final class Beat implements Runnable {

    private static final System.Logger LOG = System.getLogger(Beat.class.getName());

    private final Runnable work;
    private final long period;
    private boolean ever;
    private long begunAt;

    private Beat(Runnable work, long period) {
        this.work = work;
        this.period = period;
    }

    /**
     * Does {@code work} with every beat, first with the next one, until cancelled or the timer
     * ends. Beats that were missed are not made up for. What throws is logged and done again.
     *
     * @param timer must not be held up by it
     * @param period from one beat to the next; positive
     * @throws java.util.concurrent.RejectedExecutionException if the timer has ended
     */
    public static ScheduledFuture<?> every(
            ScheduledExecutorService timer, Duration period, Runnable work) {
        long nanos = period.toNanos();
        long first = nanos - Math.floorMod(System.nanoTime(), nanos);
        return timer.scheduleAtFixedRate(new Beat(work, nanos), first, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        long now = System.nanoTime();
        if (ever && now - begunAt < period / 2) {
            // After a pause of this process all that were missed come at once.
            return;
        }
        ever = true;
        begunAt = now;
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "regular work failed and is done again", e);
        }
    }
}
