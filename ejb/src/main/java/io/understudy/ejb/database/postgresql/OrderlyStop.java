package io.understudy.ejb.database.postgresql;

import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.StopResult;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Stops a server so that the standby has everything. PostgreSQL's fast shutdown ends the sessions,
 * writes the last checkpoint and gives it to every standby that answers before it ends; whether the
 * standby really has it on disk is then asked of the standby itself.
 */
final class OrderlyStop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(OrderlyStop.class.getName());
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final Duration CONFIRM = Duration.ofMillis(500);

    private final PostgresPlace place;
    private final CopyDirectory directory;
    private final PostgresServer server;
    private final Sessions own;

    /** Sooner than this clients do not write so much that it would have to be written again. */
    private static final long PREPARED_FOR = TimeUnit.SECONDS.toNanos(5);

    private long preparedAt;
    private volatile boolean prepared;
    private volatile Optional<Sessions> standby = Optional.empty();

    OrderlyStop(PostgresPlace place, CopyDirectory directory, PostgresServer server, Sessions own) {
        this.place = place;
        this.directory = directory;
        this.server = server;
        this.own = own;
    }

    /**
     * Does while clients still work what the stop would otherwise keep them waiting for: writes
     * what is dirty, and connects to the standby.
     */
    void prepare(Duration limit) throws InterruptedException {
        close();
        if (attached(limit)) {
            List<String> hosts = place.peerAddresses().get();
            Sessions sessions = Sessions.other(place, hosts, place.port());
            standby = Optional.of(sessions);
            if (received(sessions).isEmpty()) {
                close();
            }
        }
        preparedAt = System.nanoTime();
        prepared = true;
    }

    StopResult stop(Duration limit) throws DatabaseException, IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            if (!prepared || System.nanoTime() - preparedAt > PREPARED_FOR) {
                prepare(limit);
            }
            return end(deadline, standby);
        } finally {
            close();
        }
    }

    /** Forgets what was prepared. */
    @Override
    public void close() {
        prepared = false;
        standby.ifPresent(Sessions::close);
        standby = Optional.empty();
    }

    private StopResult end(long deadline, Optional<Sessions> standby)
            throws DatabaseException, IOException, InterruptedException {
        boolean orderly =
                server.stopInOrder(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        ControlFile control = ControlFile.read(directory.data());
        boolean all =
                orderly
                        && control.isCleanPrimary()
                        && standby.isPresent()
                        && has(standby.get(), control.end());
        return new StopResult(orderly && control.isClean(), all, control.position());
    }

    /**
     * Writes what is dirty, so that the shutdown itself is short.
     *
     * @return whether this is a primary with a standby attached
     */
    private boolean attached(Duration limit) {
        if (place.peer().isEmpty()) {
            return false;
        }
        String attached =
                "SELECT NOT pg_is_in_recovery() AND EXISTS (SELECT FROM pg_stat_replication WHERE"
                        + " state = 'streaming' AND application_name = '"
                        + PostgresPlace.standbyName(place.peer().get())
                        + "')";
        try {
            return own.run(
                    limit,
                    connection -> {
                        boolean answer = Queries.truth(connection, attached);
                        Queries.execute(connection, "CHECKPOINT");
                        return answer;
                    });
        } catch (SQLException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} does not answer before its stop ({1})",
                    place,
                    e.getMessage());
            return false;
        }
    }

    private static boolean has(Sessions standby, LogPosition end) throws InterruptedException {
        long deadline = System.nanoTime() + CONFIRM.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (received(standby).filter(there -> !end.isAfter(there)).isPresent()) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return false;
    }

    private static Optional<LogPosition> received(Sessions standby) {
        try {
            return standby.run(
                    ANSWER,
                    connection -> Queries.position(connection, "SELECT pg_last_wal_receive_lsn()"));
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "asking the standby what it has", e);
            return Optional.empty();
        }
    }
}
