package io.understudy.core.recovery;

/** What keeps this node from taking the instance over at this moment. */
public enum Obstacle {
    /** The node or the instance is stopping here. */
    STOPPING,
    /** No majority of the voters answers. */
    NO_MAJORITY,
    /** Since the start the record has not been watched for long enough. */
    WATCHING,
    /** The ledger has not been read since the record changed hands. */
    LEDGER_UNKNOWN,
    /** Another step runs on this node's copy. */
    COPY_BUSY,
    /** The last start here failed. */
    FAILED_HERE,
    /** Something that must work here before this node may serve does not: a volume. */
    VOLUME_FAILED,
    /** Stopped on purpose; an operator may say failover. */
    PARKED,
    /** Held for maintenance, and it is not this node's turn. */
    HELD,
    /** The copy here does not hold everything acknowledged; an operator may accept the loss. */
    NOT_IN_SYNC,
    /** Recorded is that only the other node may serve; an operator may override it. */
    PINNED,
    /** The instance never ran; its home node creates it. */
    NEVER_RAN,
    /** It is the peer's turn, and it has some time left to take it. */
    PEERS_TURN,
    /** The holder renews its lease, or its lease may not be over. */
    HOLDER_LIVES,
    /** Failover is manual; an operator decides. */
    MANUAL
}
