package io.understudy.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.config.ServiceKind;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.Wait;
import io.understudy.ejb.database.DatabaseAccess;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.guard.GuardLink;
import io.understudy.ejb.process.ProcessIdentity;
import io.understudy.ejb.process.Spawner;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceRunnerTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String ADDRESS = "127.82.9.1";

    @TempDir Path data;
    private final Spawner spawner = new Spawner();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private final List<ServiceFacts> heard = new CopyOnWriteArrayList<>();
    private final JdbcProber jdbc = new JdbcProber();
    private ServiceRunner runner;

    @AfterEach
    void close() {
        if (runner != null) {
            runner.close();
        }
        timer.shutdownNow();
        workers.shutdownNow();
        spawner.close();
        jdbc.close();
    }

    private static ServiceConfiguration process(
            String name, Probe probe, Duration delay, int restarts, String script) {
        return new ServiceConfiguration(
                name,
                ServiceKind.PROCESS,
                List.of("sh", "-c", script),
                List.of(),
                Map.of(),
                probe,
                true,
                delay,
                restarts);
    }

    private ServiceRunner run(ServiceConfiguration... services) {
        runner =
                new ServiceRunner(
                        new InstanceConfiguration(
                                InstanceName.of("nms"),
                                NodeName.of("alpha"),
                                NodeName.of("beta"),
                                List.of(),
                                List.of(services),
                                List.of()),
                        Timers.FAST,
                        new ServiceBodies(
                                InstanceName.of("nms"),
                                NodeName.of("alpha"),
                                data,
                                new Children(data.resolve("run"), spawner, GuardLink.none()),
                                jdbc,
                                () ->
                                        List.of(
                                                new DatabaseAccess(
                                                        ADDRESS,
                                                        5432,
                                                        "nms",
                                                        "nms",
                                                        data.resolve("password")))),
                        new Ticks(timer, ServiceRunner.TICK),
                        workers,
                        System::nanoTime,
                        (instance, facts) -> heard.add(facts));
        return runner;
    }

    private static void await(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(15, TimeUnit.SECONDS);
    }

    private ServiceFacts only() {
        return runner.facts().get(0);
    }

    @Test
    void startsInOrderAndStopsInReverse() throws Exception {
        Probe marked = new Probe.Command(List.of("test", "-e", data.resolve("a.up").toString()));
        String journal = data.resolve("journal").toString();
        String life =
                "echo NAME up $UNDERSTUDY_INSTANCE $UNDERSTUDY_NODE $UNDERSTUDY_EPOCH"
                        + " $UNDERSTUDY_DATABASE_1_PORT >> J; trap 'echo NAME down >> J; exit 0'"
                        + " TERM; touch MARK; sleep 60 & wait";
        ServiceConfiguration a =
                process(
                        "a",
                        marked,
                        Duration.ofSeconds(5),
                        3,
                        life.replace("NAME", "a")
                                .replace("J;", journal + ";")
                                .replace("MARK", data.resolve("a.up").toString()));
        ServiceConfiguration b =
                process(
                        "b",
                        new Probe.Alive(),
                        Duration.ofSeconds(5),
                        3,
                        life.replace("NAME", "b")
                                .replace("J;", journal + ";")
                                .replace("MARK", data.resolve("b.up").toString()));
        run(a, b);
        long begun = System.nanoTime();
        await(runner.startAll(new Epoch(2)));
        System.out.printf("two services up after %d ms%n", millisSince(begun));
        Wait.until("b", LIMIT, () -> Files.exists(data.resolve("b.up")));
        begun = System.nanoTime();
        await(runner.stopAll(StopMode.ORDERLY));
        System.out.printf("two services down after %d ms%n", millisSince(begun));
        assertEquals(
                "a up nms alpha 2 5432\nb up nms alpha 2 5432\nb down\na down\n",
                Files.readString(Path.of(journal)));
        assertEquals(ServiceCondition.STOPPED, only().condition());
    }

    @Test
    void restartsAProcessThatDied() throws Exception {
        run(process("a", new Probe.Alive(), Duration.ofSeconds(5), 3, "sleep 60"));
        await(runner.startAll(new Epoch(2)));
        long first = only().pid().orElseThrow();
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        long took =
                Wait.until(
                        "its restart",
                        LIMIT,
                        () ->
                                only().condition() == ServiceCondition.RUNNING
                                        && only().pid().filter(pid -> pid != first).isPresent());
        System.out.printf("restarted after %d ms%n", took);
        assertEquals(1, only().restarts());
        assertEquals(
                List.of(
                        ServiceCondition.STARTING,
                        ServiceCondition.RUNNING,
                        ServiceCondition.DOWN,
                        ServiceCondition.RUNNING),
                heard.stream().map(ServiceFacts::condition).toList());
    }

    @Test
    void failsWhenAttemptsAreUsedUp() throws Exception {
        run(process("a", new Probe.Tcp(ADDRESS, 1), Duration.ofMillis(900), 2, "exit 7"));
        CompletionStage<Void> start = runner.startAll(new Epoch(2));
        ExecutionException e = assertThrows(ExecutionException.class, () -> await(start));
        assertTrue(e.getCause().getMessage().contains("status 7"), e.getCause().getMessage());
        assertEquals(ServiceCondition.FAILED, only().condition());
        assertEquals(2, only().restarts());
        assertEquals(ServiceCondition.FAILED, heard.get(heard.size() - 1).condition());
    }

    @Test
    void failsAtOnceWithoutDelay() throws Exception {
        run(process("a", new Probe.Alive(), Duration.ZERO, 3, "sleep 60"));
        await(runner.startAll(new Epoch(2)));
        ProcessHandle.of(only().pid().orElseThrow()).orElseThrow().destroyForcibly();
        long took =
                Wait.until("failure", LIMIT, () -> only().condition() == ServiceCondition.FAILED);
        System.out.printf("failed after %d ms%n", took);
        assertEquals(0, only().restarts());
    }

    @Test
    void noticesAServiceThatHangs() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName(ADDRESS))) {
            run(
                    process(
                            "a",
                            new Probe.Tcp(ADDRESS, server.getLocalPort()),
                            Duration.ofSeconds(1),
                            1,
                            "sleep 60"));
            await(runner.startAll(new Epoch(2)));
        }
        long took =
                Wait.until("failure", LIMIT, () -> only().condition() == ServiceCondition.FAILED);
        System.out.printf("hanging service failed after %d ms%n", took);
        assertEquals(1, only().restarts());
        assertTrue(only().problem().orElseThrow().contains("TCP probe"));
    }

    @Test
    void killsAtOnceEvenWhatIgnoresSigterm() throws Exception {
        run(
                process(
                        "a",
                        new Probe.Alive(),
                        Duration.ofSeconds(5),
                        3,
                        "trap '' TERM; sleep 60 & wait; wait"));
        await(runner.startAll(new Epoch(2)));
        ProcessIdentity process = ProcessIdentity.of(only().pid().orElseThrow()).orElseThrow();
        CompletionStage<Void> orderly = runner.stopAll(StopMode.ORDERLY);
        long begun = System.nanoTime();
        await(runner.stopAll(StopMode.KILL));
        System.out.printf("killed after %d ms%n", millisSince(begun));
        await(orderly);
        assertFalse(process.alive());
    }

    @Test
    void stopDuringStartLeavesNothing() throws Exception {
        run(process("a", new Probe.Alive(), Duration.ofSeconds(5), 3, "sleep 60"));
        CompletionStage<Void> start = runner.startAll(new Epoch(2));
        await(runner.stopAll(StopMode.KILL));
        assertThrows(ExecutionException.class, () -> await(start));
        Wait.until(
                "no child",
                LIMIT,
                () ->
                        ProcessHandle.current()
                                .children()
                                .noneMatch(
                                        child ->
                                                child.info()
                                                        .commandLine()
                                                        .orElse("")
                                                        .contains("sleep 60")));
        await(runner.startAll(new Epoch(2)));
        assertEquals(ServiceCondition.RUNNING, only().condition());
    }

    @Test
    void refusesAnOlderEpoch() throws Exception {
        run(process("a", new Probe.Alive(), Duration.ofSeconds(5), 3, "sleep 60"));
        await(runner.startAll(new Epoch(4)));
        ExecutionException e =
                assertThrows(ExecutionException.class, () -> await(runner.startAll(new Epoch(2))));
        assertTrue(e.getCause().getMessage().contains("epoch 4 is known"));
    }

    @Test
    void asksOverHttp() throws Exception {
        com.sun.net.httpserver.HttpServer server =
                com.sun.net.httpserver.HttpServer.create(
                        new java.net.InetSocketAddress(ADDRESS, 0), 5);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(
                            exchange.getRequestURI().getPath().equals("/good") ? 200 : 503, -1);
                    exchange.close();
                });
        server.start();
        try {
            String base = "http://" + ADDRESS + ":" + server.getAddress().getPort();
            assertTrue(
                    Prober.ask(new Probe.Http(base + "/good"), null, Duration.ofSeconds(2)).good());
            assertEquals(
                    "HTTP probe of " + base + "/bad answered 503",
                    Prober.ask(new Probe.Http(base + "/bad"), null, Duration.ofSeconds(2))
                            .problem());
        } finally {
            server.stop(0);
        }
    }

    private static long millisSince(long begun) {
        return (System.nanoTime() - begun) / 1_000_000;
    }
}
