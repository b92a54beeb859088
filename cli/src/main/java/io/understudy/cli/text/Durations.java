package io.understudy.cli.text;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}. */
public final class Durations {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException if {@code text} is not of that form
     */
    public static Duration parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no duration: write for example 500ms, 30s, 5m or 2h");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /** Writes a duration for people, at most two units: {@code 1 min 5 s}, {@code 3.2 s}. */
    public static String show(long millis) {
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return millis / 1000 + "." + millis % 1000 / 100 + " s";
        }
        if (millis < 3_600_000) {
            return millis / 60_000 + " min " + millis % 60_000 / 1000 + " s";
        }
        return millis / 3_600_000 + " h " + millis % 3_600_000 / 60_000 + " min";
    }
}
