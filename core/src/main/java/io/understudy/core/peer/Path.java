package io.understudy.core.peer;

/** A network by which two members reach one another. */
public enum Path {
    /** The network of {@code node.address}: leases, clients and everything else are on it. */
    MAIN,
    /** The direct link between two nodes, of {@code node.direct-address}. */
    DIRECT;

    /** Returns the other one. */
    public Path other() {
        return this == MAIN ? DIRECT : MAIN;
    }
}
