package io.understudy.cli.show;

import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** The node's wall time in the reader's zone. */
public final class LocalTimes {

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private LocalTimes() {}

    /** Returns an ISO 8601 time with seconds; what is no such time stays as it is. */
    public static String show(String iso) {
        return format(iso, SECONDS);
    }

    /** Returns an ISO 8601 time with milliseconds. */
    static String showMillis(String iso) {
        return format(iso, MILLIS);
    }

    private static String format(String iso, DateTimeFormatter form) {
        if (iso == null) {
            return "-";
        }
        try {
            return OffsetDateTime.parse(iso).atZoneSameInstant(ZoneId.systemDefault()).format(form);
        } catch (DateTimeParseException e) {
            return iso;
        }
    }
}
