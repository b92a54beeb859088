package io.understudy.core.database;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one node observes of one database of an instance.
 *
 * @param name the database's name in the group file
 * @param role what it is doing
 * @param standbyAttached on a primary: the standby streams at this moment
 * @param standbyCaughtUp on a primary: the standby streams and has flushed all but a little (the
 *     engine's limit) of what is written, so that making it synchronous will not stall writers
 * @param replication on a primary: the mode that is in effect
 * @param lagBytes on a primary with a standby attached: bytes not yet flushed there; on a standby:
 *     bytes received and not yet replayed
 * @param resyncPercent while resyncing: 0 to 100
 * @param resyncLeft while resyncing: the estimate of the time left
 * @param position the engine's own words for where it is (timeline and log position), for people
 * @param problem one sentence if something is wrong: cause, object, next step
 */
public record DatabaseFacts(
        String name,
        DatabaseRole role,
        boolean standbyAttached,
        boolean standbyCaughtUp,
        ReplicationMode replication,
        OptionalLong lagBytes,
        OptionalInt resyncPercent,
        Optional<Duration> resyncLeft,
        String position,
        Optional<String> problem) {

    /** Refuses nulls. */
    public DatabaseFacts {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(replication, "replication");
        Objects.requireNonNull(lagBytes, "lagBytes");
        Objects.requireNonNull(resyncPercent, "resyncPercent");
        Objects.requireNonNull(resyncLeft, "resyncLeft");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(problem, "problem");
    }

    /** Returns the facts of a database that does not run. */
    public static DatabaseFacts stopped(String name) {
        return new DatabaseFacts(
                name,
                DatabaseRole.STOPPED,
                false,
                false,
                ReplicationMode.ASYNCHRONOUS,
                OptionalLong.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                "",
                Optional.empty());
    }
}
