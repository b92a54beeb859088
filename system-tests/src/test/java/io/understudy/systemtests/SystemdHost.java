package io.understudy.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real systemd as the first process of namespaces of its own (processes, mounts, control groups):
 * it knows the units it is given and none of this host's. Files and network are the host's. Closing
 * it ends whatever runs there.
 */
final class SystemdHost implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Path SYSTEMD = Path.of("/lib/systemd/systemd");

    /** Where it would find units that are none of the test's business. */
    private static final List<String> HIDDEN =
            List.of("/run", "/etc/systemd/system", "/lib/systemd/system");

    private final Path directory;
    private final Path group;
    private final Process shell;
    private final long init;

    private SystemdHost(Path directory, Path group, Process shell, long init) {
        this.directory = directory;
        this.group = group;
        this.shell = shell;
        this.init = init;
    }

    /** Says why it cannot be had here; empty if it can. */
    static String obstacle() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "a systemd of the test's own needs root";
        }
        if (!Files.isExecutable(SYSTEMD)) {
            return "there is no systemd on this host (Debian: apt install systemd)";
        }
        return controlGroups().isEmpty() ? "this host has no control groups of version 2" : "";
    }

    /**
     * Starts it.
     *
     * @param name one word, different from that of any other that runs
     * @param directory holds its units ({@code *.service} and their {@code .d}); gets its log
     */
    static SystemdHost start(String name, Path directory) throws IOException {
        Path group =
                controlGroups()
                        .orElseThrow()
                        .resolve("understudy-" + ProcessHandle.current().pid() + "-" + name);
        Files.createDirectory(group);
        for (String target :
                List.of("sysinit", "basic", "shutdown", "network-online", "multi-user")) {
            Files.writeString(
                    directory.resolve(target + ".target"),
                    "[Unit]\nDescription=" + target + "\nDefaultDependencies=no\n");
        }
        StringBuilder script = new StringBuilder("set -e\nmount --make-rprivate /\n");
        script.append("umount -l /sys/fs/cgroup\nmount -t cgroup2 none /sys/fs/cgroup\n");
        script.append("units=$(mktemp -d)\ncp -a ").append(directory).append("/. \"$units\"\n");
        HIDDEN.forEach(path -> script.append("mount -t tmpfs tmpfs ").append(path).append('\n'));
        script.append("mkdir -p /run/systemd\ncp -a \"$units\"/. /etc/systemd/system\n");
        script.append("rm -r \"$units\"\nexport container=understudy\nexec ").append(SYSTEMD);
        script.append(" --system --unit=basic.target --log-target=console --log-level=info\n");
        // The first shell enters the group; the second is process 1 of the new namespaces.
        String outer =
                "echo $$ >"
                        + group
                        + "/cgroup.procs && exec setpriv --pdeathsig KILL unshare --fork --pid"
                        + " --mount --cgroup --mount-proc --kill-child=KILL /bin/sh -c \"$1\"";
        Process shell =
                new ProcessBuilder("/bin/sh", "-c", outer, "systemd", script.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("systemd.log").toFile())
                        .start();
        try {
            long init =
                    Await.value(
                            "systemd of " + name + " runs",
                            LIMIT,
                            () -> shell.toHandle().children().map(ProcessHandle::pid).findFirst());
            SystemdHost host = new SystemdHost(directory, group, shell, init);
            Await.until(
                    "systemd of " + name + " answers; see " + directory.resolve("systemd.log"),
                    LIMIT,
                    () -> host.systemctl("show", "--property=Version").status() == 0);
            return host;
        } catch (RuntimeException | AssertionError e) {
            shell.destroyForcibly();
            remove(group);
            throw e;
        }
    }

    private static Optional<Path> controlGroups() {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.map(line -> line.split(" "))
                    .filter(words -> words[2].equals("cgroup2"))
                    .map(words -> Path.of(words[1]))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs systemctl there. */
    Command systemctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("nsenter", "-t", Long.toString(init)));
        command.addAll(List.of("-m", "-p", "-C", "systemctl", "--no-pager"));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(directory, "systemctl-", ".txt");
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end");
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return new Command(process.exitValue(), text.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns a property of a unit as systemctl shows it. */
    String property(String unit, String name) {
        return systemctl("show", "--value", "--property=" + name, unit).output();
    }

    /** Returns the unit's main process by its number on this host; fails if it has none. */
    long mainProcess(String unit) {
        String inside = property(unit, "MainPID");
        try (Stream<ProcessHandle> all = ProcessHandle.of(init).orElseThrow().descendants()) {
            return all.map(ProcessHandle::pid)
                    .filter(pid -> numberInside(pid).equals(inside))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(unit + " has no process: " + inside));
        }
    }

    private static String numberInside(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("NSpid:"))
                    .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                    .findFirst()
                    .orElse("");
        } catch (IOException gone) {
            return "";
        }
    }

    /** Ends systemd and with it, by the kernel, every process there. */
    @Override
    public void close() {
        shell.destroyForcibly();
        Host.signal("KILL", init);
        Await.until("systemd is gone", LIMIT, () -> !Host.isAlive(init));
        Await.until("its control groups are empty", LIMIT, () -> remove(group));
    }

    /** Takes a control group and those in it away; returns whether none is left. */
    static boolean remove(Path group) {
        if (!Files.exists(group)) {
            return true;
        }
        try (Stream<Path> all = Files.walk(group)) {
            // Only directories can be removed, and only empty ones: the kernel says no otherwise.
            for (Path one :
                    all.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
            return true;
        } catch (IOException | UncheckedIOException stillPopulated) {
            return false;
        }
    }
}
