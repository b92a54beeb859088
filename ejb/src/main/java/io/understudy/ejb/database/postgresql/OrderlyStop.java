package io.understudy.ejb.database.postgresql;

import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.StopResult;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Stops a server so that the standby has everything. PostgreSQL's fast shutdown ends the sessions,
 * writes the last checkpoint and gives it to every standby that answers before it ends; whether the
 * standby really has it on disk is then asked of the standby itself.
 */
final class OrderlyStop {

    private static final System.Logger LOG = System.getLogger(OrderlyStop.class.getName());
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final Duration CONFIRM = Duration.ofMillis(500);

    private final PostgresPlace place;
    private final CopyDirectory directory;
    private final PostgresServer server;
    private final Sessions own;

    OrderlyStop(PostgresPlace place, CopyDirectory directory, PostgresServer server, Sessions own) {
        this.place = place;
        this.directory = directory;
        this.server = server;
        this.own = own;
    }

    StopResult stop(Duration limit) throws DatabaseException, IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean attached = prepare(limit);
        if (!attached) {
            return end(deadline, Optional.empty());
        }
        Member peer = place.peer().orElseThrow();
        try (Sessions standby = Sessions.other(place, peer.address(), place.port())) {
            // Connected beforehand, as every millisecond after the stop is an outage.
            boolean reached = received(standby).isPresent();
            return end(deadline, reached ? Optional.of(standby) : Optional.empty());
        }
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
     * Writes what is dirty while clients still work, so that the shutdown itself is short.
     *
     * @return whether this is a primary with a standby attached
     */
    private boolean prepare(Duration limit) {
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
