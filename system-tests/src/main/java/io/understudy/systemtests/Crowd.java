package io.understudy.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Many small instances of one group. Each service leaves a mark, an empty file, when it starts and
 * then sleeps: when an instance began to serve is read from the mark's time, and watching costs the
 * cluster nothing.
 *
 * @param count how many
 * @param marks the directory of the marks, one below it per node
 */
record Crowd(int count, Path marks) {

    /** Makes the directories of the marks. */
    Crowd {
        try {
            for (String node : Layout.NODES) {
                Files.createDirectories(marks.resolve(node));
            }
            Files.setPosixFilePermissions(marks, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns an instance's name. */
    static String name(int number) {
        return String.format(Locale.ROOT, "member-%03d", number);
    }

    /** Returns the group file. */
    String yaml() {
        StringBuilder text =
                new StringBuilder(
                        """
                        group: crowd
                        description: Many small instances
                        nodes: [alpha, beta]
                        assignment: active-standby
                        timers: fast
                        failover: automatic
                        fallback: manual
                        instances:
                        """);
        IntStream.range(0, count).forEach(i -> text.append(instance(name(i))));
        return text.toString();
    }

    private String instance(String name) {
        return """
          - name: %1$s
            services:
              - name: sleeper
                kind: process
                start: ["sh", "-c", ": > %2$s/$UNDERSTUDY_NODE/%1$s; exec sleep 100000"]
                critical: true
        """
                .formatted(name, marks);
    }

    /** Forgets the marks of a node. */
    void clear(String node) {
        for (int i = 0; i < count; i++) {
            try {
                Files.deleteIfExists(marks.resolve(node).resolve(name(i)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Waits until every service has started on {@code node}; returns when, sorted. */
    List<Instant> awaitMarks(String node, Duration limit) {
        Await.until(
                "all of " + count + " services start on " + node,
                limit,
                () -> starts(node).size() + " have",
                () -> starts(node).size() == count);
        return starts(node);
    }

    private List<Instant> starts(String node) {
        List<Instant> starts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path mark = marks.resolve(node).resolve(name(i));
            try {
                if (Files.exists(mark)) {
                    starts.add(Files.getLastModifiedTime(mark).toInstant());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        starts.sort(null);
        return starts;
    }
}
