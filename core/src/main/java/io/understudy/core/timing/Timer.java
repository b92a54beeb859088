package io.understudy.core.timing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The durations of {@link Timers} as data: the key in a group file, and the bounds of each. */
public enum Timer {
    /** {@link Timers#heartbeatInterval()}; below 20 ms the scheduler's own jitter is as large. */
    HEARTBEAT_INTERVAL("heartbeat-interval", millis(20), seconds(60), Timers::heartbeatInterval),
    /** {@link Timers#heartbeatSilence()}. */
    HEARTBEAT_SILENCE("heartbeat-silence", millis(100), seconds(600), Timers::heartbeatSilence),
    /** {@link Timers#proofAfter()}. */
    PROOF_AFTER("proof-after", millis(50), seconds(600), Timers::proofAfter),
    /** {@link Timers#lease()}; below 500 ms a garbage collection could cost it. */
    LEASE("lease", millis(500), seconds(600), Timers::lease),
    /** {@link Timers#renewEvery()}. */
    RENEW_EVERY("renew-every", millis(50), seconds(120), Timers::renewEvery),
    /** {@link Timers#leaseMargin()}; below 100 ms the guard could not have killed in time. */
    LEASE_MARGIN("lease-margin", millis(100), seconds(300), Timers::leaseMargin),
    /** {@link Timers#relaxAfter()}. */
    RELAX_AFTER("relax-after", millis(100), seconds(600), Timers::relaxAfter),
    /** {@link Timers#serviceDelay()}; zero: at once. */
    SERVICE_DELAY("service-delay", millis(0), hours(24), Timers::serviceDelay),
    /** {@link Timers#probeInterval()}. */
    PROBE_INTERVAL("probe-interval", millis(100), seconds(600), Timers::probeInterval),
    /** {@link Timers#probeLimit()}. */
    PROBE_LIMIT("probe-limit", millis(50), seconds(600), Timers::probeLimit),
    /** {@link Timers#startLimit()}. */
    START_LIMIT("start-limit", seconds(1), hours(24), Timers::startLimit),
    /** {@link Timers#stopLimit()}. */
    STOP_LIMIT("stop-limit", millis(500), hours(1), Timers::stopLimit),
    /** {@link Timers#handOverLimit()}. */
    HAND_OVER_LIMIT("hand-over-limit", millis(500), hours(1), Timers::handOverLimit),
    /** {@link Timers#failedRetry()}. */
    FAILED_RETRY("failed-retry", seconds(1), hours(24), Timers::failedRetry),
    /** {@link Timers#fallbackHealthy()}. */
    FALLBACK_HEALTHY("fallback-healthy", millis(0), hours(24), Timers::fallbackHealthy),
    /** {@link Timers#reloginLeast()}; for clients, kept and published. */
    RELOGIN_LEAST("relogin-least", millis(0), hours(24), Timers::reloginLeast),
    /** {@link Timers#reloginMost()}; for clients, kept and published. */
    RELOGIN_MOST("relogin-most", millis(0), hours(24), Timers::reloginMost);

    /** The key of {@link Timers#challengeFactor()}, the only one that is no duration. */
    public static final String CHALLENGE_FACTOR = "challenge-factor";

    private final String key;
    private final Duration least;
    private final Duration most;
    private final Function<Timers, Duration> getter;

    Timer(String key, Duration least, Duration most, Function<Timers, Duration> getter) {
        this.key = key;
        this.least = least;
        this.most = most;
        this.getter = getter;
    }

    /** Returns its name in a group file. */
    public String key() {
        return key;
    }

    /**
     * Returns whether a group may set it. The heartbeat's timers are the members': every member
     * must judge the others by the interval at which they really send.
     */
    public boolean ofGroup() {
        return this != HEARTBEAT_INTERVAL && this != HEARTBEAT_SILENCE && this != PROOF_AFTER;
    }

    /** Returns the smallest value that can be honoured. */
    public Duration least() {
        return least;
    }

    /** Returns the largest value that makes sense. */
    public Duration most() {
        return most;
    }

    /** Returns its value in {@code timers}. */
    public Duration in(Timers timers) {
        return getter.apply(timers);
    }

    /** Returns the timer with that key. */
    public static Optional<Timer> ofKey(String key) {
        return Arrays.stream(values()).filter(t -> t.key.equals(key)).findFirst();
    }

    /** Returns every key of a group's {@code timers} map, {@link #CHALLENGE_FACTOR} last. */
    public static List<String> keys() {
        List<String> keys = new ArrayList<>();
        Arrays.stream(values()).filter(Timer::ofGroup).forEach(t -> keys.add(t.key));
        keys.add(CHALLENGE_FACTOR);
        return List.copyOf(keys);
    }

    private static Duration millis(long value) {
        return Duration.ofMillis(value);
    }

    private static Duration seconds(long value) {
        return Duration.ofSeconds(value);
    }

    private static Duration hours(long value) {
        return Duration.ofHours(value);
    }
}
