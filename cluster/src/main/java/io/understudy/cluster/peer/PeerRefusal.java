package io.understudy.cluster.peer;

/**
 * Thrown by a handler to refuse a call: the caller gets {@link PeerException.Kind#REFUSED} with
 * this message. A handler that throws it has done nothing.
 */
public final class PeerRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param message one sentence for people at the caller's side
     */
    public PeerRefusal(String message) {
        super(message);
    }
}
