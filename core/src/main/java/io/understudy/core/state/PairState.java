package io.understudy.core.state;

/** The nine states of a server in a health-monitor pair. */
public enum PairState {
    /** The primary is in charge, all normal. */
    PRIMARY_ACTIVE,
    /** The secondary is up, not in charge, ready to take over. */
    SECONDARY_ACTIVE,
    /** Failover under way. */
    FAILOVER_INVOKED,
    /** The secondary is in charge; also the last state of a primary that is down. */
    FAILOVER_ACTIVE,
    /** Up again after being down, and not in charge; the link may be down too. */
    TERMINATED,
    /** Failback under way. */
    FAILBACK_ACTIVE,
    /** The primary is in charge again; the secondary's copy does not hold everything yet. */
    FAILBACK_COMPLETE,
    /** The primary is in charge; this copy does not hold everything yet. */
    SECONDARY_ALONE,
    /** Stopped by hand, on purpose: no failover. */
    GRACEFUL_SHUTDOWN
}
