package io.understudy.core.peer;

/** What is known of a path to a peer to which there are two. */
public enum PathState {
    /** Beats come by it, and the peer says that it hears ours by it. */
    UP,
    /** The peer is heard by the other path only. */
    LOST,
    /** Nothing can be said: the peer is not heard at all, or only since a moment ago. */
    UNKNOWN
}
