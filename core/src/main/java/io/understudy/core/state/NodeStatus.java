package io.understudy.core.state;

import io.understudy.core.ledger.Reason;
import java.util.Objects;

/**
 * A node's derived state.
 *
 * @param state in the words of the presence redundancy groups
 * @param reason why
 * @param pairState in the words of the health-monitor pairs
 * @param advice the key of cause and advice in the message bundle, with the prefix {@code advice.}
 */
public record NodeStatus(NodeState state, Reason reason, PairState pairState, String advice) {

    /** Refuses nulls. */
    public NodeStatus {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(pairState, "pairState");
        Objects.requireNonNull(advice, "advice");
    }
}
