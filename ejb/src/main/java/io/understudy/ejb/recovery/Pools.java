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

    /** Returns a pool of at most {@code size} threads; idle ones end after half a minute. */
    static ThreadPoolExecutor of(String name, int size) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        size,
                        size,
                        30,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING),
                        named(name));
        pool.allowCoreThreadTimeOut(true);
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
