package io.understudy.core.state;

/** The twelve states of a node in a presence redundancy group. */
public enum NodeState {
    /** The recovery manager is starting. */
    INITIALIZING(Kind.TRANSITION),
    /** Failed over by request, services stopped; manual fallback possible. */
    IDLE(Kind.STABLE),
    /** Running; manual failover possible. */
    NORMAL(Kind.STABLE),
    /** Acts for its peer; the peer's users are here. */
    RUNNING_IN_BACKUP_MODE(Kind.STABLE),
    /** Taking over for the peer. */
    TAKING_OVER(Kind.TRANSITION),
    /** Being taken over by the peer. */
    FAILING_OVER(Kind.TRANSITION),
    /** Failed over, able again; manual fallback possible. */
    FAILED_OVER(Kind.LASTING),
    /** Failed over, and a critical service or the database cannot run. */
    FAILED_OVER_CRITICAL_SERVICES_NOT_RUNNING(Kind.LASTING),
    /** The backup hands back. */
    FALLING_BACK(Kind.TRANSITION),
    /** The failed node takes back. */
    TAKING_BACK(Kind.TRANSITION),
    /** An error during a transition or in backup mode. */
    RUNNING_IN_FAILED_MODE(Kind.ERROR),
    /** Not known; not seen, or high availability is not enabled. */
    UNKNOWN(Kind.UNKNOWN);

    private final Kind kind;

    NodeState(Kind kind) {
        this.kind = kind;
    }

    /** Returns how long such a state is meant to last. */
    public Kind kind() {
        return kind;
    }

    /** How long a state is meant to last. */
    public enum Kind {
        /** Passes by itself within seconds. */
        TRANSITION,
        /** As it should be. */
        STABLE,
        /** Stays until somebody acts. */
        LASTING,
        /** Needs somebody now. */
        ERROR,
        /** Nothing is known. */
        UNKNOWN
    }
}
