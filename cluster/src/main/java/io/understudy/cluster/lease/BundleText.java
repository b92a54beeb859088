package io.understudy.cluster.lease;

import java.util.Map;
import java.util.TreeMap;

/**
 * Several small values in one text: a line with a number that rises with every write, so that no
 * text ever comes back, then a line {@code KEY VALUE} each, sorted.
 *
 * @param version the number of writes so far
 * @param values by key; neither has line breaks, keys have no blanks
 */
record BundleText(long version, Map<String, String> values) {

    /** What a register holds that was never written. */
    static final BundleText EMPTY = new BundleText(0, Map.of());

    /** Copies and sorts the values. */
    BundleText {
        values = new TreeMap<>(values);
    }

    static BundleText decode(String text) {
        String[] lines = text.split("\n");
        Map<String, String> values = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int blank = lines[i].indexOf(' ');
            values.put(lines[i].substring(0, blank), lines[i].substring(blank + 1));
        }
        return new BundleText(Long.parseLong(lines[0]), values);
    }

    String encoded() {
        StringBuilder text = new StringBuilder();
        text.append(version);
        values.forEach((key, value) -> text.append('\n').append(key).append(' ').append(value));
        return text.toString();
    }

    /** Returns the text of the next write. */
    BundleText next(Map<String, String> changed) {
        return new BundleText(version + 1, changed);
    }
}
