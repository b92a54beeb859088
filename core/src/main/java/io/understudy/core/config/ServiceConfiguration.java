package io.understudy.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A service of an instance.
 *
 * @param name unique in its instance
 * @param kind how it is run
 * @param runBy the systemd unit ({@code web.service}) or the agent ({@code ocf:PROVIDER:TYPE});
 *     empty for the other kinds
 * @param parameters of the agent; empty for the other kinds
 * @param start the command, without a shell; only for {@link ServiceKind#PROCESS}
 * @param stop the command that asks it to stop; empty: SIGTERM, after the stop limit SIGKILL
 * @param environment added to the environment of {@code start} and {@code stop}
 * @param probe how to tell that it works, besides what its kind tells
 * @param interval how often it is looked at
 * @param critical whether its loss moves the instance
 * @param delay how long it may be down before the instance moves; zero: at once
 * @param restarts restart attempts within the delay before it counts as failed
 * @param after the services that must work before it is started; it is stopped before them. Not
 *     present: the one before it in the list
 * @param mode when it is started
 * @param manualStop what it means that it is stopped by hand
 */
public record ServiceConfiguration(
        String name,
        ServiceKind kind,
        Optional<String> runBy,
        Map<String, String> parameters,
        List<String> start,
        List<String> stop,
        Map<String, String> environment,
        Probe probe,
        Optional<Duration> interval,
        boolean critical,
        Duration delay,
        int restarts,
        Optional<List<String>> after,
        StartMode mode,
        ManualStop manualStop) {

    /** Refuses nulls; copies collections. */
    public ServiceConfiguration {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(runBy, "runBy");
        Objects.requireNonNull(probe, "probe");
        Objects.requireNonNull(interval, "interval");
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(manualStop, "manualStop");
        parameters = Map.copyOf(parameters);
        start = List.copyOf(start);
        stop = List.copyOf(stop);
        environment = Map.copyOf(environment);
        after = after.map(List::copyOf);
    }

    /** A service of kind process or probe, started with its instance, after the one before. */
    public ServiceConfiguration(
            String name,
            ServiceKind kind,
            List<String> start,
            List<String> stop,
            Map<String, String> environment,
            Probe probe,
            boolean critical,
            Duration delay,
            int restarts) {
        this(
                name,
                kind,
                Optional.empty(),
                Map.of(),
                start,
                stop,
                environment,
                probe,
                Optional.empty(),
                critical,
                delay,
                restarts,
                Optional.empty(),
                StartMode.AUTOMATIC,
                ManualStop.STAY);
    }
}
