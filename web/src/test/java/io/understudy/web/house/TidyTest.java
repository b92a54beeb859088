package io.understudy.web.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that the compiler does not know. */
class TidyTest {

    private static final int MOST_LINES = 400;

    /** Tests are read one method at a time. */
    private static final int MOST_LINES_OF_TESTS = 500;

    /** Longer ones from before the rule: they may shrink, not grow. */
    private static final Map<String, Integer> TOLERATED =
            Map.of("PostgresEngine.java", 409, "ServiceRunner.java", 426);

    private static final List<String> MODULES =
            List.of("core", "cluster", "ejb", "web", "cli", "system-tests");

    @Test
    void noFileIsTooLongToRead() throws IOException {
        List<String> tooLong = new ArrayList<>();
        int seen = 0;
        for (Path file : sources()) {
            seen++;
            long lines;
            try (Stream<String> text = Files.lines(file)) {
                lines = text.count();
            }
            if (lines > most(file)) {
                tooLong.add(file + ": " + lines + " lines");
            }
        }
        assertTrue(seen > 100, "found only " + seen + " sources");
        assertEquals(List.of(), tooLong, "Split these along what they do:");
    }

    private static int most(Path file) {
        // All of system-tests is test code, also what its benchmark shares with its scenarios.
        String name = file.toString();
        boolean test = name.contains("/src/test/") || name.contains("/system-tests/");
        int usual = test ? MOST_LINES_OF_TESTS : MOST_LINES;
        return TOLERATED.getOrDefault(file.getFileName().toString(), usual);
    }

    private static List<Path> sources() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : MODULES) {
            Path root = Path.of("..", module, "src");
            if (Files.isDirectory(root)) {
                try (Stream<Path> files = Files.walk(root)) {
                    files.filter(f -> f.toString().matches(".*\\.(java|js)")).forEach(found::add);
                }
            }
        }
        return found;
    }
}
