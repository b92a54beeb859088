package io.understudy.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.config.ServiceKind;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.guard.GuardLink;
import io.understudy.ejb.process.ProcessUse;
import io.understudy.ejb.process.Spawner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceUsesTest {

    private static final InstanceName NMS = InstanceName.of("nms");

    @TempDir Path data;
    private final Spawner spawner = new Spawner();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private final JdbcProber jdbc = new JdbcProber();
    private final AtomicLong time = new AtomicLong();
    private final AtomicInteger looks = new AtomicInteger();
    private ServiceRunner runner;

    @AfterEach
    void close() {
        runner.close();
        timer.shutdownNow();
        workers.shutdownNow();
        spawner.close();
        jdbc.close();
    }

    private ServiceUses uses(String script) throws Exception {
        runner =
                new ServiceRunner(
                        new InstanceConfiguration(
                                NMS,
                                NodeName.of("alpha"),
                                NodeName.of("beta"),
                                List.of(),
                                List.of(
                                        new ServiceConfiguration(
                                                "web",
                                                ServiceKind.PROCESS,
                                                List.of("sh", "-c", script),
                                                List.of(),
                                                Map.of(),
                                                new Probe.Alive(),
                                                true,
                                                Duration.ofSeconds(5),
                                                1)),
                                List.of()),
                        Timers.FAST,
                        new ServiceBodies(
                                NMS,
                                NodeName.of("alpha"),
                                data,
                                new Children(data.resolve("run"), spawner, GuardLink.none()),
                                jdbc,
                                List::of),
                        new Ticks(timer, ServiceRunner.TICK),
                        workers,
                        System::nanoTime,
                        (instance, facts) -> {});
        return new ServiceUses(
                Runnable::run,
                time::get,
                () -> Map.of(NMS, runner),
                () -> {
                    looks.incrementAndGet();
                    return ProcessUse.look();
                });
    }

    private void start() throws Exception {
        runner.startAll(new Epoch(1)).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void looksOnlyWhenAskedAndNotOften() throws Exception {
        ServiceUses uses = uses("exec sleep 60");
        assertEquals(Optional.empty(), uses.of(NMS, "web"));
        assertEquals(0, looks.get(), "where nothing runs, nothing is looked at");
        start();
        time.addAndGet(ServiceUses.EVERY.toNanos());
        ServiceUses.Use use = uses.of(NMS, "web").orElseThrow();
        assertTrue(use.cpuPercent().isEmpty(), "the first look has nothing to compare with");
        assertTrue(use.memoryBytes() > 100_000, () -> "memory " + use.memoryBytes());
        long age = Duration.between(use.started(), Instant.now()).toSeconds();
        assertTrue(Math.abs(age) < 20, () -> "started " + use.started());
        for (int i = 0; i < 100; i++) {
            uses.of(NMS, "web");
        }
        assertEquals(1, looks.get());
        assertEquals(Optional.empty(), uses.of(NMS, "other"));
    }

    @Test
    void tellsWhatWasUsedBetweenTwoLooks() throws Exception {
        ServiceUses uses = uses("while :; do :; done & wait");
        start();
        uses.of(NMS, "web");
        long begun = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(700);
        time.addAndGet(Math.max(ServiceUses.EVERY.toNanos(), System.nanoTime() - begun));
        double percent = uses.of(NMS, "web").orElseThrow().cpuPercent().orElseThrow();
        // 0.7 s of a core at most, counted over the 5 s that the clock says.
        assertTrue(percent > 1 && percent < 25, () -> "percent " + percent);
    }

    @Test
    void forgetsWhatHasStopped() throws Exception {
        ServiceUses uses = uses("exec sleep 60");
        start();
        assertTrue(uses.of(NMS, "web").isPresent());
        runner.stopAll(StopMode.KILL).toCompletableFuture().get(10, TimeUnit.SECONDS);
        time.addAndGet(ServiceUses.EVERY.toNanos());
        assertEquals(Optional.empty(), uses.of(NMS, "web"));
    }
}
