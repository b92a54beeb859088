package io.understudy.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * One member: its launcher is a child of this process and reads a pipe of ours, so that it ends
 * with us however we end. Not thread safe.
 */
public final class Member {

    private final String name;
    private final Layout layout;
    private final Distribution distribution;
    private final Optional<Path> payara;
    private final Place place;
    private String programs = "";
    private Process launcher;
    private boolean handsOver;

    /**
     * @param payara the Payara Server that a node runs on; if empty, Payara Micro
     * @param place where it runs
     */
    Member(
            String name,
            Layout layout,
            Distribution distribution,
            Optional<Path> payara,
            Place place) {
        this.place = place;
        this.name = name;
        this.layout = layout;
        this.distribution = distribution;
        this.payara = name.equals(Layout.WITNESS) ? Optional.empty() : payara;
    }

    /** Returns its name. */
    public String name() {
        return name;
    }

    /** From its next start on it finds the programs in {@code directory} before all others. */
    void programs(Path directory) {
        programs = directory + ":";
    }

    /** Starts the launcher, which starts the server; returns at once. */
    public void start() {
        start(false);
    }

    /**
     * Starts the launcher.
     *
     * @param handOver whether a later stop hands what is served to the other node
     */
    public void start(boolean handOver) {
        start(handOver ? List.of("--hand-over") : List.of());
        handsOver = handOver;
    }

    /** Starts the launcher with an empty data directory that replaces a lost one. */
    public void recover() {
        start(List.of("--recover"));
    }

    private void start(List<String> options) {
        if (isRunning()) {
            throw new IllegalStateException(name + " runs already");
        }
        handsOver = false;
        List<String> arguments = new ArrayList<>();
        arguments.add(name.equals(Layout.WITNESS) ? "witness" : "node");
        arguments.addAll(List.of("--config", layout.nodeFile(name).toString(), "--of-demo"));
        payara.ifPresent(home -> arguments.addAll(List.of("--server", home.toString())));
        arguments.addAll(options);
        ProcessBuilder builder = foreground(place.command(distribution.command(arguments)));
        builder.environment().merge("PATH", programs, (path, first) -> first + path);
        try {
            launcher =
                    builder.redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            layout.launcherLog(name).toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keys of the node file count from the environment too; this host's are not the tests'. */
    static ProcessBuilder foreground(Distribution distribution, List<String> arguments) {
        return foreground(distribution.command(arguments));
    }

    private static ProcessBuilder foreground(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(
                        key -> {
                            String lower = key.toLowerCase(Locale.ROOT);
                            return lower.startsWith("node_")
                                    || lower.startsWith("cluster_")
                                    || lower.startsWith("http_port")
                                    || lower.startsWith("https_port")
                                    || lower.equals("data_directory");
                        });
        return builder;
    }

    /** Returns whether the launcher runs. */
    public boolean isRunning() {
        return launcher != null && launcher.isAlive();
    }

    /** Returns whether a stop hands what is served to the other node. */
    public boolean handsOver() {
        return handsOver;
    }

    /** Returns the launcher's process number. */
    public long launcherProcess() {
        return launcher.pid();
    }

    /** Returns the number of the server (Payara or the witness), if it lives. */
    public OptionalLong serverProcess() {
        return number(layout.data(name).resolve("run/processes"), 1);
    }

    /** Returns the number of this node's PostgreSQL, if it lives. */
    public OptionalLong databaseProcess() {
        return number(layout.databaseProcess(name), 0);
    }

    private static OptionalLong number(Path file, int line) {
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() <= line) {
                return OptionalLong.empty();
            }
            long pid = Long.parseLong(lines.get(line).strip().split(" ")[0]);
            return Host.isAlive(pid) ? OptionalLong.of(pid) : OptionalLong.empty();
        } catch (IOException notYet) {
            return OptionalLong.empty();
        }
    }

    /** Asks the launcher to stop in good order; returns at once. */
    public void askToStop() {
        if (launcher != null) {
            launcher.destroy();
        }
    }

    /**
     * Waits for the launcher's end.
     *
     * @return its exit code, or nothing if it still runs after {@code limit}
     */
    public Optional<Integer> awaitEnd(Duration limit) {
        if (launcher == null) {
            return Optional.of(0);
        }
        try {
            return launcher.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)
                    ? Optional.of(launcher.exitValue())
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Returns the launcher's last lines. */
    public String lastWords() {
        try {
            List<String> lines = Files.readAllLines(layout.launcherLog(name));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }
}
