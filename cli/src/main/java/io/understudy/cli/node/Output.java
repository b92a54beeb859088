package io.understudy.cli.node;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where a child's standard output and error go: a file with one predecessor. */
public final class Output {

    private static final long LIMIT = 5_000_000;

    private Output() {}

    /** Returns the redirection to {@code file}, which is set aside first if it has grown large. */
    static ProcessBuilder.Redirect to(Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) > LIMIT) {
            Files.move(
                    file,
                    file.resolveSibling(file.getFileName() + ".1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        File target = file.toFile();
        return ProcessBuilder.Redirect.appendTo(target);
    }

    /** Removes a directory of temporary files with all it holds; a missing one is fine. */
    public static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var all = Files.walk(directory)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
