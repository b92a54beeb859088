package io.understudy.cli.show;

import java.util.Locale;

/** Amounts of bytes for people. */
final class Bytes {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Bytes() {}

    /** Returns {@code number} with its unit; a dash for null. */
    static String show(Long number) {
        if (number == null) {
            return "-";
        }
        double value = number;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }
}
