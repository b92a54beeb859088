package io.understudy.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A service of an instance.
 *
 * @param name unique in its instance
 * @param kind how it is run
 * @param start the command, without a shell; empty for {@link ServiceKind#PROBE}
 * @param stop the command that asks it to stop; empty: SIGTERM, after the stop limit SIGKILL
 * @param environment added to the environment of {@code start} and {@code stop}
 * @param probe how to tell that it works
 * @param critical whether its loss moves the instance
 * @param delay how long it may be down before the instance moves; zero: at once
 * @param restarts restart attempts within the delay before it counts as failed
 */
public record ServiceConfiguration(
        String name,
        ServiceKind kind,
        List<String> start,
        List<String> stop,
        Map<String, String> environment,
        Probe probe,
        boolean critical,
        Duration delay,
        int restarts) {

    /** Refuses nulls; copies collections. */
    public ServiceConfiguration {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(probe, "probe");
        Objects.requireNonNull(delay, "delay");
        start = List.copyOf(start);
        stop = List.copyOf(stop);
        environment = Map.copyOf(environment);
    }
}
