package io.understudy.ejb.database.postgresql;

import io.understudy.ejb.database.DatabaseException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Watches a standby that was just started until it streams from its primary or is seen to be unable
 * to. PostgreSQL itself never applies what does not belong; it only retries for ever, so the reason
 * must be found from outside.
 */
final class Following {

    private static final Duration ASK = Duration.ofSeconds(2);
    private static final long PAUSE_MILLIS = 20;

    /** So many looks in a row must agree before a copy counts as unable. */
    private static final int CERTAIN = 20;

    private static final String STATE =
            "SELECT pg_last_wal_replay_lsn()::text, r.status, r.received_tli,"
                    + " pg_last_wal_receive_lsn()::text"
                    + " FROM (SELECT 1) AS one LEFT JOIN pg_stat_wal_receiver r ON true";

    private final PostgresPlace place;
    private final PostgresServer server;
    private final Sessions own;
    private final Sessions primary;

    Following(PostgresPlace place, PostgresServer server, Sessions own, Sessions primary) {
        this.place = place;
        this.server = server;
        this.own = own;
        this.primary = primary;
    }

    private record State(
            LogPosition replayed, boolean streaming, int received, LogPosition arrived) {

        /**
         * A receiver says "streaming" before the primary has looked whether it still has the log
         * that is asked for, from the beginning of the segment on; it streams once that has come.
         */
        boolean streams() {
            return streaming && !replayed.isAfter(arrived);
        }

        LogPosition reached() {
            return replayed.isAfter(arrived) ? replayed : arrived;
        }
    }

    /**
     * Returns {@link Verdict#FOLLOWS} when the copy streams on the primary's timeline.
     *
     * @param timeline the copy's timeline when it was started
     * @param limit how long nothing may move
     * @throws DatabaseException if nothing moved for so long and no reason was found
     */
    Verdict watch(int timeline, Duration limit, PostgresServer.Interruption interruption)
            throws DatabaseException, InterruptedException {
        long moved = System.nanoTime();
        Optional<LogPosition> last = Optional.empty();
        String trouble = "it does not receive";
        int unable = 0;
        while (System.nanoTime() - moved < limit.toNanos()) {
            interruption.check();
            if (!server.running()) {
                return Verdict.diverged("this copy does not run: " + server.lastWords(0));
            }
            try {
                State state = own.run(ASK, Following::state);
                UpstreamState upstream = UpstreamState.ask(primary, ASK);
                Verdict verdict = judge(state, timeline, upstream);
                if (state.streams()
                        && state.received == upstream.timeline()
                        && verdict.kind() == Verdict.Kind.FOLLOWS) {
                    return verdict;
                }
                unable = verdict.kind() == Verdict.Kind.FOLLOWS ? 0 : unable + 1;
                if (unable >= CERTAIN) {
                    return verdict;
                }
                if (last.filter(state.replayed::equals).isEmpty()) {
                    last = Optional.of(state.replayed);
                    moved = System.nanoTime();
                }
            } catch (SQLException e) {
                trouble = e.getMessage();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        throw new DatabaseException(
                place
                        + " does not follow the primary: nothing moved for "
                        + limit.toMillis()
                        + " ms ("
                        + trouble
                        + "); check the network between the nodes and "
                        + place.log());
    }

    private static Verdict judge(State state, int timeline, UpstreamState upstream) {
        boolean onNewer = state.received > timeline;
        Optional<LogPosition> end = Verdict.endFor(onNewer ? state.received : timeline, upstream);
        if (end.isEmpty()) {
            return Verdict.diverged(
                    "this copy is on a timeline from which the primary's timeline "
                            + upstream.timeline()
                            + " does not stem");
        }
        if (state.reached().segment() < upstream.oldestSegment()) {
            return Verdict.behind(state.reached());
        }
        if (state.streaming && onNewer) {
            return Verdict.FOLLOWS;
        }
        if (state.replayed.isAfter(end.get())) {
            return Verdict.pastTheFork(timeline, state.replayed, end.get());
        }
        return Verdict.FOLLOWS;
    }

    private static State state(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STATE)) {
            row.next();
            return new State(
                    position(row.getString(1)),
                    "streaming".equals(row.getString(2)),
                    row.getInt(3),
                    position(row.getString(4)));
        }
    }

    private static LogPosition position(String text) {
        return text == null ? new LogPosition(0) : LogPosition.parse(text);
    }
}
