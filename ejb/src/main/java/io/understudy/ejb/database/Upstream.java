package io.understudy.ejb.database;

import io.understudy.core.node.NodeName;
import java.util.List;
import java.util.Objects;

/**
 * The primary that a standby follows.
 *
 * @param node where it runs
 * @param hosts the addresses on which it listens, the one to try first first; at least one
 * @param port its TCP port
 */
public record Upstream(NodeName node, List<String> hosts, int port) {

    /** Refuses nulls and nowhere; copies the list. */
    public Upstream {
        Objects.requireNonNull(node, "node");
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("no address of " + node);
        }
    }
}
