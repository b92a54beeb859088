package io.understudy.core.database;

/** What a database on one node is doing. */
public enum DatabaseRole {
    /** Does not run. */
    STOPPED,
    /** Takes writes. */
    PRIMARY,
    /** Follows the other node's primary. */
    STANDBY,
    /** Its copy is being made anew from the primary. */
    RESYNCING,
    /** Should run and does not, or does not answer. */
    FAILED
}
