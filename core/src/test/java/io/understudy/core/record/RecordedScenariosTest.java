package io.understudy.core.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What real clusters recorded ({@code understudy explain --export FILE}) is decided again in the
 * same way. Put a new file into the directory to make it a test. After a change of the rules that
 * is meant, {@code -DargLine=-Dunderstudy.rewrite=true} writes down what is decided now: read the
 * difference before you keep it.
 */
class RecordedScenariosTest {

    private static final Path DIRECTORY =
            Path.of("src", "test", "resources", "scenarios", "recorded");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList();
        }
    }

    private static Map<String, Object> tree(String line) {
        try {
            return JSON.readValue(line, TREE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void decides_as_recorded(Path file) throws IOException {
        boolean rewrite = Boolean.getBoolean("understudy.rewrite");
        Replay replay = new Replay();
        List<String> now = new ArrayList<>();
        int decisions = 0;
        for (String text : Files.readAllLines(file)) {
            Map<String, Object> line = tree(text);
            if (!line.containsKey("event")) {
                assertTrue(line.containsKey("scenario"), file + ": say what is shown: " + text);
                now.add(text);
                continue;
            }
            Replay.Outcome outcome = replay.next(Recorded.of(line));
            decisions++;
            if (rewrite) {
                now.add(rewritten(line, outcome));
                continue;
            }
            String where =
                    file.getFileName()
                            + ": decision "
                            + line.get("number")
                            + " of "
                            + line.get("node")
                            + ": ";
            assertEquals(outcome.line().phase(), outcome.phase(), where);
            assertEquals(
                    Replay.Verdict.SAME,
                    outcome.verdict(),
                    () -> where + outcome.line().effects() + " is now " + outcome.effects());
        }
        assertTrue(decisions > 20, file + " holds only " + decisions + " decisions");
        if (rewrite) {
            Files.write(file, now);
        }
    }

    private static String rewritten(Map<String, Object> line, Replay.Outcome outcome)
            throws IOException {
        Map<String, Object> changed = new LinkedHashMap<>(line);
        if (outcome.verdict() != Replay.Verdict.GAP) {
            changed.put("phase", outcome.phase());
            changed.put("effects", outcome.effects());
        }
        return JSON.writeValueAsString(changed);
    }
}
