package io.understudy.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The daemons of one service, which are nobody's children: found by a mark in their command line,
 * told apart by the control group in which they live, and watched for two nodes that run them at
 * once. The mark must be on no other command line.
 */
final class Daemons implements AutoCloseable {

    private static final Path PROC = Path.of("/proc");
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final String UNIFIED = "0::";

    private final String mark;
    private final Map<String, String> groupOf;
    private final List<String> violations = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * Begins to watch.
     *
     * @param groupOf each node's name, and what only the control groups of its daemons contain
     */
    Daemons(String mark, Map<String, String> groupOf) {
        this.mark = mark;
        this.groupOf = Map.copyOf(groupOf);
        this.thread = new Thread(this::watch, "watch-daemons");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the live daemons: number and node. */
    Map<Long, String> running() {
        Map<Long, String> found = new TreeMap<>();
        try (Stream<Path> entries = Files.list(PROC)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (Character.isDigit(name.charAt(0))) {
                    node(entry).ifPresent(node -> found.put(Long.parseLong(name), node));
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<String> node(Path process) {
        try {
            if (!Files.readString(process.resolve("cmdline")).contains(mark)
                    || !Host.isAlive(Long.parseLong(process.getFileName().toString()))) {
                return Optional.empty();
            }
            String group = group(process);
            return Optional.of(
                    groupOf.entrySet().stream()
                            .filter(e -> group.contains(e.getValue()))
                            .map(Map.Entry::getKey)
                            .findFirst()
                            .orElse("no node, in " + group));
        } catch (IOException goneOrNotText) {
            return Optional.empty();
        }
    }

    private static String group(Path process) throws IOException {
        return Files.readAllLines(process.resolve("cgroup")).stream()
                .filter(line -> line.startsWith(UNIFIED))
                .map(line -> line.substring(UNIFIED.length()))
                .collect(Collectors.joining());
    }

    /** Waits until exactly one runs, at {@code node}, and returns its number. */
    long await(String node, Duration limit) {
        return await(node, -1, limit);
    }

    /** Waits until exactly one runs, at {@code node}, and it is another than {@code former}. */
    long await(String node, long former, Duration limit) {
        return Await.value(
                "the daemon " + mark + " runs at " + node + "; there is " + running(),
                limit,
                () -> {
                    Map<Long, String> now = running();
                    return now.size() == 1 && now.containsValue(node) && !now.containsKey(former)
                            ? now.keySet().stream().findFirst()
                            : Optional.empty();
                });
    }

    private void watch() {
        Map<Long, String> before = Map.of();
        while (!stopping) {
            Map<Long, String> now = running();
            // One that was there in two looks was there all the time between them.
            Map<Long, String> stayed = new TreeMap<>(now);
            stayed.keySet().retainAll(before.keySet());
            if (stayed.values().stream().distinct().count() > 1) {
                synchronized (violations) {
                    violations.add(stayed.toString());
                }
            }
            before = now;
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Returns the proofs so far that it ran at two nodes at once. */
    List<String> violations() {
        synchronized (violations) {
            return List.copyOf(violations);
        }
    }

    /** Kills those that run. */
    void endAll() {
        long[] left = running().keySet().stream().mapToLong(Long::longValue).toArray();
        if (left.length > 0) {
            Host.signal("KILL", left);
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(15));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException(thread.getName() + " does not end");
        }
    }
}
