package io.understudy.ejb.service;

import io.understudy.ejb.guard.Children;
import io.understudy.ejb.process.CommandResult;
import io.understudy.ejb.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Speaks to systemd through its command, without a shell; every call has a limit. */
final class Systemctl {

    private static final System.Logger LOG = System.getLogger(Systemctl.class.getName());

    /** What is asked of a unit, all in one call. */
    private static final String PROPERTIES =
            "LoadState,ActiveState,SubState,UnitFileState,Result,NRestarts,MainPID,ControlGroup,"
                    + "Slice,MemoryCurrent,CPUUsageNSec";

    private static final Set<String> AT_BOOT = Set.of("enabled", "enabled-runtime");
    private static final Set<String> RUNS =
            Set.of("running", "degraded", "starting", "maintenance");
    private static final Path RUNTIME = Path.of("/run/systemd/system");

    private final Children children;
    private final Path directory;
    private final List<String> program;
    private final Path runtime;

    /**
     * @param directory where it is run, and its log
     */
    Systemctl(Children children, Path directory) {
        this(children, directory, "systemctl", RUNTIME);
    }

    /** For tests: another program, another place for runtime settings. */
    Systemctl(Children children, Path directory, String program, Path runtime) {
        this.children = children;
        this.directory = directory;
        this.program = List.of(program, "--no-ask-password", "--no-pager");
        this.runtime = runtime;
    }

    CommandResult run(List<String> arguments, Duration limit)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program);
        command.addAll(arguments);
        return children.run(
                new Launch(
                        "systemctl " + String.join(" ", arguments),
                        command,
                        Map.of("LC_ALL", "C"),
                        true,
                        directory,
                        directory.resolve("logs").resolve("systemctl.log"),
                        Optional.empty()),
                "",
                limit);
    }

    /**
     * @throws IOException if systemd does not run this host: cause, next step
     */
    void requireRunning(Duration limit) throws IOException, InterruptedException {
        String state = run(List.of("is-system-running"), limit).lastLine().strip();
        if (!RUNS.contains(state)) {
            throw new IOException(
                    "systemd does not run on this host (it says '"
                            + state
                            + "'); write kind: process with the command, or kind: ocf");
        }
    }

    Map<String, String> show(String unit, Duration limit) throws IOException, InterruptedException {
        CommandResult result = run(List.of("show", "--property=" + PROPERTIES, unit), limit);
        if (!result.succeeded()) {
            throw new IOException(
                    "systemd does not tell about unit "
                            + unit
                            + (result.timedOut()
                                    ? " within " + limit.toMillis() + " ms"
                                    : ": " + result.lastLine()));
        }
        Map<String, String> properties = new HashMap<>();
        result.output()
                .lines()
                .filter(line -> line.indexOf('=') > 0)
                .forEach(
                        line ->
                                properties.put(
                                        line.substring(0, line.indexOf('=')),
                                        line.substring(line.indexOf('=') + 1).strip()));
        return properties;
    }

    /** Says why the unit cannot be a service of an instance: cause, next step. */
    static Optional<String> unfit(String unit, Map<String, String> properties) {
        String load = properties.getOrDefault("LoadState", "");
        String file = properties.getOrDefault("UnitFileState", "");
        if (load.equals("not-found")) {
            return Optional.of("unit " + unit + " is not on this host; install what holds it");
        }
        if (!load.equals("loaded")) {
            return Optional.of(
                    "unit " + unit + " is " + load + "; mend or unmask it, then try again");
        }
        if (AT_BOOT.contains(file)) {
            return Optional.of(
                    "unit "
                            + unit
                            + " is started at boot, without a lease; say 'systemctl disable "
                            + unit
                            + "'");
        }
        return Optional.empty();
    }

    static boolean over(Map<String, String> properties) {
        String state = properties.getOrDefault("ActiveState", "");
        return state.equals("inactive") || state.equals("failed");
    }

    /** Returns where its processes live or will live, as systemd.slice(5) says. */
    static String groupOf(String unit, Map<String, String> properties) {
        String known = properties.getOrDefault("ControlGroup", "");
        if (!known.isEmpty()) {
            return known;
        }
        String slice = properties.getOrDefault("Slice", "");
        String name = slice.isEmpty() ? "system" : slice.replaceFirst("\\.slice$", "");
        StringBuilder path = new StringBuilder();
        if (!name.equals("-")) {
            String prefix = "";
            for (String part : name.split("-")) {
                prefix = prefix.isEmpty() ? part : prefix + "-" + part;
                path.append('/').append(prefix).append(".slice");
            }
        }
        return path + "/" + unit;
    }

    /**
     * Keeps systemd from starting the unit again by itself: whether it may run, the lease says.
     *
     * @throws IOException if this node may not say so
     */
    void forbidRestart(String unit, Duration limit) throws IOException, InterruptedException {
        Path place = dropIn(unit);
        if (Files.exists(place)) {
            return;
        }
        Files.createDirectories(place.getParent());
        Files.writeString(place, "[Service]\nRestart=no\n");
        CommandResult result = run(List.of("daemon-reload"), limit);
        if (!result.succeeded()) {
            throw new IOException(
                    "systemd does not take a runtime setting for unit "
                            + unit
                            + ": "
                            + result.lastLine()
                            + "; run the node as root");
        }
    }

    /** The unit's own setting holds again when systemd reads its files the next time. */
    void allowRestart(String unit) {
        try {
            Files.deleteIfExists(dropIn(unit));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "removing the runtime setting of " + unit, e);
        }
    }

    private Path dropIn(String unit) {
        return runtime.resolve(unit + ".d").resolve("50-understudy.conf");
    }
}
