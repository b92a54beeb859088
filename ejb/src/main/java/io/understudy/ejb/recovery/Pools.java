package io.understudy.ejb.recovery;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a node: named, bounded, and none that keeps the process alive. */
final class Pools {

    private static final int WAITING = 2_000;

    private Pools() {}

    /**
     * Returns a pool of {@code size} threads, all of which are there from the beginning and stay:
     * to begin one on a busy host takes as long as it waits for a processor, tens of milliseconds,
     * and who hands over the work waits for that. The decision thread must not.
     */
    static ThreadPoolExecutor of(String name, int size) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        size,
                        size,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING),
                        named(name));
        pool.prestartAllCoreThreads();
        return pool;
    }

    /** Returns what makes daemon threads of that name, numbered. */
    static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
