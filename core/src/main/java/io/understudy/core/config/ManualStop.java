package io.understudy.core.config;

/** What it means that an operator stops a critical service by hand. */
public enum ManualStop {
    /** Wanted downtime: the instance stays where it is (as in the health-monitor pairs). */
    STAY,
    /** The same as a failure: under automatic failover the instance moves. */
    MOVE
}
