package io.understudy.ejb.database.postgresql;

import io.understudy.core.database.DatabaseRole;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.Upstream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** Has a stream go by another path between the nodes, from whichever end this copy is. */
record StreamMover(
        PostgresPlace place,
        PostgresSettings settings,
        PostgresServer server,
        Replication replication) {

    /** Does nothing to a copy that does not run. Not while a command is under way. */
    void move(DatabaseRole role, Upstream upstream, Optional<String> lost)
            throws DatabaseException, InterruptedException {
        try {
            if (server.running() && role == DatabaseRole.STANDBY) {
                settings.writeStandby(Optional.of(upstream));
                server.reload();
            } else if (server.running() && role == DatabaseRole.PRIMARY) {
                replication.pathsChanged(lost);
            }
        } catch (IOException | SQLException e) {
            throw new DatabaseException(
                    place
                            + " could not take to the other path ("
                            + e.getMessage()
                            + "); it does at its next connection",
                    e);
        }
    }
}
