package io.understudy.core.config;

/**
 * What the holder of an instance does when it loses the majority of the voters: one policy for its
 * addresses, databases and services together (docs/decisions/0024).
 */
public enum QuorumLoss {
    /** It stops when its lease runs out. */
    STOP,
    /**
     * It goes on where it is on record that nobody else may serve; so it is recorded as long as a
     * voter is missing.
     */
    CONTINUE
}
