package io.understudy.core.peer;

/** What is known of a path to a peer to which there are two. */
public enum PathState {
    /** Beats come by it, and the peer says that it hears ours by it. */
    UP,
    /** Some beats in a row came by the other path only: it may be lost, and carries until then. */
    DOUBTED,
    /** The peer is heard by the other path only. */
    LOST,
    /** Nothing can be said: the peer is not heard at all, or only since a moment ago. */
    UNKNOWN;

    /** Returns whether traffic goes by a path of which this is known. */
    public boolean carries() {
        return this == UP || this == DOUBTED;
    }
}
