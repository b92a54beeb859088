package io.understudy.core.recovery;

/** What an operator may ask of an instance. */
public enum OperatorAction {
    /** Move it to the other node, in order. */
    SWITCHOVER,
    /** Move it to its backup; also where the home node is gone. */
    FAILOVER,
    /** Bring it home. */
    FALLBACK,
    /** Try again where starting failed; leave failed mode. */
    RECOVER,
    /** Make the standby's copy follow again. */
    RESYNC
}
