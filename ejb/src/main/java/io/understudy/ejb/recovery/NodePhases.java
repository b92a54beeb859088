package io.understudy.ejb.recovery;

import io.understudy.core.state.NodePhase;

/** From what a node reports of an instance to the phase that states are derived from. */
final class NodePhases {

    private NodePhases() {}

    /** Returns what a node does with an instance, by its report. */
    static NodePhase of(NodeReport.OfInstance of) {
        return switch (of.phase()) {
            case STANDBY -> standingBy(of);
            case CLAIMING, ACTIVATING -> NodePhase.TAKING;
            case ACTIVE -> of.failed() ? NodePhase.FAILED : NodePhase.ACTIVE;
            case DEACTIVATING, RELEASING, KILLING -> NodePhase.LEAVING;
            case STOPPED -> NodePhase.STOPPED;
        };
    }

    private static NodePhase standingBy(NodeReport.OfInstance of) {
        return of.initializing()
                ? NodePhase.INITIALIZING
                : of.failed() ? NodePhase.FAILED : NodePhase.STANDBY;
    }
}
