package io.understudy.cli.guard;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A control group (cgroup v2) in which daemons live that have left their parent's process tree. A
 * process cannot leave it by forking, by a new session or by a new parent.
 *
 * @param directory where the kernel shows it
 */
record ControlGroup(Path directory) {

    /** Refuses what can be no control group of a service: the root would be everything. */
    ControlGroup {
        Objects.requireNonNull(directory, "directory");
        if (!directory.isAbsolute()
                || !directory.equals(directory.normalize())
                || directory.getNameCount() < 3) {
            throw new IllegalArgumentException(directory + " is no control group of a service");
        }
    }

    /** Returns whether a process lives in it or below it. */
    boolean populated() {
        try (Stream<String> lines = Files.lines(directory.resolve("cgroup.events"))) {
            return lines.anyMatch("populated 1"::equals);
        } catch (IOException gone) {
            return false;
        }
    }

    /** Sends SIGKILL to all that lives in it; returns at once, the kernel ends them soon after. */
    void kill() {
        try {
            // A directory that is no control group has no such file and must not get one.
            if (Files.exists(directory.resolve("cgroup.kill"))) {
                Files.write(directory.resolve("cgroup.kill"), new byte[] {'1'});
                return;
            }
        } catch (IOException e) {
            // Older kernels, or it has just gone: one by one.
        }
        killOneByOne(directory);
    }

    private static void killOneByOne(Path group) {
        try (Stream<String> pids = Files.lines(group.resolve("cgroup.procs"))) {
            pids.map(Long::parseLong)
                    .filter(pid -> pid > 1)
                    .forEach(
                            pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        } catch (IOException gone) {
            return;
        }
        try (DirectoryStream<Path> below = Files.newDirectoryStream(group, Files::isDirectory)) {
            below.forEach(ControlGroup::killOneByOne);
        } catch (IOException gone) {
            return;
        }
    }
}
