package io.understudy.ejb.control;

import io.understudy.core.instance.InstanceName;
import java.util.Objects;

/**
 * What an operator asks for.
 *
 * @param kind what to do
 * @param instance to which instance
 * @param acceptLoss true if the operator accepts that acknowledged writes may be lost; only then is
 *     a copy promoted that is not proven complete
 * @param by who asked, for the event log
 * @param comment why, in the operator's words, for the event log; may be empty
 */
public record OperatorCommand(
        Kind kind, InstanceName instance, boolean acceptLoss, String by, String comment) {

    /** Refuses nulls. */
    public OperatorCommand {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(comment, "comment");
    }

    /** What an operator can ask for. */
    public enum Kind {
        /** Both nodes are well: change places without loss. */
        SWITCHOVER,
        /** The other node takes over, whatever became of the active one. */
        FAILOVER,
        /** The instance goes home. */
        FALLBACK,
        /** Try again after a failure on both nodes, or start what was stopped on purpose. */
        RECOVER,
        /** Make the standby's copy anew. */
        RESYNC
    }
}
