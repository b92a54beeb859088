package io.understudy.core.time;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as operators write them: a number and a unit, {@code 300ms}, {@code 1.5s}, {@code 2m},
 * {@code 1h}; whole milliseconds, never negative.
 */
public final class DurationText {

    /** The form in words, for error messages. */
    public static final String FORM = "a number and ms, s, m or h, like 300ms, 5s, 2m or 1h";

    private static final Pattern TEXT =
            Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,3})?)(ms|s|m|h)");
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @return empty if {@code text} is not of {@link #FORM} or finer than a millisecond
     */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long unit =
                switch (matcher.group(2)) {
                    case "ms" -> 1;
                    case "s" -> SECOND;
                    case "m" -> MINUTE;
                    default -> HOUR;
                };
        BigDecimal millis = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        return millis.stripTrailingZeros().scale() > 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(millis.longValueExact()));
    }

    /** Writes a duration with the largest unit that needs no fraction; finer than 1 ms is cut. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        if (millis % HOUR == 0) {
            return millis / HOUR + "h";
        }
        if (millis % MINUTE == 0) {
            return millis / MINUTE + "m";
        }
        return millis % SECOND == 0 ? millis / SECOND + "s" : millis + "ms";
    }
}
