package io.understudy.web.node;

import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.RefusedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Optional;

/** Where the faces get the node from; says so where the application was built without one. */
@ApplicationScoped
public class NodeSource {

    @Inject private Instance<NodeControl> found;

    private volatile NodeControl node;

    /**
     * Returns the node.
     *
     * @throws RefusedException with {@link ErrorCode#NOT_CONFIGURED} if there is none
     */
    public NodeControl node() throws RefusedException {
        return ifPresent()
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        ErrorCode.NOT_CONFIGURED,
                                        "This application runs without a node."));
    }

    /** Returns the node, if there is one. */
    public Optional<NodeControl> ifPresent() {
        if (node == null && found.isResolvable()) {
            // Kept, because each get() of a session bean would make another proxy.
            node = found.get();
        }
        return Optional.ofNullable(node);
    }
}
