package io.understudy.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has used so far, as the kernel counts it.
 *
 * @param cpuMillis user and system time
 * @param residentMegabytes memory in RAM
 * @param threads how many it has
 * @param nanos when this was read, {@link System#nanoTime()}
 */
record ProcessFigures(long cpuMillis, long residentMegabytes, int threads, long nanos) {

    /** Of {@code /proc/PID/stat}: always 100 a second for user space, whatever the kernel. */
    private static final int MILLIS_PER_TICK = 10;

    /** Reads them; fails if the process does not run. */
    static ProcessFigures of(long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(proc.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            List<String> status = Files.readAllLines(proc.resolve("status"));
            return new ProcessFigures(
                    ticks * MILLIS_PER_TICK,
                    number(status, "VmRSS:") / 1024,
                    (int) number(status, "Threads:"),
                    System.nanoTime());
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " does not run", e);
        }
    }

    /** Returns the share of one core that was used since {@code before}, in percent. */
    double percentSince(ProcessFigures before) {
        return 100.0 * (cpuMillis - before.cpuMillis) * 1_000_000 / (nanos - before.nanos);
    }

    private static long number(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip().split(" ")[0])
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }
}
