package io.understudy.cli.guard;

import io.understudy.core.instance.InstanceName;
import java.util.HashMap;
import java.util.Map;

/**
 * How long the app server has not said anything while it had to. Counted in looks of the guard, not
 * by the difference of two times: after a pause of the whole host, or of the guard itself, the app
 * server's words wait in the socket and it would look as if it had been still all the time.
 *
 * <p>Used under the guard's lock.
 */
final class Stillness {

    /** Between two looks more than this does not count. */
    private static final long LOOK_COUNTS_AT_MOST = 100_000_000L;

    /** Of a lease; what is left of it, by the asker's challenge, is too long to wait. */
    private static final double PART_OF_LEASE = 0.6;

    private final Map<InstanceName, Long> lengths = new HashMap<>();
    private boolean watching;
    private long stillFor;
    private long lookedAt;

    /** The app server said something. */
    void heard() {
        stillFor = 0;
    }

    /** The app server has promised to speak several times a second. */
    void watch(long now) {
        if (!watching) {
            watching = true;
            lookedAt = now;
        }
    }

    /** A lease was renewed, or has gone with {@code length} 0. */
    void lease(InstanceName instance, long length) {
        if (length <= 0) {
            lengths.remove(instance);
        } else {
            lengths.merge(instance, length, Math::max);
        }
    }

    /** The app server is another one, or none. */
    void reset() {
        watching = false;
        stillFor = 0;
        lengths.clear();
    }

    /** Looks at the clock; to be called several times a second while {@link #matters}. */
    void look(long now) {
        if (watching) {
            stillFor += Math.min(Math.max(now - lookedAt, 0), LOOK_COUNTS_AT_MOST);
        }
        lookedAt = now;
    }

    /** Whether there is something to watch: an app server that holds a lease. */
    boolean matters() {
        return watching && !lengths.isEmpty();
    }

    /** Whether the app server has been still for most of the shortest of its leases. */
    boolean tooLong() {
        return matters() && stillFor >= patience();
    }

    /** Returns how long it has been still, in milliseconds. */
    long millis() {
        return stillFor / 1_000_000;
    }

    private long patience() {
        long shortest = lengths.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        return (long) (shortest * PART_OF_LEASE);
    }
}
