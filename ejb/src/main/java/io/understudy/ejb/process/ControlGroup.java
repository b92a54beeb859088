package io.understudy.ejb.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A control group (cgroup v2): the one way to keep hold of daemons, which leave their parent's
 * process tree on purpose. Safe for use by several threads.
 *
 * @param directory where the kernel shows it
 */
public record ControlGroup(Path directory) {

    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    /** Returns where the kernel shows control groups of version 2; empty if it does not. */
    public static Optional<Path> mount() {
        try (Stream<String> lines = Files.lines(MOUNTS)) {
            return lines.map(line -> line.split(" "))
                    .filter(words -> words.length > 2 && words[2].equals("cgroup2"))
                    .map(words -> Path.of(words[1]))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Makes it if it is not there.
     *
     * @throws IOException if this node may not: cause, next step
     */
    public void make() throws IOException {
        Files.createDirectories(directory);
        if (!Files.isWritable(directory.resolve("cgroup.procs"))) {
            throw new IOException(
                    directory
                            + " is no control group that this node may use; run the node as root on"
                            + " a host with cgroup v2");
        }
    }

    /** Removes it if nothing lives in it. */
    public void remove() {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException populated) {
            // It stays; an empty one costs nothing.
        }
    }

    /** Returns {@code command} so that it and all that it starts run in this group. */
    public List<String> enter(List<String> command) {
        List<String> inside = new ArrayList<>();
        inside.add("/bin/sh");
        inside.add("-c");
        inside.add("echo $$ > \"$0\" && exec \"$@\"");
        inside.add(directory.resolve("cgroup.procs").toString());
        inside.addAll(command);
        return inside;
    }

    /** Returns whether a process lives in it or below it; false if it is not there. */
    public boolean populated() {
        try {
            return Files.readString(directory.resolve("cgroup.events")).contains("populated 1");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Returns the numbers of the processes in it, without those of groups below it. */
    public List<Long> processes() {
        try {
            return Files.readAllLines(directory.resolve("cgroup.procs")).stream()
                    .map(Long::parseLong)
                    .toList();
        } catch (IOException | NumberFormatException gone) {
            return List.of();
        }
    }

    /**
     * Sends SIGKILL to all in it and waits until nothing lives there.
     *
     * @return whether it is empty within {@code limit}
     */
    public boolean kill(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (populated()) {
            signal();
            if (System.nanoTime() - end > 0) {
                return !populated();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return true;
    }

    private void signal() {
        try {
            if (Files.exists(directory.resolve("cgroup.kill"))) {
                Files.write(
                        directory.resolve("cgroup.kill"), "1".getBytes(StandardCharsets.US_ASCII));
                return;
            }
        } catch (IOException e) {
            // Kernels before 5.14 do not have it: one by one.
        }
        for (long pid : processes()) {
            ProcessIdentity.of(pid).ifPresent(Signals::kill);
        }
    }
}
