package io.understudy.core.state;

import java.util.Objects;
import java.util.Optional;

/**
 * What is known of one node of a pair, for one instance.
 *
 * @param phase what it last reported; empty if it is not seen now, or never reported
 * @param able whether it says that it could serve: nothing it needs has failed
 * @param databaseFailed whether its database is what failed
 * @param restarted whether it started after the turn last changed
 */
public record NodeFacts(
        Optional<NodePhase> phase, boolean able, boolean databaseFailed, boolean restarted) {

    /** Refuses nulls. */
    public NodeFacts {
        Objects.requireNonNull(phase, "phase");
    }

    /** Returns the facts of a node that is not seen: silent, gone, or never met. */
    public static NodeFacts unseen() {
        return new NodeFacts(Optional.empty(), false, false, false);
    }

    /** Returns the facts of a healthy node that did not restart. */
    public static NodeFacts in(NodePhase phase) {
        return new NodeFacts(Optional.of(phase), true, false, false);
    }
}
