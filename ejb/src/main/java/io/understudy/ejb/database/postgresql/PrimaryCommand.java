package io.understudy.ejb.database.postgresql;

import io.understudy.core.database.ReplicationMode;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.guard.ChildKind;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Makes a copy the primary: created, started or promoted. */
final class PrimaryCommand {

    private static final System.Logger LOG = System.getLogger(PrimaryCommand.class.getName());
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final PostgresPlace place;
    private final CopyDirectory directory;
    private final PostgresSettings settings;
    private final PostgresServer server;
    private final Sessions own;
    private final Replication replication;
    private final NewDatabase newDatabase;
    private final Executor workers;

    PrimaryCommand(
            PostgresPlace place,
            CopyDirectory directory,
            PostgresSettings settings,
            PostgresServer server,
            Sessions own,
            Replication replication,
            NewDatabase newDatabase,
            Executor workers) {
        this.place = place;
        this.directory = directory;
        this.settings = settings;
        this.server = server;
        this.own = own;
        this.replication = replication;
        this.newDatabase = newDatabase;
        this.workers = workers;
    }

    void make(
            ReplicationMode mode,
            boolean create,
            long deadline,
            PostgresServer.Interruption interruption)
            throws DatabaseException, IOException, SQLException, InterruptedException {
        if (!server.running()) {
            start(mode, create, deadline, interruption);
        } else if (inRecovery()) {
            promote(mode, deadline, interruption);
        } else {
            server.kind(ChildKind.LEASED);
            replication.set(mode, left(deadline));
        }
        // The standby sees to its slot itself; this keeps the log for one that is away.
        place.peer()
                .ifPresent(peer -> later("keeping its log", () -> Slot.keep(own, peer, ANSWER)));
        letGoOfFormer();
    }

    private void start(
            ReplicationMode mode,
            boolean create,
            long deadline,
            PostgresServer.Interruption interruption)
            throws DatabaseException, IOException, SQLException, InterruptedException {
        directory.prepare();
        if (!directory.exists()) {
            boolean mayCreate = create || directory.creationWasCut();
            if (!mayCreate || directory.hasTraces()) {
                throw new DatabaseException(
                        place
                                + " has no copy in "
                                + directory.data()
                                + (create ? ", yet there was one" : "")
                                + "; make this node follow the other, or restore a backup");
            }
            directory.beginCreation();
            newDatabase.create(left(deadline));
        }
        directory.writePassword(place.passwordFor().apply("application"));
        own.close();
        // A copy that followed must change its timeline, or two histories would share one.
        boolean followed = Files.exists(directory.data().resolve("standby.signal"));
        if (followed) {
            settings.writeStandby(Optional.empty());
        } else {
            settings.writePrimary(mode);
        }
        server.start(ChildKind.LEASED, left(deadline), interruption);
        if (followed) {
            promote(mode, deadline, interruption);
        }
    }

    private void promote(
            ReplicationMode mode, long deadline, PostgresServer.Interruption interruption)
            throws DatabaseException, IOException, SQLException, InterruptedException {
        server.kind(ChildKind.LEASED);
        if (mode == ReplicationMode.SYNCHRONOUS) {
            replication.set(mode, left(deadline));
        }
        own.run(ANSWER, connection -> Queries.text(connection, "SELECT pg_promote(false)"));
        while (inRecovery()) {
            interruption.check();
            if (!server.running()) {
                throw new DatabaseException(
                        place
                                + " ended while it was promoted: "
                                + server.lastWords(0)
                                + "; see "
                                + place.log());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new DatabaseException(
                        place + " was not promoted in time; see " + place.log());
            }
            TimeUnit.MILLISECONDS.sleep(3);
        }
        settings.writePrimary(mode);
        directory.writePassword(place.passwordFor().apply("application"));
        server.reload();
        later(
                "the checkpoint after its promotion",
                () ->
                        own.run(
                                Duration.ofSeconds(60),
                                connection -> {
                                    Queries.execute(connection, "CHECKPOINT");
                                    return null;
                                }));
    }

    private boolean inRecovery() throws SQLException {
        return own.run(
                ANSWER, connection -> Queries.truth(connection, "SELECT pg_is_in_recovery()"));
    }

    private interface Chore {
        void run() throws SQLException, InterruptedException;
    }

    /** Begins to let the log go that is kept for a former other node. */
    void letGoOfFormer() {
        later("letting go of a former node's log", replication::letGoOfFormer);
    }

    private void later(String what, Chore chore) {
        try {
            workers.execute(
                    () -> {
                        try {
                            chore.run();
                        } catch (SQLException e) {
                            LOG.log(
                                    System.Logger.Level.WARNING,
                                    "{0}: {1} failed ({2})",
                                    place,
                                    what,
                                    e.getMessage());
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
        } catch (RejectedExecutionException full) {
            LOG.log(System.Logger.Level.WARNING, "{0}: no worker is free for {1}", place, what);
        }
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }
}
