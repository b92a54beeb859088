package io.understudy.systemtests;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for conditions, always with a limit. */
public final class Await {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private Await() {}

    /**
     * Waits until {@code condition} holds.
     *
     * @param what the condition in words, for the error
     * @throws AssertionError if it does not hold within {@code limit}
     */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        until(what, limit, () -> "", condition);
    }

    /**
     * Waits until {@code condition} holds.
     *
     * @param state says in the error how things are instead
     * @throws AssertionError if it does not hold within {@code limit}
     */
    public static void until(
            String what, Duration limit, Supplier<String> state, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(
                        "not within " + limit.toSeconds() + " s: " + what + "; " + state.get());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /**
     * Waits for a value.
     *
     * @throws AssertionError if there is none within {@code limit}
     */
    public static <T> T value(String what, Duration limit, Supplier<Optional<T>> source) {
        long end = System.nanoTime() + limit.toNanos();
        Optional<T> found = source.get();
        while (found.isEmpty()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
            found = source.get();
        }
        return found.get();
    }

    /** Lets {@code time} pass while something is watched; not a way to wait for a condition. */
    public static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
