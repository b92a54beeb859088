package io.understudy.ejb.database.postgresql;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.database.DatabaseRole;
import io.understudy.core.database.ReplicationMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Asks a running server how it is. One question, one answer, within a second. */
final class Observation {

    /** A standby no further behind than this is level enough to be waited for. */
    static final long CAUGHT_UP_BYTES = 1024 * 1024;

    /** A running server may leave questions unanswered for so long before it counts as failed. */
    static final Duration UNANSWERED = Duration.ofSeconds(6);

    /** New connections may fail for so long, while kept ones answer. */
    static final Duration CLOSED_DOOR = Duration.ofSeconds(12);

    private static final Duration TRY_DOOR = Duration.ofSeconds(4);

    /** With something to acknowledge, a standby that is silent for so long is not attached. */
    static final Duration UNACKNOWLEDGED = Duration.ofMillis(300);

    private static final Duration ANSWER = Duration.ofMillis(700);
    private static final Duration ENTER = Duration.ofSeconds(1);

    private final PostgresPlace place;
    private final Sessions own;
    private final LongSupplier nanos;
    private final String question;

    private String acknowledged = "";
    private long acknowledgedAt;
    private long answeredAt;
    private long enteredAt;
    private long triedAt;

    Observation(PostgresPlace place, Sessions own, LongSupplier nanos) {
        this.place = place;
        this.own = own;
        this.nanos = nanos;
        this.question = question(place);
        renewed();
    }

    /** The server was just started or changed its role: give it time to answer. */
    synchronized void renewed() {
        answeredAt = nanos.getAsLong();
        enteredAt = answeredAt;
        triedAt = answeredAt;
        acknowledged = "";
    }

    /** Asks; {@code role} is what the server is meant to be. */
    synchronized DatabaseFacts ask(DatabaseRole role) {
        try {
            DatabaseFacts facts = own.run(ANSWER, this::read);
            answeredAt = nanos.getAsLong();
            return closedToNewcomers() ? shut() : facts;
        } catch (SQLException e) {
            long silent = nanos.getAsLong() - answeredAt;
            boolean failed = silent > UNANSWERED.toNanos();
            return facts(
                    failed ? DatabaseRole.FAILED : role,
                    Optional.of(
                            place
                                    + " has not answered for "
                                    + silent / 1_000_000
                                    + " ms ("
                                    + e.getMessage()
                                    + "); see "
                                    + place.log()));
        }
    }

    /** A postmaster can hang while the sessions it has made go on. */
    private boolean closedToNewcomers() {
        long now = nanos.getAsLong();
        if (now - triedAt > TRY_DOOR.toNanos()) {
            triedAt = now;
            try (Connection fresh = own.open(ENTER)) {
                Queries.text(fresh, "SELECT 1");
                enteredAt = nanos.getAsLong();
            } catch (SQLException e) {
                return now - enteredAt > CLOSED_DOOR.toNanos();
            }
        }
        return now - enteredAt > CLOSED_DOOR.toNanos();
    }

    private DatabaseFacts shut() {
        return facts(
                DatabaseRole.FAILED,
                Optional.of(
                        place
                                + " has let nobody in for "
                                + CLOSED_DOOR.toSeconds()
                                + " s; see "
                                + place.log()));
    }

    /** Facts of a server that cannot be asked. */
    DatabaseFacts facts(DatabaseRole role, Optional<String> problem) {
        return new DatabaseFacts(
                place.name(),
                role,
                false,
                false,
                ReplicationMode.ASYNCHRONOUS,
                OptionalLong.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                "",
                problem);
    }

    private static String question(PostgresPlace place) {
        String standby = place.peer().map(PostgresPlace::standbyName).orElse("");
        return "SELECT pg_is_in_recovery() AS standby,"
                + " CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()"
                + " ELSE pg_current_wal_flush_lsn() END::text AS position,"
                + " CASE WHEN pg_is_in_recovery() THEN w.received_tli ELSE"
                + " ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END"
                + " AS timeline,"
                + " CASE WHEN pg_is_in_recovery() THEN greatest(0, pg_wal_lsn_diff("
                + "pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())) ELSE"
                + " pg_wal_lsn_diff(pg_current_wal_flush_lsn(), s.flush_lsn) END AS lag,"
                + " current_setting('synchronous_standby_names') AS names,"
                + " s.state AS state, s.flush_lsn::text || ' ' || s.reply_time::text AS reply,"
                + " w.status = 'streaming' AND"
                + " pg_last_wal_receive_lsn() >= pg_last_wal_replay_lsn() AS receives"
                + " FROM (SELECT 1) AS one"
                + " LEFT JOIN pg_stat_wal_receiver w ON true"
                + " LEFT JOIN (SELECT * FROM pg_stat_replication WHERE application_name = '"
                + standby
                + "' ORDER BY (state = 'streaming') DESC, flush_lsn DESC NULLS LAST LIMIT 1) s"
                + " ON true";
    }

    private DatabaseFacts read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getBoolean("standby") ? standby(row) : primary(row);
        }
    }

    private DatabaseFacts primary(ResultSet row) throws SQLException {
        long lag = Math.max(0, row.getLong("lag"));
        OptionalLong behind = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(lag);
        boolean streams = "streaming".equals(row.getString("state"));
        boolean attached = streams && answers(row.getString("reply"), lag);
        return new DatabaseFacts(
                place.name(),
                DatabaseRole.PRIMARY,
                attached,
                attached && lag <= CAUGHT_UP_BYTES,
                Replication.mode(row.getString("names")),
                behind,
                OptionalInt.empty(),
                Optional.empty(),
                position(row),
                Optional.empty());
    }

    private DatabaseFacts standby(ResultSet row) throws SQLException {
        boolean receives = row.getBoolean("receives");
        return new DatabaseFacts(
                place.name(),
                DatabaseRole.STANDBY,
                false,
                false,
                ReplicationMode.ASYNCHRONOUS,
                OptionalLong.of(row.getLong("lag")),
                OptionalInt.empty(),
                Optional.empty(),
                position(row),
                receives
                        ? Optional.empty()
                        : Optional.of(
                                place
                                        + " receives nothing from the primary; it will when the"
                                        + " primary can be reached"));
    }

    /**
     * The server itself notices a hung standby only after wal_sender_timeout. One that has
     * something to acknowledge and says nothing new is noticed here; its own clock, in the reply
     * time, is only compared with itself.
     */
    private boolean answers(String reply, long lag) {
        long now = nanos.getAsLong();
        if (lag == 0 || reply == null) {
            acknowledged = "";
            return true;
        }
        if (!reply.equals(acknowledged)) {
            acknowledged = reply;
            acknowledgedAt = now;
            return true;
        }
        return now - acknowledgedAt < UNACKNOWLEDGED.toNanos();
    }

    private static String position(ResultSet row) throws SQLException {
        String position = row.getString("position");
        int timeline = row.getInt("timeline");
        return (timeline == 0 ? "" : "timeline " + timeline + ", ")
                + (position == null ? "nothing received yet" : position);
    }
}
