package io.understudy.core.ledger;

/** Why an instance is where it is, in the words of the presence redundancy groups' state table. */
public enum Reason {
    /** Both nodes as assigned, nothing happened. */
    NORMAL,
    /** An operator asked. */
    ON_ADMIN_REQUEST,
    /** The recovery manager started. */
    INITIALIZATION,
    /** A critical service was down longer than its delay. */
    CRITICAL_SERVICE_DOWN,
    /** The database failed. */
    DATABASE_FAILURE,
    /** The peer's heartbeat was lost. */
    PEER_DOWN,
    /** The peer was shut down or rebooted. */
    PEER_REBOOT,
    /** The peer was not seen while this node started. */
    PEER_DOWN_DURING_INITIALIZATION,
    /** The instance went home by itself. */
    AUTOMATIC_FALLBACK,
    /** Critical services did not start. */
    START_OF_CRITICAL_SERVICES_FAILED,
    /** The database or the users could not be taken over. */
    TAKE_OVER_USERS_FAILED,
    /** The database or the users could not be taken back. */
    TAKE_BACK_USERS_FAILED,
    /** The backup failed and the home node was able: the instance went home by itself. */
    AUTO_RECOVERY_DATABASE_FAILURE,
    /** The backup's service failed and the home node was able: the instance went home by itself. */
    AUTO_RECOVERY_CRITICAL_SERVICE_DOWN,
    /** Stopped by hand, on purpose: no failover. */
    GRACEFUL_SHUTDOWN,
    /** Not known. */
    UNKNOWN
}
