package io.understudy.cluster.peer;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One named thread that does things one after the other. What throws is logged and ends only
 * itself; what comes after the end is not done.
 */
public final class Loop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Loop.class.getName());

    private final String name;
    private final ScheduledThreadPoolExecutor thread;

    /**
     * @param name the thread's
     */
    public Loop(String name) {
        this.name = name;
        this.thread = new ScheduledThreadPoolExecutor(1, new NamedThreads(name));
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Does something soon; returns false if the loop has ended. */
    public boolean run(Runnable work) {
        return runAfter(Duration.ZERO, work);
    }

    /** Does something later; returns false if the loop has ended. */
    public boolean runAfter(Duration delay, Runnable work) {
        try {
            thread.schedule(() -> guarded(work), delay.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.TRACE, name + " has ended", e);
            return false;
        }
    }

    /** Does something now and then, first soon. */
    public void runEvery(Duration pause, Runnable work) {
        thread.scheduleWithFixedDelay(
                () -> guarded(work), 0, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, name + " met an error and goes on", e);
        }
    }

    /**
     * Does a last thing, then ends; waits for it.
     *
     * @return false if it was not done within {@code limit}
     */
    public boolean endWith(Runnable work, Duration limit) {
        boolean done = false;
        try {
            // Waited for before the shutdown, which would drop what has not begun.
            thread.submit(() -> guarded(work)).get(limit.toNanos(), TimeUnit.NANOSECONDS);
            done = true;
        } catch (RejectedExecutionException | ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, name + " did not do its last thing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
        return done;
    }

    /** Ends the thread; what it does at the moment is interrupted. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
