package io.understudy.core.state;

/** What an operator can do with an instance; the same words as the commands. */
public enum Button {
    /** Change places, in order and without loss. */
    SWITCHOVER,
    /** The backup takes over. */
    FAILOVER,
    /** The instance goes home. */
    FALLBACK,
    /** Try again after failing, or start what was stopped on purpose. */
    RECOVER,
    /** Make the standby's copy anew. */
    RESYNC
}
