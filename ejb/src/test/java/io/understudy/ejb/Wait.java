package io.understudy.ejb;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for a condition, never for time. */
public final class Wait {

    private Wait() {}

    /** What may become true. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Returns how long it took, in milliseconds; fails after {@code limit}. */
    public static long until(String what, Duration limit, Condition condition) throws Exception {
        long begun = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begun > limit.toNanos()) {
                throw new AssertionError(what + " did not happen within " + limit);
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return (System.nanoTime() - begun) / 1_000_000;
    }
}
