package io.understudy.core.peer;

/** What is known of a peer's process. */
public enum Contact {
    /** Its heartbeat arrives. */
    HEARD,
    /** No heartbeat for the set silence; it may live. */
    SILENT,
    /**
     * Its process is proven gone: its host answered and refused the connection to the port that the
     * process holds as long as it lives, and its guard is gone too or says that all is stopped.
     */
    GONE
}
