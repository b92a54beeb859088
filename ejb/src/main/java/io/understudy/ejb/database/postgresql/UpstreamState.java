package io.understudy.ejb.database.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * What the other node's server says about itself.
 *
 * @param systemId identifies the database cluster
 * @param primary whether it takes writes
 * @param timeline its timeline
 * @param flushed how far its log is on its disk
 * @param history from which timelines it stems
 * @param oldestSegment the number of the oldest log segment that it still has
 */
record UpstreamState(
        long systemId,
        boolean primary,
        int timeline,
        LogPosition flushed,
        TimelineHistory history,
        long oldestSegment) {

    private static final long SEGMENTS_PER_FILE = 0x100000000L / LogPosition.SEGMENT;

    static UpstreamState ask(Sessions upstream, Duration limit) throws SQLException {
        return upstream.run(limit, UpstreamState::read);
    }

    private static UpstreamState read(Connection connection) throws SQLException {
        boolean primary = !Queries.truth(connection, "SELECT pg_is_in_recovery()");
        long oldest =
                Queries.text(
                                connection,
                                "SELECT min(substr(name, 9)) FROM pg_ls_waldir()"
                                        + " WHERE name ~ '^[0-9A-F]{24}$'")
                        .map(UpstreamState::segment)
                        .orElse(0L);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            if (!row.next()) {
                throw new SQLException("the server does not identify itself");
            }
            int timeline = row.getInt(2);
            return new UpstreamState(
                    Long.parseUnsignedLong(row.getString(1)),
                    primary,
                    timeline,
                    LogPosition.parse(row.getString(3)),
                    timeline == 1 ? TimelineHistory.NONE : history(connection, timeline),
                    oldest);
        }
    }

    private static TimelineHistory history(Connection connection, int timeline)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
            if (!row.next()) {
                throw new SQLException("the server has no history of its timeline " + timeline);
            }
            return TimelineHistory.parse(row.getString(2));
        }
    }

    private static long segment(String name) {
        return Long.parseLong(name.substring(0, 8), 16) * SEGMENTS_PER_FILE
                + Long.parseLong(name.substring(8), 16);
    }
}
