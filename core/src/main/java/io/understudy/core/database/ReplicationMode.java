package io.understudy.core.database;

/** How a primary treats its standby's acknowledgement. */
public enum ReplicationMode {
    /** A commit returns only when the standby has it on disk. */
    SYNCHRONOUS,
    /** A commit returns when it is on the primary's disk. */
    ASYNCHRONOUS
}
