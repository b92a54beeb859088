package io.understudy.ejb.database.postgresql;

/**
 * A position in PostgreSQL's write-ahead log, counted in bytes.
 *
 * @param value unsigned
 */
record LogPosition(long value) implements Comparable<LogPosition> {

    static final long PAGE = 8192;
    static final long SEGMENT = 16L * 1024 * 1024;

    /** Header of a page, and of the first page of a segment (xlog_internal.h). */
    private static final long PAGE_HEADER = 24;

    private static final long SEGMENT_HEADER = 40;

    /** Record header 24, data header 2, checkpoint 88 (xlogrecord.h, pg_control.h). */
    private static final long CHECKPOINT_RECORD = 24 + 2 + 88;

    static LogPosition parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0) {
            throw new IllegalArgumentException(
                    "log position '" + text + "' is not of the form X/Y");
        }
        return new LogPosition(
                (Long.parseLong(text.substring(0, slash), 16) << 32)
                        | Long.parseLong(text.substring(slash + 1), 16));
    }

    /** Returns where the checkpoint record that begins here ends. */
    LogPosition afterCheckpoint() {
        long end = value + CHECKPOINT_RECORD;
        long next = (value / PAGE + 1) * PAGE;
        if (end > next) {
            end += next % SEGMENT == 0 ? SEGMENT_HEADER : PAGE_HEADER;
        }
        return new LogPosition((end + 7) / 8 * 8);
    }

    /** Returns the number of the segment in which this position lies. */
    long segment() {
        return Long.divideUnsigned(value, SEGMENT);
    }

    long minus(LogPosition other) {
        return value - other.value;
    }

    boolean isAfter(LogPosition other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(LogPosition other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return String.format("%X/%X", value >>> 32, value & 0xFFFFFFFFL);
    }
}
