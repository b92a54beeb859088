package io.understudy.cli.node;

import io.understudy.cli.Console;
import io.understudy.cli.guard.Guard;
import io.understudy.cli.guard.ProcessId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The app server as a supervised process, under guard. */
final class NodeRole implements Supervisor.Role {

    private static final System.Logger LOG = System.getLogger(NodeRole.class.getName());
    private static final Duration ASK_LIMIT = Duration.ofSeconds(5);
    private static final Duration START_LIMIT = Duration.ofSeconds(180);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final Duration IDLE_FOR = Duration.ofMillis(500);

    private final NodeSetup setup;
    private final AppServer server;
    private final DataDirectory data;
    private final Guard guard;
    private final boolean handOver;
    private final Console console;

    NodeRole(
            NodeSetup setup,
            AppServer server,
            DataDirectory data,
            Guard guard,
            boolean handOver,
            Console console) {
        this.setup = setup;
        this.server = server;
        this.data = data;
        this.guard = guard;
        this.handOver = handOver;
        this.console = console;
    }

    @Override
    public Process start() throws IOException {
        Output.remove(data.run().resolve("tmp"));
        List<String> command = server.command();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(Output.to(data.logs().resolve("console.log")))
                .start();
    }

    @Override
    public void started(Process process) {
        ProcessId.of(process.pid()).ifPresent(guard::jvmStarted);
        console.say("node.started", setup.node().name(), process.pid(), setup.url());
        Thread watch = new Thread(() -> watchStart(process), "start-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** Payara neither ends nor reports ill when the boot or the deployment fails. */
    private void watchStart(Process process) {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (process.isAlive() && !guard.hasConnected()) {
            if (System.nanoTime() - end > 0) {
                console.say("node.dead-start", setup.node().name(), START_LIMIT.toSeconds());
                process.destroyForcibly();
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
    }

    @Override
    public void ended(int status) {
        guard.jvmEnded();
        long look = TimeUnit.MILLISECONDS.toNanos(20);
        while (!guard.isStopped()) {
            LockSupport.parkNanos(look);
        }
    }

    @Override
    public void waiting(int status, Duration wait) {
        console.say("node.restarting", setup.node().name(), status, wait.toSeconds(), server.log());
    }

    @Override
    public void stop(Process process) {
        if (!guard.hasConnected()) {
            // Still booting: it has nothing to stop, and would not listen.
            process.destroyForcibly();
            return;
        }
        console.say(handOver ? "node.handing-over" : "node.stopping", setup.node().name());
        if (askToStop()) {
            awaitIdle(process);
        }
    }

    private boolean askToStop() {
        try {
            String token = Files.readString(data.tokenFile()).strip();
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            setup.url() + "/api/v1/node/stop?handOver=" + handOver))
                            .timeout(ASK_LIMIT)
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"handOver\":" + handOver + "}"))
                            .build();
            HttpResponse<String> answer =
                    HttpClient.newBuilder()
                            .connectTimeout(ASK_LIMIT)
                            .build()
                            .send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 == 2) {
                return true;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the node does not stop in good order ({0}); it is ended by SIGTERM",
                    answer.statusCode());
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the node cannot be asked to stop ({0}); it is ended by SIGTERM",
                    e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Stopping is over when nothing runs for an instance any more, or when the process ends. */
    private void awaitIdle(Process process) {
        long end = System.nanoTime() + STOP_LIMIT.toNanos();
        long idleSince = 0;
        while (process.isAlive() && end - System.nanoTime() > 0) {
            long now = System.nanoTime();
            if (!guard.isIdle()) {
                idleSince = 0;
            } else if (idleSince == 0) {
                idleSince = now;
            } else if (now - idleSince > IDLE_FOR.toNanos()) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
