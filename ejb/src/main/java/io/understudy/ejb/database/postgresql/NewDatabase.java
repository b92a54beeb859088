package io.understudy.ejb.database.postgresql;

import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.process.CommandResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Makes an empty database: initdb, then roles and database in single-user mode, so that no server
 * is ever reachable without its passwords.
 */
final class NewDatabase {

    private final PostgresPlace place;
    private final CopyDirectory directory;
    private final PostgresBinaries binaries;
    private final PostgresServer server;

    NewDatabase(
            PostgresPlace place,
            CopyDirectory directory,
            PostgresBinaries binaries,
            PostgresServer server) {
        this.place = place;
        this.directory = directory;
        this.binaries = binaries;
        this.server = server;
    }

    void create(Duration limit) throws DatabaseException, IOException, InterruptedException {
        Path fresh = directory.freshIncoming();
        CommandResult made =
                server.run(
                        List.of(
                                binaries.initdb().toString(),
                                "-D",
                                fresh.toString(),
                                "-U",
                                PostgresPlace.SUPERUSER,
                                "-A",
                                "reject",
                                "-k",
                                "--no-sync",
                                "-E",
                                "UTF8",
                                // Sorts alike on both hosts, whatever their C libraries are.
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8",
                                "--locale=C"),
                        "",
                        limit);
        if (!made.succeeded()) {
            throw new DatabaseException(
                    place
                            + " cannot be created: initdb "
                            + (made.timedOut() ? "took too long" : "said: " + errors(made)));
        }
        populate(fresh, limit);
        server.syncToDisk(fresh);
        directory.install(true);
    }

    private void populate(Path fresh, Duration limit)
            throws DatabaseException, IOException, InterruptedException {
        CommandResult done =
                server.run(
                        List.of(
                                binaries.postgres().toString(),
                                "--single",
                                "-D",
                                fresh.toString(),
                                "-c",
                                "log_min_error_statement=panic",
                                "-c",
                                "fsync=off",
                                "postgres"),
                        String.join("\n", statements()) + "\n",
                        limit);
        // Single-user mode goes on after an error and ends well.
        if (!done.succeeded() || !errors(done).isEmpty()) {
            throw new DatabaseException(
                    place + " cannot be created: its roles cannot be made: " + errors(done));
        }
    }

    private List<String> statements() {
        String own = "\"" + place.name() + "\"";
        return List.of(
                "ALTER ROLE " + PostgresPlace.SUPERUSER + password("superuser"),
                "CREATE ROLE "
                        + PostgresPlace.REPLICATOR
                        + " LOGIN REPLICATION"
                        + password("replication"),
                "GRANT pg_monitor TO " + PostgresPlace.REPLICATOR,
                "CREATE ROLE " + own + " LOGIN" + password("application"),
                "CREATE DATABASE " + own + " OWNER " + own);
    }

    private String password(String purpose) {
        return " PASSWORD '" + ScramVerifier.of(place.passwordFor().apply(purpose)) + "'";
    }

    private static String errors(CommandResult result) {
        Optional<String> found =
                result.output()
                        .lines()
                        .filter(
                                line ->
                                        line.contains("ERROR:")
                                                || line.contains("FATAL:")
                                                || line.contains("error:"))
                        .findFirst();
        return found.orElse("");
    }
}
