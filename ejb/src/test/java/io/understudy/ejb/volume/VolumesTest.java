package io.understudy.ejb.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.Probe;
import io.understudy.ejb.Wait;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.guard.GuardLink;
import io.understudy.ejb.process.Account;
import io.understudy.ejb.process.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real volumes where this account may mount them: full, read-only, hanging. */
class VolumesTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration OFTEN = Duration.ofMillis(100);

    @TempDir Path directory;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Spawner spawner = new Spawner();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private Optional<Path> mounted = Optional.empty();
    private Volumes volumes;

    @AfterEach
    void close() throws Exception {
        if (volumes != null) {
            volumes.close();
        }
        if (mounted.isPresent()) {
            run(List.of("umount", "-l", mounted.get().toString()));
        }
        timer.shutdownNow();
        workers.shutdownNow();
        spawner.close();
    }

    private Volumes.Handle watch(Path where) {
        Children children = new Children(directory.resolve("run"), spawner, GuardLink.none());
        volumes =
                new Volumes(
                        children,
                        "volume-alpha",
                        timer,
                        workers,
                        System::nanoTime,
                        new VolumeListener() {
                            @Override
                            public void writable(String volume, Optional<String> problem) {
                                heard.add(problem.orElse("writable"));
                            }

                            @Override
                            public void space(String volume, SpaceLevel level, int percent) {
                                heard.add(level.name());
                            }
                        });
        return volumes.watch(new Probe.Volume(where.toString(), 75, 85, 95), OFTEN);
    }

    private Path mount(String type, String options) throws Exception {
        Assumptions.assumeTrue(Account.isRoot(), "needs root to mount");
        Path where = Files.createDirectory(directory.resolve("volume"));
        int status =
                run(List.of("mount", "-t", type, "-o", options, source(type), where.toString()));
        Assumptions.assumeTrue(status == 0, "this host lets nobody mount " + type);
        mounted = Optional.of(where);
        return where;
    }

    private String source(String type) throws Exception {
        if (type.equals("tmpfs")) {
            return "tmpfs";
        }
        Path image = directory.resolve("image");
        run(List.of("truncate", "-s", "16M", image.toString()));
        run(List.of("mkfs.ext4", "-q", "-F", image.toString()));
        return image.toString();
    }

    private static int run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), () -> "hangs: " + command);
        return process.exitValue();
    }

    private static void await(Volumes.Handle handle, boolean good) throws Exception {
        Wait.until(
                "good: " + good,
                LIMIT,
                () -> handle.state().known() && handle.state().problem().isEmpty() == good);
    }

    @Test
    void aGoodVolumeAnswersWithItsLatency() throws Exception {
        Volumes.Handle handle = watch(directory);
        await(handle, true);
        assertTrue(handle.state().latencyNanos() > 0);
        assertTrue(handle.state().usedPercent().isPresent());
        Wait.until("no mark", LIMIT, this::noMarks);
    }

    private boolean noMarks() {
        try (var files = Files.list(directory)) {
            return files.noneMatch(f -> f.getFileName().toString().startsWith(".understudy"));
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aFullVolumeIsBadUntilThereIsRoom() throws Exception {
        Path where = mount("tmpfs", "size=1m");
        Volumes.Handle handle = watch(where);
        await(handle, true);
        Path filling = where.resolve("filling");
        run(List.of("sh", "-c", "dd if=/dev/zero of=" + filling + " bs=4k status=none || :"));
        await(handle, false);
        assertTrue(
                handle.state().problem().orElseThrow().contains("No space left on device"),
                () -> handle.state().problem().orElseThrow());
        // The first check that fails may have looked at the space while it was being filled.
        Wait.until("full", LIMIT, () -> handle.state().usedPercent().orElse(0) == 100);
        Files.delete(filling);
        await(handle, true);
        Wait.until(
                "events",
                LIMIT,
                () ->
                        heard.contains("CRITICAL")
                                && heard.contains("NORMAL")
                                && heard.contains("writable"));
    }

    @Test
    void aReadOnlyVolumeIsBad() throws Exception {
        Path where = mount("tmpfs", "size=1m");
        Volumes.Handle handle = watch(where);
        await(handle, true);
        run(List.of("mount", "-o", "remount,ro", where.toString()));
        await(handle, false);
        assertTrue(
                handle.state().problem().orElseThrow().contains("Read-only file system"),
                () -> handle.state().problem().orElseThrow());
    }

    /** As where it becomes read-only right after the write: what fails last says why. */
    @Test
    void aVolumeFromWhichNothingCanBeRemovedSaysWhy() throws Exception {
        Path where = mount("ext4", "loop");
        Volumes.Handle handle = watch(where);
        await(handle, true);
        int marked = run(List.of("chattr", "+a", where.toString()));
        Assumptions.assumeTrue(marked == 0, "this host has no chattr");
        await(handle, false);
        run(List.of("chattr", "-a", where.toString()));
        assertTrue(
                handle.state().problem().orElseThrow().contains("Operation not permitted"),
                () -> handle.state().problem().orElseThrow());
    }

    @Test
    void aHangingVolumeIsBadAndCostsOneProcessOnly() throws Exception {
        Path where = mount("ext4", "loop");
        Volumes.Handle handle = watch(where);
        await(handle, true);
        assertEquals(0, run(List.of("fsfreeze", "--freeze", where.toString())));
        try {
            await(handle, false);
            assertTrue(
                    handle.state().problem().orElseThrow().contains("does not end"),
                    () -> handle.state().problem().orElseThrow());
            TimeUnit.MILLISECONDS.sleep(500);
            assertEquals(1, writers(where), "one process hangs, no other is started");
        } finally {
            run(List.of("fsfreeze", "--unfreeze", where.toString()));
        }
        await(handle, true);
        volumes.close();
        Wait.until("no writer", LIMIT, () -> writers(where) == 0);
    }

    private static long writers(Path where) {
        return ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains(where + "/.understudy-"))
                .count();
    }

    @Test
    void aVolumeThatIsNotThereIsBad() throws Exception {
        Volumes.Handle handle = watch(directory.resolve("nowhere"));
        await(handle, false);
        assertTrue(handle.state().problem().orElseThrow().contains("No such file"));
    }

    @Test
    void thresholdsDoNotFlicker() {
        SpaceLevel.Watch watch = new SpaceLevel.Watch(Probe.Volume.of("/"));
        assertEquals(Optional.empty(), watch.at(74));
        assertEquals(Optional.of(SpaceLevel.WARNING), watch.at(75));
        assertEquals(Optional.empty(), watch.at(74));
        assertEquals(Optional.of(SpaceLevel.CRITICAL), watch.at(95));
        assertEquals(Optional.of(SpaceLevel.SERIOUS), watch.at(90));
        assertEquals(Optional.of(SpaceLevel.NORMAL), watch.at(60));
    }
}
