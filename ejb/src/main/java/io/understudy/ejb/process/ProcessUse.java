package io.understudy.ejb.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the processes of this host have used, seen in one look at /proc: proc_pid_stat(5). Reading
 * it takes some ten microseconds per process and does not wait for a process that hangs.
 */
public final class ProcessUse {

    /** What times are counted in on every machine that runs Java on Linux: USER_HZ. */
    private static final long TICKS_PER_SECOND = 100;

    private static final long PAGE = 4096;
    private static final long TICK_NANOS = 1_000_000_000 / TICKS_PER_SECOND;

    private final Map<Long, Entry> all = new HashMap<>();
    private final Map<Long, List<Long>> children = new HashMap<>();
    private final long bootSeconds;

    private record Entry(long startTicks, long cpuTicks, long pages) {}

    /**
     * What a service's processes and all that they started have used.
     *
     * @param started when the oldest of the processes asked about was started
     * @param cpuNanos of those that live, and of those that ended and were waited for by them
     * @param memoryBytes resident; what several of them share counts for each
     */
    public record Sum(Instant started, long cpuNanos, long memoryBytes) {}

    private ProcessUse(long bootSeconds) {
        this.bootSeconds = bootSeconds;
    }

    /** Looks at every process; one that ends meanwhile is left out. */
    public static ProcessUse look() {
        return look(Path.of("/proc"));
    }

    static ProcessUse look(Path proc) {
        ProcessUse use = new ProcessUse(boot(proc));
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            processes.forEach(use::read);
        } catch (IOException e) {
            // Nothing is known then.
        }
        return use;
    }

    private static long boot(Path proc) {
        try {
            return Files.readAllLines(proc.resolve("stat"), ISO_8859_1).stream()
                    .filter(line -> line.startsWith("btime "))
                    .map(line -> Long.parseLong(line.substring(6).strip()))
                    .findFirst()
                    .orElse(0L);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private void read(Path process) {
        try {
            String text = Files.readString(process.resolve("stat"), ISO_8859_1);
            // The command name is free text in parentheses; what follows counts from field 3.
            String[] f = text.substring(text.lastIndexOf(')') + 2).trim().split(" ");
            long pid = Long.parseLong(process.getFileName().toString());
            long cpu = 0;
            for (int field = 14; field <= 17; field++) {
                cpu += Long.parseLong(f[field - 3]);
            }
            all.put(pid, new Entry(Long.parseLong(f[22 - 3]), cpu, Long.parseLong(f[24 - 3])));
            children.computeIfAbsent(Long.parseLong(f[4 - 3]), p -> new ArrayList<>()).add(pid);
        } catch (IOException | RuntimeException gone) {
            // It ended while it was looked at.
        }
    }

    /** Sums up {@code roots} and all that descends from them; empty if none of them lives. */
    public Optional<Sum> of(Collection<Long> roots) {
        Set<Long> counted = new HashSet<>();
        Deque<Long> left = new ArrayDeque<>(roots);
        long cpu = 0;
        long pages = 0;
        long started = Long.MAX_VALUE;
        while (!left.isEmpty()) {
            long pid = left.pop();
            Entry entry = all.get(pid);
            if (entry == null || !counted.add(pid)) {
                continue;
            }
            cpu += entry.cpuTicks();
            pages += entry.pages();
            if (roots.contains(pid)) {
                started = Math.min(started, entry.startTicks());
            }
            left.addAll(children.getOrDefault(pid, List.of()));
        }
        if (counted.isEmpty()) {
            return Optional.empty();
        }
        long bootMillis = bootSeconds * 1000;
        Instant when = Instant.ofEpochMilli(bootMillis + started * 1000 / TICKS_PER_SECOND);
        return Optional.of(new Sum(when, cpu * TICK_NANOS, pages * PAGE));
    }
}
