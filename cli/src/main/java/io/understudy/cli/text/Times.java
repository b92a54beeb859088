package io.understudy.cli.text;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moments as people write them. */
public final class Times {

    private static final Pattern DAYS = Pattern.compile("([0-9]{1,5})d");

    private Times() {}

    /**
     * Reads a moment: how long ago ({@code 30m}, {@code 2h}, {@code 3d}), a time of today ({@code
     * 08:30}), a day ({@code 2026-11-20}), both ({@code 2026-11-20T08:30}), or all of it with its
     * offset.
     *
     * @param now the present moment in the user's zone
     * @throws IllegalArgumentException if {@code text} is of no such form
     */
    public static OffsetDateTime parse(String text, ZonedDateTime now) {
        Matcher days = DAYS.matcher(text);
        if (days.matches()) {
            return now.minusDays(Long.parseLong(days.group(1))).toOffsetDateTime();
        }
        try {
            if (text.matches("[0-9]+(ms|s|m|h)")) {
                Duration ago = Durations.parse(text);
                return now.minus(ago).toOffsetDateTime();
            }
            String plain = text.strip().replace(' ', 'T');
            if (plain.matches("[0-9]{1,2}:.*")) {
                String padded = plain.indexOf(':') == 1 ? "0" + plain : plain;
                return now.truncatedTo(ChronoUnit.DAYS)
                        .with(LocalTime.parse(padded))
                        .toOffsetDateTime();
            }
            if (!plain.contains("T")) {
                return LocalDate.parse(plain).atStartOfDay(now.getZone()).toOffsetDateTime();
            }
            return plain.matches(".*T.*([Zz]|[+-][0-9:]+)")
                    ? OffsetDateTime.parse(plain)
                    : LocalDateTime.parse(plain).atZone(now.getZone()).toOffsetDateTime();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no moment", e);
        }
    }
}
