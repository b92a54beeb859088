package io.understudy.core.state;

/** Where a node is with an instance, as it reports it itself. */
public enum NodePhase {
    /** Its recovery manager starts: it has not yet learned who holds the lease. */
    INITIALIZING,
    /** Does not serve; follows and could take over unless it says otherwise. */
    STANDBY,
    /** Claims the lease, or brings database and services up. */
    TAKING,
    /** Serves. */
    ACTIVE,
    /** Stops services and database, in order or by force. */
    LEAVING,
    /** Tried to serve and could not. */
    FAILED,
    /** Takes no part: the node or the instance is being stopped on purpose. */
    STOPPED
}
