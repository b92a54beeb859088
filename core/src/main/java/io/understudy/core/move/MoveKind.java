package io.understudy.core.move;

/** What a move was. */
public enum MoveKind {
    /** The holder was lost, or gave the instance away because something failed there. */
    FAILOVER,
    /** An operator had it moved to the backup, in order. */
    SWITCHOVER,
    /** It went home, in order. */
    FALLBACK
}
