package io.understudy.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the threads of a virtual machine have used so far: processor time as the kernel counts it,
 * names as the machine prints them.
 *
 * @param threads by the kernel's number
 * @param nanos when this was read, {@link System#nanoTime()}
 */
record ThreadFigures(Map<Long, Used> threads, long nanos) {

    /** Names without their numbers: "understudy-worker-7" and "-8" are one line of figures. */
    private static final Pattern NUMBERS = Pattern.compile("[-_.#(]*\\d+\\)?");

    private static final Pattern DUMPED = Pattern.compile("^\"(.*)\".* nid=(0x[0-9a-f]+|\\d+).*");
    private static final double LEAST_PERCENT = 0.05;

    /**
     * What one thread has used.
     *
     * @param name of its group: its own without numbers
     * @param nanos time on a processor
     */
    record Used(String name, long nanos) {}

    /** Reads them by {@code jcmd} of the JDK that runs this, and from {@code /proc}. */
    static ThreadFigures of(long pid) {
        Map<Long, String> names = names(pid);
        Map<Long, Used> threads = new HashMap<>();
        long now = System.nanoTime();
        try (var tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                long number = Long.parseLong(task.getFileName().toString());
                threads.put(number, new Used(names.getOrDefault(number, "(ended)"), used(task)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " does not run", e);
        }
        return new ThreadFigures(threads, now);
    }

    /** The first field of schedstat: finer than the hundredths of stat. */
    private static long used(Path task) {
        try {
            return Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
        } catch (IOException endedMeanwhile) {
            return 0;
        }
    }

    private static Map<Long, String> names(long pid) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Map<Long, String> names = new HashMap<>();
        try {
            Process process =
                    new ProcessBuilder(jcmd.toString(), Long.toString(pid), "Thread.print")
                            .redirectErrorStream(true)
                            .start();
            byte[] printed = process.getInputStream().readAllBytes();
            for (String line : new String(printed, StandardCharsets.UTF_8).split("\n")) {
                Matcher dumped = DUMPED.matcher(line);
                if (dumped.matches()) {
                    String name = NUMBERS.matcher(dumped.group(1)).replaceAll("");
                    names.put(Long.decode(dumped.group(2)), name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the JDK's jcmd is needed", e);
        }
        return names;
    }

    /** Returns the share of one core of each group of threads, the greatest first. */
    String sharesSince(ThreadFigures before) {
        Map<String, Double> shares = new TreeMap<>();
        threads.forEach(
                (number, used) -> {
                    Used then = before.threads.get(number);
                    long spent = used.nanos - (then == null ? 0 : then.nanos);
                    shares.merge(used.name, 100.0 * spent / (nanos - before.nanos), Double::sum);
                });
        List<Map.Entry<String, Double>> most =
                shares.entrySet().stream()
                        .filter(e -> e.getValue() >= LEAST_PERCENT)
                        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                        .toList();
        return most.stream()
                .map(e -> String.format(Locale.ROOT, "%s %.2f %%", e.getKey(), e.getValue()))
                .collect(Collectors.joining(", "));
    }
}
