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
        Map<String, String> values = new TreeMap<>();
        int end = lineEnd(text, 0);
        long version = Long.parseLong(text, 0, end, 10);
        while (end < text.length()) {
            int begin = end + 1;
            end = lineEnd(text, begin);
            int blank = text.indexOf(' ', begin);
            values.put(text.substring(begin, blank), text.substring(blank + 1, end));
        }
        return new BundleText(version, values);
    }

    private static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    String encoded() {
        StringBuilder text = new StringBuilder(64 * (values.size() + 1));
        text.append(version);
        values.forEach((key, value) -> text.append('\n').append(key).append(' ').append(value));
        return text.toString();
    }

    /** Returns the text of the next write. */
    BundleText next(Map<String, String> changed) {
        return new BundleText(version + 1, changed);
    }
}
