package io.understudy.core.recovery;

/** Why an operator's request is refused or failed; the message bundle has the sentences. */
public enum Refusal {
    /** It is where it was asked to be. */
    ALREADY_THERE,
    /** The instance stands alone: there is no other node. */
    STAND_ALONE,
    /** Another move of this instance is under way. */
    BUSY,
    /** It is held for maintenance; release it first. */
    HELD,
    /** The peer's heartbeat is not heard. */
    PEER_NOT_HEARD,
    /** The peer could not serve, by its own word. */
    PEER_NOT_ABLE,
    /** The peer's copy does not hold everything acknowledged. */
    PEER_NOT_IN_SYNC,
    /** This node's copy does not hold everything acknowledged; --accept-loss overrides. */
    NOT_IN_SYNC,
    /** Only the other node may serve, by the record; --accept-loss overrides. */
    PINNED,
    /** The holder of the lease lives: ask it. */
    HOLDER_LIVES,
    /** No majority of the voters answers. */
    NO_MAJORITY,
    /** The node is stopping. */
    STOPPING,
    /** It was begun and did not succeed; the instance is where it was or where it could be. */
    DID_NOT_SUCCEED,
    /** There is nothing to recover. */
    NOTHING_TO_RECOVER,
    /** It took longer than the limit. */
    TIMED_OUT
}
