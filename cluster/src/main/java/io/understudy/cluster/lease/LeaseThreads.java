package io.understudy.cluster.lease;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a member's lease stores, apart from Hazelcast's own: what waits for a lease must
 * not run on the threads that carry the consensus. {@code understudy-lease-N} completes stages and
 * watches limits, {@code understudy-lease-open-N} opens registers, which blocks while there is no
 * majority.
 */
public final class LeaseThreads implements AutoCloseable {

    private static final int COMPLETING = 2;

    /** Two groups can be formed in the time of one. */
    private static final int OPENING = 2;

    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(COMPLETING, named("understudy-lease-"));
    private final ThreadPoolExecutor opener =
            new ThreadPoolExecutor(
                    OPENING,
                    OPENING,
                    10,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    named("understudy-lease-open-"));

    /** Starts no thread before it is needed. */
    public LeaseThreads() {
        timer.setRemoveOnCancelPolicy(true);
        opener.allowCoreThreadTimeOut(true);
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    Executor opener() {
        return opener;
    }

    /** Ends the threads; calls still open are the stores' to fail first. */
    @Override
    public void close() {
        end(timer);
        end(opener);
    }

    private static void end(ExecutorService threads) {
        threads.shutdownNow();
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
