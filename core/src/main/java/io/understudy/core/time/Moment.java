package io.understudy.core.time;

import java.time.Duration;
import java.util.Objects;

/**
 * A point on one host's monotonic clock. Moments of different hosts must never be compared, and a
 * moment never becomes a date: wall time is for people, moments are for leases and durations.
 *
 * @param nanos nanoseconds since an arbitrary origin of the host, as {@link System#nanoTime()}
 *     counts them; on Linux this is CLOCK_MONOTONIC, the same for all processes of a host
 */
public record Moment(long nanos) implements Comparable<Moment> {

    /** Returns the moment {@code duration} after this one; a negative duration goes back. */
    public Moment plus(Duration duration) {
        return new Moment(nanos + duration.toNanos());
    }

    /** Returns the moment {@code duration} before this one. */
    public Moment minus(Duration duration) {
        return new Moment(nanos - duration.toNanos());
    }

    /** Returns how long after {@code earlier} this moment lies; negative if it lies before. */
    public Duration since(Moment earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }

    /** Returns whether this moment lies before {@code other}. */
    public boolean isBefore(Moment other) {
        return nanos - other.nanos < 0;
    }

    /** Returns whether this moment lies after {@code other}. */
    public boolean isAfter(Moment other) {
        return nanos - other.nanos > 0;
    }

    /** Returns the earlier of two moments. */
    public static Moment earlier(Moment a, Moment b) {
        Objects.requireNonNull(a);
        return a.isAfter(b) ? b : a;
    }

    /**
     * Orders by time, correct across a wrap of the counter as long as moments lie within 292 years.
     */
    @Override
    public int compareTo(Moment other) {
        return Long.signum(nanos - other.nanos);
    }
}
