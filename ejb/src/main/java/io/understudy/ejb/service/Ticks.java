package io.understudy.ejb.service;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One beat for all that is to be looked at regularly: hundreds of instances wake the timer's thread
 * no more often than one, and not at all while none of them has anything to be looked at for. Looks
 * must not block; one that throws ends neither itself nor the others.
 */
public final class Ticks {

    private static final System.Logger LOG = System.getLogger(Ticks.class.getName());

    /** Also who wants to rest for longer is looked at so often, should nobody wake it. */
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final ScheduledExecutorService timer;
    private final long period;
    private final Map<Look, Entry> looks = new ConcurrentHashMap<>();
    private final AtomicBoolean coming = new AtomicBoolean();
    private boolean scheduled;
    private long scheduledFor;

    /** A regular look. */
    @FunctionalInterface
    interface Look {
        /** Looks; returns for how many nanoseconds it need not be done again; 0: until the next. */
        long look();
    }

    /** One look; {@code due} belongs to the timer's thread. */
    private static final class Entry {
        private final AtomicBoolean asked = new AtomicBoolean(true);
        private long due;
    }

    /**
     * Does nothing yet.
     *
     * @param timer on whose one thread looks are made; owned by the caller
     * @param period from one look to the next
     */
    public Ticks(ScheduledExecutorService timer, Duration period) {
        this.timer = timer;
        this.period = period.toNanos();
    }

    /**
     * Begins to look, at once and then with every beat.
     *
     * @throws RejectedExecutionException if the timer has ended
     */
    void begin(Look look) {
        looks.put(look, new Entry());
        come();
    }

    /** Looks at once, also where it rests. Any thread; never blocks. */
    void soon(Look look) {
        Entry entry = looks.get(look);
        if (entry == null) {
            return;
        }
        entry.asked.set(true);
        try {
            come();
        } catch (RejectedExecutionException ended) {
            LOG.log(System.Logger.Level.DEBUG, "nothing is looked at any more: the node stops");
        }
    }

    /** Looks no more; one that is under way comes to its end. */
    void end(Look look) {
        looks.remove(look);
    }

    private void come() {
        if (coming.compareAndSet(false, true)) {
            timer.execute(this::pass);
        }
    }

    private void pass() {
        // Whoever asks from here on is either still seen below or comes again.
        coming.set(false);
        long now = System.nanoTime();
        long first = Long.MAX_VALUE;
        for (Map.Entry<Look, Entry> one : looks.entrySet()) {
            Entry entry = one.getValue();
            if (entry.asked.getAndSet(false) || entry.due - now <= 0) {
                long rest = guarded(one.getKey());
                entry.due = now + Math.min(rest, LONGEST_NANOS - Math.floorMod(now, LONGEST_NANOS));
            }
            first = Math.min(first, entry.due - now);
        }
        if (first != Long.MAX_VALUE) {
            schedule(now, first);
        }
    }

    /** At multiples of the period, so that many are looked at in one go. */
    private synchronized void schedule(long now, long rest) {
        long next = period - Math.floorMod(now, period);
        long wait = next + Math.max(0, Math.floorDiv(rest - next + period - 1, period)) * period;
        long at = now + wait;
        if (!scheduled || at - scheduledFor < 0) {
            scheduled = true;
            scheduledFor = at;
            timer.schedule(() -> beat(at), wait, TimeUnit.NANOSECONDS);
        }
    }

    private void beat(long mine) {
        synchronized (this) {
            scheduled = scheduled && scheduledFor != mine;
        }
        pass();
    }

    private static long guarded(Look look) {
        try {
            return look.look();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a regular look failed and is made again", e);
            return 0;
        }
    }
}
