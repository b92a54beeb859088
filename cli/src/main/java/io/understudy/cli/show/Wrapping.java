package io.understudy.cli.show;

import io.understudy.cli.text.Columns;
import java.util.ArrayList;
import java.util.List;

/** Breaks sentences into lines of a given width, at blanks where there are any. */
public final class Wrapping {

    private Wrapping() {}

    /** Returns {@code text} in lines of at most {@code width} cells, in order. */
    public static List<String> wrap(String text, int width) {
        return wrap(text, width, width);
    }

    /**
     * Returns {@code text} in lines, in order.
     *
     * @param first at most so many cells for the first line
     * @param others at most so many for each of the others
     */
    public static List<String> wrap(String text, int first, int others) {
        List<String> lines = new ArrayList<>();
        int width = first;
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+")) {
            String rest = word;
            if (line.length() > 0 && Columns.width(line + " " + rest) > width) {
                lines.add(line.toString());
                line.setLength(0);
                width = others;
            }
            while (Columns.width(rest) > width) {
                int taken = prefix(rest, width);
                lines.add(rest.substring(0, taken));
                rest = rest.substring(taken);
                width = others;
            }
            line.append(line.length() > 0 ? " " : "").append(rest);
        }
        if (line.length() > 0) {
            lines.add(line.toString());
        }
        return lines;
    }

    /** Returns how many chars of {@code text} fit into {@code width} cells, at least one. */
    private static int prefix(String text, int width) {
        int end = text.offsetByCodePoints(0, 1);
        while (end < text.length()) {
            int next = text.offsetByCodePoints(end, 1);
            if (Columns.width(text.substring(0, next)) > width) {
                break;
            }
            end = next;
        }
        return end;
    }
}
