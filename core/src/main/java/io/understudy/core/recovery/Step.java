package io.understudy.core.recovery;

/**
 * Something the shell does to the instance's database or services. Steps of one instance run one
 * after another; a killing step cancels the one that runs. Every step is idempotent.
 */
public enum Step {
    /**
     * Make the local copies the primary, replication asynchronous; they take writes from then on.
     */
    DATABASE_PRIMARY(true),
    /** The same for an instance that never ran anywhere: create empty databases. */
    DATABASE_CREATE(true),
    /** Start the services in order; done when all critical ones answer their probes. */
    SERVICES_START(true),
    /** Stop the services in reverse order, within the stop limit, then kill. */
    SERVICES_STOP(false),
    /** Stop the databases in order: everything written reaches an attached standby first. */
    DATABASE_STOP(false),
    /** Kill services and databases of this instance at once. */
    KILL(false),
    /** Follow the peer's primary; make the copy anew where it cannot follow. */
    DATABASE_STANDBY(false),
    /** Commits wait for the standby; done when it also has everything from before. */
    REPLICATE_SYNC(true),
    /** Commits no longer wait for the standby. */
    REPLICATE_ASYNC(true);

    private final boolean needsLease;

    Step(boolean needsLease) {
        this.needsLease = needsLease;
    }

    /** Returns whether the shell must refuse to begin this step once the lease has run out. */
    public boolean needsLease() {
        return needsLease;
    }
}
