package io.understudy.ejb.service;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One beat for all that is to be looked at regularly: hundreds of instances wake the timer's thread
 * no more often than one. Looks must not block; one that throws ends neither itself nor the others.
 */
public final class Ticks {

    private static final System.Logger LOG = System.getLogger(Ticks.class.getName());

    private final ScheduledExecutorService timer;
    private final long periodMillis;
    private final Set<Runnable> looks = ConcurrentHashMap.newKeySet();
    private ScheduledFuture<?> beat;

    /**
     * Does nothing yet.
     *
     * @param timer on whose thread looks are made; owned by the caller
     * @param period from one look to the next
     */
    public Ticks(ScheduledExecutorService timer, Duration period) {
        this.timer = timer;
        this.periodMillis = period.toMillis();
    }

    /**
     * Begins to look, at once and then with every beat.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the timer has ended
     */
    void begin(Runnable look) {
        synchronized (this) {
            looks.add(look);
            if (beat == null) {
                beat =
                        timer.scheduleWithFixedDelay(
                                this::tick, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
            }
        }
        timer.execute(() -> guarded(look));
    }

    /** Looks no more; one that is under way comes to its end. */
    synchronized void end(Runnable look) {
        looks.remove(look);
        if (looks.isEmpty() && beat != null) {
            beat.cancel(false);
            beat = null;
        }
    }

    private void tick() {
        looks.forEach(Ticks::guarded);
    }

    private static void guarded(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a regular look failed and is made again", e);
        }
    }
}
