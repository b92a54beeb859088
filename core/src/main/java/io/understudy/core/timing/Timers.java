package io.understudy.core.timing;

import io.understudy.core.time.DurationText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Every interval and limit that decides how fast and how calmly a group reacts. docs/timing.md
 * derives the defaults and the outage that follows from them.
 *
 * @param heartbeatInterval how often each member sends a heartbeat
 * @param heartbeatSilence without a heartbeat for this long a peer counts as silent
 * @param proofAfter without a heartbeat for this long the peer's host is asked whether the process
 *     is gone
 * @param lease how long a renewal lets the holder serve
 * @param renewEvery how often the holder renews, and how often others read the record
 * @param challengeFactor a challenger waits {@code lease * challengeFactor} from when it last saw
 *     the record change
 * @param leaseMargin the holder stops this long before its lease ends, so that stopping is over in
 *     time
 * @param relaxAfter the standby's stream must be gone for this long before replication is relaxed
 * @param serviceDelay default of a critical service's delay before failover
 * @param probeInterval how often services are probed
 * @param probeLimit how long a probe may take
 * @param startLimit how long starting services or a database may take
 * @param stopLimit how long an orderly stop of services or a database may take
 * @param handOverLimit how long a released instance waits for its assigned node before the other
 *     one may take it back
 * @param failedRetry how long an instance that failed on all nodes waits before it is tried again
 * @param fallbackHealthy how long the home node must be healthy before an automatic fallback
 * @param reloginLeast how long a client waits at least before it logs in again after a failover
 * @param reloginMost how long it waits at most: a random time between spreads the load
 */
public record Timers(
        Duration heartbeatInterval,
        Duration heartbeatSilence,
        Duration proofAfter,
        Duration lease,
        Duration renewEvery,
        double challengeFactor,
        Duration leaseMargin,
        Duration relaxAfter,
        Duration serviceDelay,
        Duration probeInterval,
        Duration probeLimit,
        Duration startLimit,
        Duration stopLimit,
        Duration handOverLimit,
        Duration failedRetry,
        Duration fallbackHealthy,
        Duration reloginLeast,
        Duration reloginMost) {

    /** The default profile: takes over in a second or two and stays free of false failovers. */
    public static final Timers FAST =
            new Timers(
                    Duration.ofMillis(100),
                    Duration.ofMillis(800),
                    Duration.ofMillis(250),
                    Duration.ofMillis(2000),
                    Duration.ofMillis(250),
                    1.5,
                    Duration.ofMillis(250),
                    Duration.ofMillis(700),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ZERO,
                    Duration.ofSeconds(1));

    /**
     * The defaults of the reference systems under our names: calm, slow. docs/timing.md says which
     * of their parameters became which timer. The members' heartbeat, which all groups share, stays
     * as it is.
     */
    public static final Timers CLASSIC =
            new Timers(
                    FAST.heartbeatInterval(),
                    FAST.heartbeatSilence(),
                    FAST.proofAfter(),
                    Duration.ofSeconds(40),
                    Duration.ofSeconds(5),
                    1.5,
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(90),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(537));

    /** Returns these timers with {@code changes} and, if present, another challenge factor. */
    public Timers with(Map<Timer, Duration> changes, OptionalDouble factor) {
        Function<Timer, Duration> value = t -> changes.getOrDefault(t, t.in(this));
        return new Timers(
                value.apply(Timer.HEARTBEAT_INTERVAL),
                value.apply(Timer.HEARTBEAT_SILENCE),
                value.apply(Timer.PROOF_AFTER),
                value.apply(Timer.LEASE),
                value.apply(Timer.RENEW_EVERY),
                factor.orElse(challengeFactor),
                value.apply(Timer.LEASE_MARGIN),
                value.apply(Timer.RELAX_AFTER),
                value.apply(Timer.SERVICE_DELAY),
                value.apply(Timer.PROBE_INTERVAL),
                value.apply(Timer.PROBE_LIMIT),
                value.apply(Timer.START_LIMIT),
                value.apply(Timer.STOP_LIMIT),
                value.apply(Timer.HAND_OVER_LIMIT),
                value.apply(Timer.FAILED_RETRY),
                value.apply(Timer.FALLBACK_HEALTHY),
                value.apply(Timer.RELOGIN_LEAST),
                value.apply(Timer.RELOGIN_MOST));
    }

    /** Returns every timer of a group under its key, as a group file has it. */
    public Map<String, String> byKey() {
        Map<String, String> all = new LinkedHashMap<>();
        for (Timer timer : Timer.values()) {
            if (timer.ofGroup()) {
                all.put(timer.key(), DurationText.format(timer.in(this)));
            }
        }
        all.put(Timer.CHALLENGE_FACTOR, String.valueOf(challengeFactor));
        return all;
    }

    /** Returns how long a challenger waits from when it last saw the record change. */
    public Duration challengeWait() {
        return challengeWait(Duration.ZERO);
    }

    /**
     * Returns the same where the holder may count on its lease for {@code counted}: it may go by
     * other timers than this node as long as a change of them has not reached both.
     */
    public Duration challengeWait(Duration counted) {
        Duration longer = counted.compareTo(lease) > 0 ? counted : lease;
        return Duration.ofNanos((long) (longer.toNanos() * challengeFactor));
    }
}
