package io.understudy.cluster.peer;

import io.understudy.core.node.NodeName;
import java.io.IOException;

/** An authenticated call of a peer. */
public final class PeerRequest {

    private final NodeName from;
    private final byte[] body;

    PeerRequest(NodeName from, byte[] body) {
        this.from = from;
        this.body = body;
    }

    /** Returns who asks; proven by the cluster's secret. */
    public NodeName from() {
        return from;
    }

    /**
     * Reads the body.
     *
     * @param type a record or class that Jackson can read
     * @throws PeerRefusal if the body is not of that form
     */
    public <T> T as(Class<T> type) throws PeerRefusal {
        try {
            return PeerJson.read(body, type);
        } catch (IOException e) {
            throw new PeerRefusal(
                    "The call's body is not a "
                            + type.getSimpleName()
                            + "; do both members run the same version?");
        }
    }
}
