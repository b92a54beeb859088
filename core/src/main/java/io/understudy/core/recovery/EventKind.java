package io.understudy.core.recovery;

/** The kinds of {@link Event}: the columns of the transition table. */
public enum EventKind {
    /** The recovery manager begins with this instance. */
    START,
    /** A deadline came due, or somebody hinted that the lease record changed. */
    WAKE,
    /** The lease record was read. */
    LEASE_READ,
    /** A compare-and-set of the lease record was answered. */
    LEASE_WRITTEN,
    /** The lease store did not answer; a write's outcome is unknown. */
    LEASE_UNKNOWN,
    /** The ledger answered a plain read. */
    LEDGER_READ,
    /** The ledger answered a claim. */
    LEDGER_CLAIMED,
    /** The ledger answered a write. */
    LEDGER_WRITTEN,
    /** The ledger had no quorum; a claim's or write's outcome is unknown. */
    LEDGER_UNKNOWN,
    /** Contact with the peer changed. */
    PEER_CONTACT,
    /** The peer told about itself. */
    PEER_REPORT,
    /** The peer said that it has renewed leases. */
    PEER_RENEWED,
    /** The peer said that what it held is over. */
    PEER_LET_GO,
    /** Services were observed. */
    SERVICES,
    /** Databases were observed. */
    DATABASES,
    /** A voter is missing, or none any more. */
    VOTERS,
    /** A step ended. */
    STEP_ENDED,
    /** An operator asks. */
    OPERATOR,
    /** Maintenance of the instance begins, changes or ends. */
    HOLD,
    /** What failed here is to be tried again. */
    TRY_AGAIN,
    /** This node is to stop. */
    STOP
}
