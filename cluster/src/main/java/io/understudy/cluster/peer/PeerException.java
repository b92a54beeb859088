package io.understudy.cluster.peer;

import io.understudy.core.node.NodeName;
import java.time.Duration;

/** A call to a peer that gave no answer to use. The message is one sentence for people. */
public final class PeerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient NodeName peer;
    private final Kind kind;

    PeerException(NodeName peer, Kind kind, String message) {
        this(peer, kind, message, null);
    }

    PeerException(NodeName peer, Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.peer = peer;
        this.kind = kind;
    }

    /** Returns who was called. */
    public NodeName peer() {
        return peer;
    }

    /** Returns what kind of failure this is, for callers that decide by it. */
    public Kind kind() {
        return kind;
    }

    /** Kinds of failure. */
    public enum Kind {
        /** No connection came about: nothing was done. (No proof of death: see heartbeat.) */
        NOT_CONNECTED,
        /** No answer in time or the connection broke: whether it was done is unknown. */
        UNREACHABLE,
        /** The two do not share a secret, or someone in between altered bytes: nothing was done. */
        NOT_AUTHENTIC,
        /** The peer's handler refused with a reason: nothing was done. */
        REFUSED,
        /** The peer does not know the path or failed in handling; the outcome is unknown. */
        FAILED
    }

    /** Of a call that was not answered in time. */
    static PeerException late(NodeName peer, String path, Duration limit) {
        return new PeerException(
                peer,
                Kind.UNREACHABLE,
                peer + " did not answer " + path + " within " + limit.toMillis() + " ms.");
    }
}
