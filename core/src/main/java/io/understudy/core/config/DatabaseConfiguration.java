package io.understudy.core.config;

import java.util.Objects;

/**
 * A database of an instance.
 *
 * @param name unique in its instance; also the name of the database inside the engine
 * @param engine which engine
 * @param protection how the standby's copy is kept
 * @param withoutStandby what to do when the standby is gone
 * @param port the TCP port on which it listens, on the node's own address, on both nodes
 */
public record DatabaseConfiguration(
        String name,
        Engine engine,
        Protection protection,
        WithoutStandby withoutStandby,
        int port) {

    /** Refuses nulls. */
    public DatabaseConfiguration {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(protection, "protection");
        Objects.requireNonNull(withoutStandby, "withoutStandby");
    }

    /** Which engine. */
    public enum Engine {
        /** PostgreSQL, managed by Understudy (embedded binaries or the host's). */
        POSTGRESQL
    }

    /** How the standby's copy is kept. */
    public enum Protection {
        /** A commit is acknowledged when both have it. */
        SYNCHRONOUS,
        /** The standby follows as fast as it can. */
        ASYNCHRONOUS,
        /** There is no second copy. */
        NONE
    }

    /** What a synchronous database does when its standby is gone. */
    public enum WithoutStandby {
        /** No acknowledgement until the standby is back or an operator decides. */
        WAIT,
        /** Record it, then go on alone, shown as unprotected. */
        CONTINUE
    }
}
