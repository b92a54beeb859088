package io.understudy.core.state;

import io.understudy.core.node.NodeName;

/** How a node stands, in the classes that the rows of {@link PairTable} tell apart. */
enum Standing {
    UNSEEN,
    INITIALIZING,
    STANDBY,
    /** Stands by and could not serve. */
    UNABLE,
    TAKING,
    ACTIVE,
    LEAVING,
    FAILED,
    STOPPED;

    static Standing of(PairSituation situation, NodeName node) {
        NodeFacts facts = situation.factsOf(node);
        if (facts.phase().isEmpty()) {
            return UNSEEN;
        }
        boolean failed = situation.failed().contains(node);
        return switch (facts.phase().get()) {
            case INITIALIZING -> INITIALIZING;
            case STANDBY -> failed ? FAILED : facts.able() ? STANDBY : UNABLE;
            case TAKING -> TAKING;
            // Two that say they serve: the lease tells which one does, the other is on its way out.
            case ACTIVE ->
                    situation.holder().filter(h -> !h.equals(node)).isPresent() ? LEAVING : ACTIVE;
            case LEAVING -> LEAVING;
            case FAILED -> FAILED;
            case STOPPED -> STOPPED;
        };
    }
}
