package io.understudy.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.ManualStop;
import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.config.ServiceKind;
import io.understudy.core.config.StartMode;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.Wait;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.guard.GuardLink;
import io.understudy.ejb.process.Spawner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services started and stopped by hand, by start mode, and by what they come after. */
class ManualServiceTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir Path data;
    private final Spawner spawner = new Spawner();
    private final JdbcProber jdbc = new JdbcProber();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private ServiceRunner runner;

    @AfterEach
    void close() {
        runner.close();
        timer.shutdownNow();
        workers.shutdownNow();
        spawner.close();
        jdbc.close();
    }

    private ServiceConfiguration service(
            String name, StartMode mode, ManualStop manualStop, String... after) {
        return new ServiceConfiguration(
                name,
                ServiceKind.PROCESS,
                Optional.empty(),
                Map.of(),
                List.of(
                        "sh",
                        "-c",
                        "echo " + name + " >> " + data.resolve("journal") + "; exec sleep 300"),
                List.of(),
                Map.of(),
                new Probe.Alive(),
                Optional.empty(),
                true,
                Duration.ofSeconds(1),
                1,
                Optional.of(List.of(after)),
                mode,
                manualStop);
    }

    private void run(ServiceConfiguration... services) throws Exception {
        InstanceName name = InstanceName.of("nms");
        NodeName alpha = NodeName.of("alpha");
        runner =
                new ServiceRunner(
                        new InstanceConfiguration(
                                name,
                                alpha,
                                NodeName.of("beta"),
                                List.of(),
                                List.of(services),
                                List.of()),
                        Timers.FAST,
                        new ServiceBodies(
                                name,
                                alpha,
                                data,
                                new Children(data.resolve("run"), spawner, GuardLink.none()),
                                jdbc,
                                List::of),
                        new Ticks(timer, ServiceRunner.TICK),
                        workers,
                        System::nanoTime,
                        (instance, facts) -> {});
        runner.startAll(Epoch.NONE.next()).toCompletableFuture().get(15, TimeUnit.SECONDS);
    }

    private ServiceFacts facts(String name) {
        return runner.facts().stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
    }

    private void await(String name, ServiceCondition condition) throws Exception {
        Wait.until(name + " " + condition, LIMIT, () -> facts(name).condition() == condition);
    }

    @Test
    void startsByWhatTheyComeAfterNotByTheirPlace() throws Exception {
        run(
                service("web", StartMode.AUTOMATIC, ManualStop.STAY, "cache"),
                service("cache", StartMode.AUTOMATIC, ManualStop.STAY));
        assertEquals(List.of("cache", "web"), Files.readAllLines(data.resolve("journal")));
    }

    @Test
    void oneOfManualModeWaitsForAHandAndNothingWaitsForIt() throws Exception {
        run(
                service("report", StartMode.MANUAL, ManualStop.STAY),
                service("web", StartMode.AUTOMATIC, ManualStop.STAY, "report"));
        assertEquals(ServiceCondition.STOPPED, facts("report").condition());
        assertTrue(facts("report").byHand());
        assertTrue(runner.startByHand("report"));
        await("report", ServiceCondition.RUNNING);
        assertFalse(facts("report").byHand());
    }

    @Test
    void oneStoppedByHandStaysStoppedAndIsNoFailure() throws Exception {
        run(service("web", StartMode.AUTOMATIC, ManualStop.STAY));
        runner.stopByHand("web").toCompletableFuture().get(15, TimeUnit.SECONDS);
        assertEquals(ServiceCondition.STOPPED, facts("web").condition());
        assertTrue(facts("web").byHand());
        assertEquals(Optional.of("service 'web': it was stopped by hand"), facts("web").problem());
        TimeUnit.MILLISECONDS.sleep(300);
        assertEquals(ServiceCondition.STOPPED, facts("web").condition());
        assertTrue(runner.startByHand("web"));
        await("web", ServiceCondition.RUNNING);
        assertEquals(Optional.empty(), facts("web").problem());
    }

    @Test
    void oneThatCountsAsAFailureWhenStoppedByHandFails() throws Exception {
        run(service("web", StartMode.AUTOMATIC, ManualStop.MOVE));
        runner.stopByHand("web").toCompletableFuture().get(15, TimeUnit.SECONDS);
        assertEquals(ServiceCondition.FAILED, facts("web").condition());
        assertTrue(facts("web").problem().orElseThrow().contains("stopped by hand"));
    }

    @Test
    void nothingIsStartedByHandWithoutALease() throws Exception {
        run(service("web", StartMode.AUTOMATIC, ManualStop.STAY));
        runner.stopAll(StopMode.ORDERLY).toCompletableFuture().get(15, TimeUnit.SECONDS);
        assertFalse(runner.startByHand("web"));
        assertThrows(
                ExecutionException.class,
                () -> runner.stopByHand("web").toCompletableFuture().get(5, TimeUnit.SECONDS));
    }
}
