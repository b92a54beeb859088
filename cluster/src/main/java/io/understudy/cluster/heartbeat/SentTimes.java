package io.understudy.cluster.heartbeat;

import java.util.OptionalLong;

/** When the last beats were sent, by counter; for response times. */
final class SentTimes {

    private static final int KEPT = 1024;
    private static final long PLAUSIBLE = 10_000_000_000L;

    private final long[] counters = new long[KEPT];
    private final long[] times = new long[KEPT];

    void sent(long counter, long now) {
        int slot = (int) (counter % KEPT);
        counters[slot] = counter;
        times[slot] = now;
    }

    /** The time an echoed beat was under way there and back; empty if it is not known. */
    OptionalLong responseTo(long echo, long delay, long now) {
        if (echo <= 0 || delay < 0 || counters[(int) (echo % KEPT)] != echo) {
            return OptionalLong.empty();
        }
        long nanos = now - times[(int) (echo % KEPT)] - delay;
        return nanos < 0 || nanos > PLAUSIBLE ? OptionalLong.empty() : OptionalLong.of(nanos);
    }
}
