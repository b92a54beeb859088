package io.understudy.ejb.recovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.view.DecisionsView;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds recorded decisions again: those of one instance in a span of time. */
final class DecisionReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};
    private static final String TIME = "{\"time\":\"";
    private static final int MOST_CHARACTERS = 700_000;

    private final String instance;
    private final Instant from;
    private final Instant to;
    private final List<String> found = new ArrayList<>();
    private boolean within;
    private long characters;
    private boolean complete = true;

    private DecisionReader(InstanceName instance, Instant from, Instant to) {
        this.instance = "\"instance\":\"" + instance + "\"";
        this.from = from;
        this.to = to;
    }

    /**
     * Reads the decisions between two times, from the last one before that holds everything.
     *
     * @param files oldest first; those that do not exist are passed over
     * @throws IOException if one that exists cannot be read
     */
    static DecisionsView.OfNode read(
            String node, List<Path> files, InstanceName instance, Instant from, Instant to)
            throws IOException {
        DecisionReader reader = new DecisionReader(instance, from, to);
        for (Path file : files) {
            // A file is moved on only when it is full: what was read is not read again.
            if (Files.exists(file)) {
                try (BufferedReader in = Files.newBufferedReader(file)) {
                    for (String line = in.readLine(); line != null; line = in.readLine()) {
                        reader.take(line);
                    }
                }
            }
        }
        return new DecisionsView.OfNode(node, true, reader.complete, reader.trees());
    }

    private void take(String line) {
        if (!line.startsWith(TIME) || !line.contains(instance)) {
            return;
        }
        Instant time;
        try {
            time = Instant.parse(line.substring(TIME.length(), line.indexOf('"', TIME.length())));
        } catch (DateTimeParseException | IndexOutOfBoundsException e) {
            // Cut by a crash while it was written.
            return;
        }
        if (time.isAfter(to)) {
            return;
        }
        boolean whole = line.contains("\"before\":");
        within |= !time.isBefore(from);
        if (whole && !within) {
            found.clear();
            characters = 0;
        }
        found.add(line);
        characters += line.length();
        while (characters > MOST_CHARACTERS) {
            complete = false;
            characters -= found.remove(0).length();
        }
    }

    private List<Map<String, Object>> trees() {
        List<Map<String, Object>> trees = new ArrayList<>();
        for (String line : found) {
            try {
                trees.add(JSON.readValue(line, TREE));
            } catch (JsonProcessingException e) {
                // Cut by a crash while it was written: the numbers show the gap.
                complete = false;
            }
        }
        return trees;
    }
}
