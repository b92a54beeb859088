package io.understudy.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A FAKE systemctl, for hosts without systemd: it is no systemd. It knows one unit, keeps its state
 * in a file, and runs one daemon for it in a real control group. Only the words and the order of
 * calls are systemd's.
 */
final class FakeSystemctl implements AutoCloseable {

    private static final String SCRIPT =
            """
            #!/bin/sh
            # FAKE systemctl of a system test; this is not systemd.
            state=$(dirname "$0")
            while :; do case $1 in --no-*) shift ;; *) break ;; esac; done
            verb=$1; shift
            for unit; do :; done
            case $verb:$unit in
            is-system-running:*) echo running; exit 0 ;;
            daemon-reload:*) exit 0 ;;
            *:UNIT) ;;
            show:*) echo LoadState=not-found; exit 0 ;;
            *) echo "Unit $unit not found." >&2; exit 5 ;;
            esac
            group=GROUP
            case $verb in
            show)
                active=inactive; pid=0; shown=
                if [ -e "$state/on" ]; then
                    shown=SHOWN
                    pid=$(head -n 1 $group/cgroup.procs)
                    active=active; [ -n "$pid" ] || { active=failed; pid=0; }
                fi
                echo LoadState=loaded; echo ActiveState=$active; echo MainPID=$pid
                echo ControlGroup=$shown; echo Slice=SLICE; echo UnitFileState=disabled
                echo Result=success; echo NRestarts=0 ;;
            start)
                mkdir -p $group
                setsid -f sh -c 'echo $$ > "$0/cgroup.procs"; exec COMMAND' $group </dev/null >/dev/null 2>&1
                i=0
                while [ -z "$(cat $group/cgroup.procs)" ] && [ $i -lt 50 ]; do
                    sleep 0.02; i=$((i + 1))
                done
                touch "$state/on" ;;
            stop|kill)
                for pid in $(cat $group/cgroup.procs); do kill -9 $pid; done
                rm -f "$state/on" ;;
            esac
            """;

    private static final Path RUNTIME = Path.of("/run/systemd/system");

    private final Path directory;
    private final boolean systemdRuns = Files.exists(RUNTIME);
    private final Path group;
    private final Path slice;
    private final Path dropIn;

    private FakeSystemctl(Path directory, Path mount, String slice, String unit) {
        this.directory = directory;
        this.slice = mount.resolve(slice);
        this.group = this.slice.resolve(unit);
        this.dropIn = RUNTIME.resolve(unit + ".d");
    }

    /** Returns where the kernel shows control groups of version 2; empty if it does not. */
    static Optional<Path> mount() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
            return lines.map(line -> line.split(" "))
                    .filter(words -> words.length > 2 && words[2].equals("cgroup2"))
                    .map(words -> Path.of(words[1]))
                    .findFirst();
        }
    }

    /**
     * Writes it.
     *
     * @param directory for it alone; made here
     * @param slice names the control groups of the node whose systemctl this is
     * @param unit the one that it knows
     * @param command what the unit's daemon is, without quotes
     */
    static FakeSystemctl in(Path directory, String slice, String unit, String command)
            throws IOException {
        FakeSystemctl fake =
                new FakeSystemctl(directory, mount().orElseThrow(), slice + ".slice", unit);
        Files.createDirectory(directory);
        Path program =
                Files.writeString(
                        directory.resolve("systemctl"),
                        SCRIPT.replace("UNIT", unit)
                                .replace("GROUP", fake.group.toString())
                                .replace("SHOWN", "/" + fake.slice.getFileName() + "/" + unit)
                                .replace("SLICE", fake.slice.getFileName().toString())
                                .replace("COMMAND", command));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return fake;
    }

    /** Returns where it lies. */
    Path directory() {
        return directory;
    }

    /** Ends what runs under it and takes its control groups away. */
    @Override
    public void close() throws IOException {
        if (Files.exists(group)) {
            long[] left =
                    Files.readAllLines(group.resolve("cgroup.procs")).stream()
                            .mapToLong(Long::parseLong)
                            .toArray();
            if (left.length > 0) {
                Host.signal("KILL", left);
                Await.until(
                        "what ran under the fake systemctl ends",
                        Duration.ofSeconds(10),
                        () -> LongStream.of(left).noneMatch(Host::isAlive));
            }
            Files.delete(group);
            Files.delete(slice);
        }
        Files.deleteIfExists(dropIn.resolve("50-understudy.conf"));
        Files.deleteIfExists(dropIn);
        if (!systemdRuns) {
            // Programs take it for a sign that systemd runs here; another test may have it still.
            RUNTIME.toFile().delete();
        }
    }
}
