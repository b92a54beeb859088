package io.understudy.ejb.database.postgresql;

import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.database.ReplicationMode;
import io.understudy.ejb.database.DatabaseException;
import java.io.IOException;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Switches a running server between waiting and not waiting for its standby.
 *
 * <p>That commits wait is decided by a flag in shared memory which the checkpointer sets after a
 * reload. Three steps make that certain: a fresh session that shows the new value proves that the
 * postmaster has read it and signalled its children; a checkpoint asked for after that is begun by
 * a checkpointer that has handled the signal; every commit acknowledged without waiting then lies
 * before the position read after that.
 */
final class Replication {

    private static final Duration ANSWER = Duration.ofSeconds(5);

    private static final Duration BEFOREHAND = Duration.ofSeconds(30);

    private final PostgresPlace place;
    private final PostgresSettings settings;
    private final PostgresServer server;
    private final Sessions own;

    Replication(
            PostgresPlace place, PostgresSettings settings, PostgresServer server, Sessions own) {
        this.place = place;
        this.settings = settings;
        this.server = server;
        this.own = own;
    }

    /** Returns the mode that is set. */
    static ReplicationMode mode(String synchronousStandbyNames) {
        return synchronousStandbyNames.isBlank()
                ? ReplicationMode.ASYNCHRONOUS
                : ReplicationMode.SYNCHRONOUS;
    }

    /**
     * The other node is another one now, or there is none any more: it is let in. While commits
     * wait for a former one nothing changes: who is in sync must be on record first, and then
     * {@link #set} is asked for.
     */
    void partnerChanged()
            throws DatabaseException, SQLException, IOException, InterruptedException {
        String names =
                own.run(
                        ANSWER,
                        connection ->
                                Queries.text(connection, "SHOW synchronous_standby_names")
                                        .orElse(""));
        if (mode(names) == ReplicationMode.ASYNCHRONOUS) {
            settings.writePrimary(ReplicationMode.ASYNCHRONOUS);
            server.reload();
        }
        Optional<Member> partner = place.peer();
        if (partner.isPresent()) {
            Slot.keep(own, partner.get(), ANSWER);
        }
    }

    /**
     * Lets the other node in from all its addresses, and ends streams that came by a lost path: the
     * server itself would find out only after wal_sender_timeout, and keep the slot until then.
     *
     * @param lost the other node's address on it
     */
    void pathsChanged(Optional<String> lost)
            throws DatabaseException, SQLException, IOException, InterruptedException {
        if (lost.isPresent() && place.peer().isPresent()) {
            String end =
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_replication"
                            + " WHERE application_name = '"
                            + PostgresPlace.standbyName(place.peer().get())
                            + "' AND host(client_addr) = '"
                            + InetAddress.getByName(lost.get()).getHostAddress()
                            + "'";
            own.run(ANSWER, connection -> Queries.text(connection, end));
        }
        settings.writeClients();
        server.reload();
    }

