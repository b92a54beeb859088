package io.understudy.core.recovery;

/** Where one node is with one instance. Never shown as such: states are derived from it. */
public enum Phase {
    /** Does not hold the lease; nothing of the instance serves here. */
    STANDBY,
    /** Is taking the lease and the ledger's consent; nothing serves yet. */
    CLAIMING,
    /** Holds the lease; database and services are being brought up. */
    ACTIVATING,
    /** Holds the lease and serves. */
    ACTIVE,
    /** Holds the lease; services and database are being stopped in order. */
    DEACTIVATING,
    /** Has stopped everything; the lease is being given back. */
    RELEASING,
    /** Has lost the lease or must not wait: everything is being killed. */
    KILLING,
    /** Takes no part any more: the node is going down. */
    STOPPED;

    /** Returns whether the node counts on a lease in this phase. */
    public boolean holdsLease() {
        return this == ACTIVATING || this == ACTIVE || this == DEACTIVATING || this == RELEASING;
    }
}
