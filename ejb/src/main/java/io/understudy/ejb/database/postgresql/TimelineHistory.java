package io.understudy.ejb.database.postgresql;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * From which timelines a timeline stems, and where each was left: the content of a {@code .history}
 * file.
 *
 * @param ends for each ancestor, oldest first, where it was left
 */
record TimelineHistory(Map<Integer, LogPosition> ends) {

    TimelineHistory {
        ends = new LinkedHashMap<>(ends);
    }

    static final TimelineHistory NONE = new TimelineHistory(Map.of());

    static TimelineHistory parse(String content) {
        Map<Integer, LogPosition> ends = new LinkedHashMap<>();
        for (String line : content.split("\n")) {
            String text = line.trim();
            if (!text.isEmpty() && !text.startsWith("#")) {
                String[] words = text.split("\\s+");
                ends.put(Integer.parseInt(words[0]), LogPosition.parse(words[1]));
            }
        }
        return new TimelineHistory(ends);
    }

    /** Returns where {@code timeline} was left; empty if it is not an ancestor. */
    Optional<LogPosition> endOf(int timeline) {
        return Optional.ofNullable(ends.get(timeline));
    }

    /** Returns whether this history begins with all of {@code older}. */
    boolean continues(TimelineHistory older) {
        return older.ends.entrySet().stream()
                .allMatch(entry -> entry.getValue().equals(ends.get(entry.getKey())));
    }

    static String fileName(int timeline) {
        return String.format("%08X.history", timeline);
    }
}
