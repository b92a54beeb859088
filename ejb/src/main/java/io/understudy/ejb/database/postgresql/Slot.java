package io.understudy.ejb.database.postgresql;

import io.understudy.core.config.NodeConfiguration.Member;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The replication slot through which a primary keeps its log until the standby has it. */
final class Slot {

    private static final String ALREADY_THERE = "42710";

    private Slot() {}

    /**
     * Makes sure that {@code primary} keeps its log from now on for {@code standby}; a slot that
     * has lost its log is replaced.
     *
     * @param primary sessions of the primary's superuser or replicator
     */
    static void keep(Sessions primary, Member standby, Duration limit) throws SQLException {
        String name = PostgresPlace.standbyName(standby);
        primary.run(
                limit,
                connection -> {
                    keep(connection, name);
                    return null;
                });
    }

    /**
     * Lets the log go that is kept for any other node than {@code standby}. A former standby that
     * still streams is sent away first; it comes back as long as it is let in, so this can fail.
     *
     * @param standby empty: for none
     */
    static void keepNoOther(Sessions primary, Optional<Member> standby, Duration limit)
            throws SQLException {
        String others =
                " FROM pg_replication_slots WHERE slot_name LIKE 'understudy\\_%' AND slot_name <> '"
                        + standby.map(PostgresPlace::standbyName).orElse("")
                        + "'";
        primary.run(
                limit,
                connection -> {
                    Queries.text(
                            connection,
                            "SELECT count(pg_terminate_backend(active_pid, 1000))"
                                    + others
                                    + " AND active_pid IS NOT NULL");
                    Queries.text(
                            connection,
                            "SELECT count(CAST(pg_drop_replication_slot(slot_name) AS text))"
                                    + others);
                    return null;
                });
    }

    private static void keep(Connection connection, String name) throws SQLException {
        Optional<String> status =
                Queries.text(
                        connection,
                        "SELECT coalesce(wal_status, 'lost') FROM pg_replication_slots"
                                + " WHERE slot_name = '"
                                + name
                                + "'");
        if (status.filter("lost"::equals).isPresent()) {
            Queries.text(
                    connection,
                    "SELECT pg_terminate_backend(active_pid, 1000) FROM pg_replication_slots"
                            + " WHERE slot_name = '"
                            + name
                            + "' AND active_pid IS NOT NULL");
            Queries.text(connection, "SELECT pg_drop_replication_slot('" + name + "')");
            status = Optional.empty();
        }
        if (status.isEmpty()) {
            Queries.text(
                    connection, "SELECT pg_create_physical_replication_slot('" + name + "', true)");
        }
    }
}
