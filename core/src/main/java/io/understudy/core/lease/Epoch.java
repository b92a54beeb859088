package io.understudy.core.lease;

/**
 * The number of a tenure: each change of holder raises it, and nothing that keeps state obeys an
 * older one. Claims through the lease store step by two ({@link #next()}), provisional claims by
 * one ({@link #provisional()}), so that a provisional tenure that was never confirmed can never
 * share its number with a later one.
 *
 * @param value 0 before the first tenure, then rising
 */
public record Epoch(long value) implements Comparable<Epoch> {

    /** Before anybody served. */
    public static final Epoch NONE = new Epoch(0);

    /** Refuses negative numbers. */
    public Epoch {
        if (value < 0) {
            throw new IllegalArgumentException("epoch " + value + " is negative");
        }
    }

    /** Returns the epoch of the next claim through the lease store: the next even number. */
    public Epoch next() {
        return new Epoch((value / 2 + 1) * 2);
    }

    /** Returns the epoch of a provisional claim that follows this tenure: the next odd number. */
    public Epoch provisional() {
        return new Epoch((value + 1) / 2 * 2 + 1);
    }

    /** Returns the later of two epochs. */
    public static Epoch later(Epoch a, Epoch b) {
        return a.value >= b.value ? a : b;
    }

    /** Returns whether this epoch is older than {@code other}. */
    public boolean isBefore(Epoch other) {
        return value < other.value;
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
