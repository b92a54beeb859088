package io.understudy.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * When the instances of a node came into each phase, by its own decisions log.
 *
 * @param byPhase phase to the moments at which instances came into it first, sorted
 */
record DecisionTimes(Map<String, List<Instant>> byPhase) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Reads a node's log.
     *
     * @param data the node's data directory
     * @param from what was before does not count
     */
    static DecisionTimes read(Path data, Instant from) throws IOException {
        Map<String, Map<String, Instant>> first = new HashMap<>();
        try (Stream<Path> files = Files.list(data.resolve("decisions"))) {
            for (Path file : files.toList()) {
                try (Stream<String> lines = Files.lines(file)) {
                    lines.forEach(line -> take(line, from, first));
                }
            }
        }
        Map<String, List<Instant>> sorted = new HashMap<>();
        first.forEach((phase, times) -> sorted.put(phase, sorted(times)));
        return new DecisionTimes(sorted);
    }

    private static void take(String line, Instant from, Map<String, Map<String, Instant>> first) {
        JsonNode decision;
        try {
            decision = JSON.readTree(line);
        } catch (IOException halfWritten) {
            return;
        }
        Instant time = Instant.parse(decision.path("time").asText());
        if (!time.isBefore(from)) {
            first.computeIfAbsent(decision.path("phase").asText(), p -> new HashMap<>())
                    .merge(
                            decision.path("instance").asText(),
                            time,
                            (a, b) -> a.isBefore(b) ? a : b);
        }
    }

    private static List<Instant> sorted(Map<String, Instant> times) {
        List<Instant> sorted = new ArrayList<>(times.values());
        sorted.sort(null);
        return sorted;
    }

    /** Returns the moments of a phase, sorted; none if no instance came into it. */
    List<Instant> of(String phase) {
        return byPhase.getOrDefault(phase, List.of());
    }
}
