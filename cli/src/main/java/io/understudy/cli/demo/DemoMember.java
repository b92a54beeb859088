package io.understudy.cli.demo;

import io.understudy.cli.guard.Registry;
import io.understudy.cli.node.Distribution;
import io.understudy.core.config.NodeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One launcher of the demo as a child process: started again when it dies, ended with the demo. The
 * launcher reads its end of a pipe, so it ends even if the demo is killed.
 */
final class DemoMember {

    private static final Set<String> NODE_KEYS =
            NodeFile.keys().stream()
                    .flatMap(
                            key -> {
                                String name = key.replaceAll("[^a-z]", "_");
                                return Stream.of(key, name, name.toUpperCase(Locale.ROOT));
                            })
                    .collect(Collectors.toUnmodifiableSet());
    private static final long RESTART_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLEAR_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String name;
    private final DemoLayout layout;
    private final List<String> command;
    private final Thread keeper;
    private Process process;
    private boolean stopping;

    DemoMember(String name, DemoLayout layout, Distribution distribution) {
        this.name = name;
        this.layout = layout;
        this.command = new ArrayList<>(Distribution.ownSession());
        command.addAll(
                List.of(
                        Distribution.java(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-Xshare:auto",
                        "-Xmx48m",
                        "-D" + Distribution.PROPERTY + "=" + distribution.home(),
                        "-cp",
                        distribution.commandClassPath(),
                        "io.understudy.cli.Main",
                        name.equals(DemoLayout.WITNESS) ? "witness" : "node",
                        "--config",
                        layout.nodeFile(name).toString(),
                        "--of-demo"));
        this.keeper = new Thread(this::keep, "demo-" + name);
        keeper.setDaemon(true);
    }

    String name() {
        return name;
    }

    /** Starts the launcher and the thread that starts it again. */
    void start() throws IOException {
        launch();
        keeper.start();
    }

    private synchronized Process launch() throws IOException {
        if (stopping) {
            return null;
        }
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(layout.launcherLog(name).toFile()))
                        .start();
        return process;
    }

    private synchronized Process current() {
        return process;
    }

    private void keep() {
        try {
            Process running = current();
            while (running != null) {
                running.waitFor();
                LockSupport.parkNanos(RESTART_NANOS);
                running = launch();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.getLogger(DemoMember.class.getName())
                    .log(System.Logger.Level.ERROR, "the launcher of " + name + " is lost", e);
        }
    }

    /** Returns what the launcher wrote last if it has ended by itself, else nothing. */
    Optional<String> problem() throws IOException {
        if (current().isAlive()) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(layout.launcherLog(name));
        return Optional.of(
                String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size())));
    }

    /** Returns the number of the server process: the second line of the guard's registry. */
    Optional<Long> serverProcess() {
        try {
            List<String> lines = Files.readAllLines(registryFile());
            return lines.size() < 2
                    ? Optional.empty()
                    : Optional.of(Long.parseLong(lines.get(1).split(" ")[0]));
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    /** Asks the launcher to stop in good order; returns at once. */
    synchronized void askToStop() {
        stopping = true;
        if (process != null) {
            process.destroy();
        }
    }

    /**
     * Waits for the end, and enforces it after the limit: afterwards nothing of this member runs.
     */
    void awaitEnd(long limitNanos) throws InterruptedException {
        Process last = current();
        if (last == null) {
            return;
        }
        if (!last.waitFor(limitNanos, TimeUnit.NANOSECONDS)) {
            last.destroyForcibly();
            last.waitFor(5, TimeUnit.SECONDS);
        }
        new Registry(registryFile()).clearRemnants(CLEAR_NANOS);
    }

    private Path registryFile() {
        return layout.data(name).resolve("run").resolve("processes");
    }
}
