package io.understudy.ejb.info;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.info.HaInfo;
import io.understudy.core.info.Machine;
import io.understudy.core.info.ServerInfo;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.InfoView;
import io.understudy.core.view.SavedInfos;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * What this node says of itself, and the file in its data directory that says it when it is down.
 */
public final class NodeInfos implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(NodeInfos.class.getName());
    private static final ObjectMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private final NodeConfiguration node;
    private final Path data;
    private final Supplier<ClusterView> view;
    private final Supplier<List<GroupConfiguration>> groups;
    private final Clock wall;
    private final Machine machine = Firmware.machine();
    private final AtomicBoolean saving = new AtomicBoolean();
    private final int starts;

    /**
     * Counts this start; what an earlier process saved stays until {@link #save}.
     *
     * @param node the node file
     * @param data the data directory
     * @param view the state as this node sees it now
     * @param groups the configuration in force
     * @param wall the time for people, and the zone
     */
    public NodeInfos(
            NodeConfiguration node,
            Path data,
            Supplier<ClusterView> view,
            Supplier<List<GroupConfiguration>> groups,
            Clock wall) {
        this.node = node;
        this.data = data;
        this.view = view;
        this.groups = groups;
        this.wall = wall;
        this.starts = load(data).map(SavedInfos::starts).orElse(0) + 1;
    }

    /** Returns what a node saved in {@code data}, if it can be read. */
    static Optional<SavedInfos> load(Path data) {
        try {
            Path file = data.resolve(SavedInfos.FILE);
            return Files.exists(file)
                    ? Optional.of(JSON.readValue(file.toFile(), SavedInfos.class))
                    : Optional.empty();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the last saved state cannot be read", e);
            return Optional.empty();
        }
    }

    /** Returns high availability as this node sees it. */
    public InfoView ha() {
        return ha(view.get());
    }

    private InfoView ha(ClusterView seen) {
        return HaInfo.of(node, seen, groups.get(), machine);
    }

    /** Returns the server; counts what the databases occupy, which takes a while. */
    public InfoView server() {
        return server(view.get(), databaseBytes());
    }

    private InfoView server(ClusterView seen, Optional<Long> databaseBytes) {
        Runtime process = Runtime.getRuntime();
        ZoneId zone = wall.getZone();
        OffsetDateTime started =
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime())
                        .atZone(zone)
                        .toOffsetDateTime()
                        .truncatedTo(ChronoUnit.SECONDS);
        java.util.logging.Level level = Logger.getLogger("").getLevel();
        return ServerInfo.of(
                node,
                seen,
                new ServerInfo.Surroundings(
                        machine,
                        started.toString(),
                        zone.getId(),
                        OffsetDateTime.now(wall).getOffset().getId(),
                        starts - 1,
                        process.totalMemory() - process.freeMemory(),
                        process.totalMemory(),
                        process.maxMemory(),
                        databaseBytes,
                        level == null ? "INFO" : level.getName(),
                        node.eventDays()));
    }

    private Optional<Long> databaseBytes() {
        Path directory = data.resolve("databases");
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return Optional.of(files.mapToLong(NodeInfos::size).sum());
        } catch (IOException | java.io.UncheckedIOException cameAndWent) {
            return Optional.empty();
        }
    }

    /** Databases delete files while they are counted. */
    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException gone) {
            return 0;
        }
    }

    /** Writes what is known now on a thread of {@code workers}; never blocks, never throws. */
    public void saveOn(Executor workers) {
        try {
            workers.execute(this::save);
        } catch (RejectedExecutionException busyOrEnding) {
            LOG.log(System.Logger.Level.DEBUG, "the state is saved the next time");
        }
    }

    /** Writes what is known now; does nothing while an earlier call still writes. */
    void save() {
        save(false);
    }

    private void save(boolean stopped) {
        if (!saving.compareAndSet(false, true)) {
            return;
        }
        try {
            // Once for both: of hundreds of instances a view is much.
            ClusterView seen = view.get();
            SavedInfos infos =
                    new SavedInfos(starts, stopped, ha(seen), server(seen, Optional.empty()));
            Path fresh = data.resolve(SavedInfos.FILE + ".new");
            Files.write(fresh, JSON.writeValueAsBytes(infos));
            Files.move(
                    fresh,
                    data.resolve(SavedInfos.FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the state could not be saved", e);
        } finally {
            saving.set(false);
        }
    }

    /** Saves the state at the end of this node. */
    @Override
    public void close() {
        save(true);
    }
}
