package io.understudy.ejb.database;

/** How a database is stopped. */
public enum StopMode {
    /** Everything is written and the standby is given all of it. */
    ORDERLY,
    /** Killed at once: the lease is lost, or nothing depends on it any more. */
    IMMEDIATE
}