    /** Lets the log go that is kept for a former other node, once that one stays away. */
    void letGoOfFormer() throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + BEFOREHAND.toNanos();
        while (true) {
            try {
                Slot.keepNoOther(own, place.peer(), ANSWER);
                return;
            } catch (SQLException stillThere) {
                if (System.nanoTime() - deadline > 0) {
                    throw stillThere;
                }
            }
            TimeUnit.MILLISECONDS.sleep(300);
        }
    }

    /** Puts {@code mode} into effect for every commit from now on. */
    void set(ReplicationMode mode, Duration limit)
            throws DatabaseException, SQLException, IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        settings.writePrimary(mode);
        server.reload();
        awaitFreshSession(mode, deadline, limit);
        if (mode == ReplicationMode.SYNCHRONOUS) {
            own.run(
                    left(deadline),
                    connection -> {
                        Queries.execute(connection, "CHECKPOINT");
                        return null;
                    });
        }
    }

    /**
     * Makes commits wait and returns when the standby also has everything from before; if that
     * fails, commits wait no more than they did.
     *
     * @param limit for the time in which commits already wait for the standby
     */
    void join(Duration limit)
            throws DatabaseException, SQLException, IOException, InterruptedException {
        String names =
                own.run(
                        ANSWER,
                        connection ->
                                Queries.text(connection, "SHOW synchronous_standby_names")
                                        .orElse(""));
        ReplicationMode before = mode(names);
        if (before == ReplicationMode.ASYNCHRONOUS) {
            awaitAttached(limit);
            // The one that makes it certain is short if this one, for which nobody waits, is not.
            own.run(
                    BEFOREHAND,
                    connection -> {
                        Queries.execute(connection, "CHECKPOINT");
                        return null;
                    });
        }
        long deadline = System.nanoTime() + limit.toNanos();
        boolean done = false;
        try {
            set(ReplicationMode.SYNCHRONOUS, left(deadline));
            awaitStandby(left(deadline));
            done = true;
        } finally {
            if (!done && before == ReplicationMode.ASYNCHRONOUS && server.running()) {
                set(before, ANSWER);
            }
        }
    }

    /** Returns when the standby has on disk all that is written now. */
    void awaitStandby(Duration limit) throws DatabaseException, SQLException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        String name = PostgresPlace.standbyName(peer());
        LogPosition written =
                own.run(
                        ANSWER,
                        connection -> {
                            // A commit of our own pushes everything before it to disk and out.
                            Queries.text(
                                    connection,
                                    "SELECT pg_logical_emit_message(true, 'understudy', 'sync')");
                            return Queries.position(
                                            connection, "SELECT pg_current_wal_insert_lsn()")
                                    .orElseThrow();
                        });
        String flushed =
                "SELECT max(flush_lsn) FROM pg_stat_replication WHERE application_name = '"
                        + name
                        + "' AND state = 'streaming' AND sync_state IN ('sync', 'quorum')";
        while (System.nanoTime() - deadline < 0) {
            Optional<LogPosition> there =
                    own.run(ANSWER, connection -> Queries.position(connection, flushed));
            if (there.isPresent() && !written.isAfter(there.get())) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new DatabaseException(
                place
                        + ": node "
                        + peer().name()
                        + " has not written up to "
                        + written
                        + " within "
                        + limit.toMillis()
                        + " ms; check that its copy streams");
    }

    /** Returns when the standby streams and is nearly level, so that waiting for it is bearable. */
    void awaitAttached(Duration limit)
            throws DatabaseException, SQLException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        String level =
                "SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), max(flush_lsn)) <= "
                        + Observation.CAUGHT_UP_BYTES
                        + " FROM pg_stat_replication WHERE state = 'streaming' AND"
                        + " application_name = '"
                        + PostgresPlace.standbyName(peer())
                        + "'";
        while (!own.run(ANSWER, connection -> Queries.truth(connection, level))) {
            if (System.nanoTime() - deadline > 0) {
                throw new DatabaseException(
                        place
                                + " cannot be made synchronous: node "
                                + peer().name()
                                + " does not stream or is too far behind; make its copy follow"
                                + " first");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private void awaitFreshSession(ReplicationMode mode, long deadline, Duration limit)
            throws DatabaseException, SQLException, InterruptedException {
        while (true) {
            try (Connection fresh = own.open(ANSWER)) {
                String names = Queries.text(fresh, "SHOW synchronous_standby_names").orElse("");
                if (mode(names) == mode) {
                    return;
                }
            }
            if (System.nanoTime() - deadline > 0) {
                throw new DatabaseException(
                        place
                                + " did not take up "
                                + mode
                                + " replication within "
                                + limit.toMillis()
                                + " ms; see "
                                + place.log());
            }
            TimeUnit.MILLISECONDS.sleep(3);
        }
    }

    private Member peer() throws DatabaseException {
        return place.peer().orElseThrow(() -> new DatabaseException(place + " has no second node"));
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(50_000_000L, deadline - System.nanoTime()));
    }
}
