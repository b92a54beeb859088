package io.understudy.cluster.voters;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Carries out a change of seats that nobody carries out. The leader of Hazelcast's metadata group
 * does it in a periodic task, usually within a second or two; a task that ever threw is not run
 * again. It throws when its member was cut off from the others while it led, for about eleven
 * seconds. When that member leads again later, a voter that returns would wait for its seat
 * forever, and so would everybody after it.
 *
 * <p>Doing it twice at a time is harmless: each step names the list of members that it changes, and
 * is refused if another one was faster.
 *
 * <p>{@link #tend} on the voters' thread; the work, which waits for answers, on a thread of its own
 * that exists only then.
 */
final class SeatChanges implements AutoCloseable {

    /**
     * Longer than a change takes by itself, shorter than Hazelcast's limit for who waits for it.
     */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = System.getLogger(SeatChanges.class.getName());
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final HazelcastCore core;
    private final ThreadPoolExecutor worker;
    private Optional<Object> pending = Optional.empty();
    private long since;

    SeatChanges(HazelcastCore core) {
        this.core = core;
        this.worker =
                new ThreadPoolExecutor(
                        0,
                        1,
                        IDLE.toMillis(),
                        TimeUnit.MILLISECONDS,
                        new SynchronousQueue<>(),
                        SeatChanges::daemon);
    }

    /** Looks whether a change waits, and carries it out once it has waited for long enough. */
    void tend() {
        long now = System.nanoTime();
        Optional<Object> seen = core.leadsMetadata() ? core.seatChange() : Optional.empty();
        boolean same = seen.isPresent() && pending.filter(p -> p == seen.get()).isPresent();
        if (!same) {
            pending = seen;
            since = now;
        } else if (now - since > PATIENCE.toNanos()) {
            since = now;
            begin();
        }
    }

    private void begin() {
        try {
            worker.execute(this::carryOut);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "The last attempt at the change of seats has not ended yet");
        }
    }

    private void carryOut() {
        LOG.log(Level.WARNING, "A change of seats was left undone: it is carried out now");
        try {
            core.carryOutSeatChange();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The change of seats failed; tried again", e);
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "understudy-seat-changes");
        thread.setDaemon(true);
        return thread;
    }
}
