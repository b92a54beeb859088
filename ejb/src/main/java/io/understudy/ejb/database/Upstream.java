package io.understudy.ejb.database;

import io.understudy.core.node.NodeName;
import java.util.Objects;

/**
 * The primary that a standby follows.
 *
 * @param node where it runs
 * @param host the address on which it listens
 * @param port its TCP port
 */
public record Upstream(NodeName node, String host, int port) {

    /** Refuses nulls. */
    public Upstream {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(host, "host");
    }
}
