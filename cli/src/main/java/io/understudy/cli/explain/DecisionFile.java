package io.understudy.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.core.record.Recorded;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;

/** A file of recorded decisions: a node's own, or one that was exported; one JSON line each. */
final class DecisionFile {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    private DecisionFile() {}

    /**
     * Reads a file line by line. Lines that say something about the file (without an event) are
     * passed over.
     *
     * @param line takes each decision
     * @param bad takes the number (from 1) and the problem of each line that is no decision
     * @throws IOException if the file cannot be read
     */
    static void read(Path file, ObjIntConsumer<Recorded> line, BiConsumer<Integer, String> bad)
            throws IOException {
        int number = 0;
        try (BufferedReader in = Files.newBufferedReader(file)) {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                number++;
                try {
                    Map<String, Object> tree = JSON.readValue(text, TREE);
                    if (tree != null && tree.containsKey("event")) {
                        line.accept(Recorded.of(tree), number);
                    }
                } catch (JsonProcessingException e) {
                    bad.accept(number, e.getOriginalMessage());
                } catch (IllegalArgumentException e) {
                    bad.accept(number, e.getMessage());
                }
            }
        }
    }
}
