package io.understudy.ejb.recovery;

import io.understudy.core.peer.PathFacts;
import io.understudy.core.peer.PathState;
import io.understudy.ejb.database.DatabaseEngine;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.Upstream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells the databases of an instance by which path the other node is reached best.
 *
 * @param engines by the database's name
 * @param upstreamOf the other node as it is reached now
 */
record DatabasePaths(Map<String, DatabaseEngine> engines, Function<String, Upstream> upstreamOf) {

    private static final System.Logger LOG = System.getLogger(DatabasePaths.class.getName());

    /** A path is lost or carries again; waits for the databases. */
    void changed(PathFacts path) {
        Optional<String> lost =
                Optional.of(path.address()).filter(a -> path.state() == PathState.LOST);
        engines.keySet().forEach(name -> changed(name, lost));
    }

    /** A path may have come or gone since a database was told {@code upstream}. */
    void since(String name, Upstream upstream) {
        if (!upstream.equals(upstreamOf.apply(name))) {
            changed(name, Optional.empty());
        }
    }

    private void changed(String name, Optional<String> lost) {
        try {
            engines.get(name).pathsChanged(upstreamOf.apply(name), lost);
        } catch (DatabaseException e) {
            LOG.log(System.Logger.Level.WARNING, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
