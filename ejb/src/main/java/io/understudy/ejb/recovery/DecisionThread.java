package io.understudy.ejb.recovery;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The one thread on which all decisions of this node are made, {@code understudy-decisions}. */
final class DecisionThread implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(DecisionThread.class.getName());

    /** Then those are let by that were put off until now. */
    private static final int AT_ONCE = 64;

    private final Queue<Runnable> given = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean coming = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(
                    1,
                    task -> {
                        Thread t = new Thread(task, "understudy-decisions");
                        t.setDaemon(true);
                        t.setPriority(Thread.MAX_PRIORITY);
                        return t;
                    });

    DecisionThread() {
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs {@code task} after what was given before; never blocks. */
    void run(Runnable task) {
        given.add(task);
        if (coming.compareAndSet(false, true)) {
            hand();
        }
    }

    /** What hundreds of instances give in the same moment is taken from the queue in one go. */
    private void hand() {
        try {
            thread.execute(this::work);
        } catch (RejectedExecutionException closing) {
            LOG.log(System.Logger.Level.DEBUG, "the node is stopping; an event is dropped");
        }
    }

    private void work() {
        // Whoever gives something from here on is either still seen below or comes again.
        coming.set(false);
        Runnable task;
        for (int i = 0; i < AT_ONCE && (task = given.poll()) != null; i++) {
            guarded(task).run();
        }
        if (!given.isEmpty() && coming.compareAndSet(false, true)) {
            hand();
        }
    }

    /** Runs {@code task} after {@code delay}, unless cancelled. */
    ScheduledFuture<?> after(Duration delay, Runnable task) {
        return thread.schedule(guarded(task), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                // A broken invariant in one instance must not end the decisions of the others.
                LOG.log(System.Logger.Level.ERROR, "a decision failed", e);
            }
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
