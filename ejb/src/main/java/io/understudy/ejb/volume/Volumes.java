package io.understudy.ejb.volume;

import io.understudy.core.config.Probe;
import io.understudy.ejb.beat.Beat;
import io.understudy.ejb.guard.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.function.LongSupplier;

/**
 * The volumes that this node watches. What several instances ask about is checked once. It owns no
 * thread. Safe for use by several threads.
 */
public final class Volumes implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(100);

    /**
     * How often a volume is checked that nobody asked for: that of the databases. What fails right
     * after a check shows with the next: so much later than its delay the instance moves.
     */
    private static final Duration CALM = Duration.ofMillis(500);

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Children children;
    private final Executor workers;
    private final LongSupplier nanos;
    private final VolumeListener listener;
    private final String mark;
    private final Map<String, Watched> watched = new LinkedHashMap<>();
    private final ScheduledExecutorService timer;
    private ScheduledFuture<?> ticking;
    private boolean closed;

    /** A check, who uses it, and what was told of it last. */
    private static final class Watched {
        final VolumeCheck check;
        final SpaceLevel.Watch level;
        int users;
        boolean toldBad;

        Watched(VolumeCheck check, Probe.Volume thresholds) {
            this.check = check;
            this.level = new SpaceLevel.Watch(thresholds);
        }
    }

    /**
     * Watches nothing yet, and does not tick before it does.
     *
     * @param children starts the processes that write
     * @param mark keeps the files of several nodes on one volume apart
     * @param timer its tasks here never block
     * @param workers its tasks here take milliseconds
     * @param nanos the monotonic clock
     * @param listener hears of space and of failures, on the timer's thread
     */
    public Volumes(
            Children children,
            String mark,
            ScheduledExecutorService timer,
            Executor workers,
            LongSupplier nanos,
            VolumeListener listener) {
        this.children = children;
        this.mark = mark;
        this.workers = workers;
        this.nanos = nanos;
        this.listener = listener;
        this.timer = timer;
    }

    /** What one user of a volume holds; closing it ends the watching when nobody else does. */
    public final class Handle implements AutoCloseable {
        private final String key;

        private Handle(String key) {
            this.key = key;
        }

        /** Returns what is known of the volume. */
        public VolumeState state() {
            synchronized (watched) {
                Watched one = watched.get(key);
                return one == null ? VolumeState.UNKNOWN : one.check.state();
            }
        }

        @Override
        public void close() {
            synchronized (watched) {
                Watched one = watched.get(key);
                if (one != null && --one.users == 0) {
                    watched.remove(key);
                    beat();
                }
            }
        }
    }

    /**
     * Watches a volume as an operator configured it.
     *
     * @param interval from one check to the next
     */
    public Handle watch(Probe.Volume volume, Duration interval) {
        return hold(volume + " " + interval, volume, interval);
    }

    /** Watches the volume that holds {@code directory}; one check for all who ask about it. */
    public Handle watchDevice(Path directory) {
        Path there = existing(directory);
        return hold("device " + device(there), Probe.Volume.of(there.toString()), CALM);
    }

    private Handle hold(String key, Probe.Volume volume, Duration interval) {
        synchronized (watched) {
            Watched one =
                    watched.computeIfAbsent(
                            key,
                            k ->
                                    new Watched(
                                            new VolumeCheck(
                                                    volume.directory(),
                                                    mark,
                                                    interval,
                                                    PATIENCE,
                                                    children,
                                                    workers,
                                                    nanos),
                                            volume));
            one.users++;
            beat();
            return new Handle(key);
        }
    }

    /** Ticks while something is watched; under the lock of what is. */
    private void beat() {
        boolean wanted = !closed && !watched.isEmpty();
        if (wanted && ticking == null) {
            ticking = Beat.every(timer, TICK, this::tick);
        } else if (!wanted && ticking != null) {
            ticking.cancel(false);
            ticking = null;
        }
    }

    private static Path existing(Path directory) {
        Path there = directory.toAbsolutePath();
        while (there.getParent() != null && !Files.isDirectory(there)) {
            there = there.getParent();
        }
        return there;
    }

    private static String device(Path directory) {
        try {
            return String.valueOf(Files.getAttribute(directory, "unix:dev"));
        } catch (IOException | UnsupportedOperationException e) {
            return directory.toString();
        }
    }

    private void tick() {
        List<Watched> all;
        synchronized (watched) {
            all = List.copyOf(watched.values());
        }
        for (Watched one : all) {
            one.check.tick();
            tell(one);
        }
    }

    private void tell(Watched one) {
        VolumeState state = one.check.state();
        boolean bad = state.problem().isPresent();
        if (bad != one.toldBad) {
            one.toldBad = bad;
            listener.writable(one.check.directory(), state.problem());
        }
        Optional<SpaceLevel> changed =
                state.usedPercent().isPresent()
                        ? one.level.at(state.usedPercent().getAsInt())
                        : Optional.empty();
        changed.ifPresent(
                level ->
                        listener.space(
                                one.check.directory(), level, state.usedPercent().getAsInt()));
    }

    /** Ends the watching; a check that hangs is left to the kernel. */
    @Override
    public void close() {
        synchronized (watched) {
            closed = true;
            beat();
        }
    }
}
