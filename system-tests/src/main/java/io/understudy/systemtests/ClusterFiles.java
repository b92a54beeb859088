package io.understudy.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** What a cluster leaves on disk. */
public final class ClusterFiles {

    private ClusterFiles() {}

    /** Copies what tells of a failure under target/, without databases and secrets. */
    public static void keep(Path directory, String name) throws IOException {
        Path target = Path.of("target", "cluster-logs", name.replaceAll("[^A-Za-z0-9]+", "-"));
        System.out.println("the logs of the cluster are in " + target.toAbsolutePath());
        try (Stream<Path> files = Files.walk(directory, 5)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = directory.relativize(file);
                String text = relative.toString();
                boolean tells =
                        text.endsWith(".log")
                                || text.endsWith(".jsonl")
                                || text.endsWith("group.yaml")
                                || text.contains("/logs/")
                                || text.contains("/events/");
                if (tells) {
                    Path copy = target.resolve(relative);
                    Files.createDirectories(copy.getParent());
                    Files.deleteIfExists(copy);
                    Files.copy(file, copy);
                }
            }
        }
    }

    /** Deletes the directory and all that is in it. */
    public static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
