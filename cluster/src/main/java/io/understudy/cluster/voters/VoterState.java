package io.understudy.cluster.voters;

import io.understudy.core.node.NodeName;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the consensus store stands, as one member sees it.
 *
 * @param phase whether the store can be used at all
 * @param voters what is known of each voter; every voter has an entry
 * @param redundant whether the loss of any one voter leaves a majority that works: all three are
 *     connected, seated, and have their Raft nodes
 * @param problem one sentence and the next step; empty exactly when redundant
 */
public record VoterState(
        Phase phase, Map<NodeName, Voter> voters, boolean redundant, Optional<String> problem) {

    /** Refuses nulls; copies the map. */
    public VoterState {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(problem, "problem");
        voters = Collections.unmodifiableMap(new TreeMap<>(voters));
    }

    /** Returns whether every voter is connected to this member. */
    public boolean allConnected() {
        return voters.values().stream().allMatch(Voter::connected);
    }

    /** Whether the consensus store can be used. */
    public enum Phase {
        /** The three voters have never met since they were started; no lease can be had. */
        DISCOVERING,
        /** A majority answers. */
        READY,
        /** This member reaches no majority: it is cut off, or two of three are gone. */
        NO_MAJORITY
    }

    /**
     * A voter.
     *
     * @param connected a member of its name is connected to this one
     * @param seated its address is in the list of CP members; may be the seat of a process that
     *     died
     * @param raftNodesReady its present process votes in every group in use, by its own word of the
     *     last seconds
     */
    public record Voter(boolean connected, boolean seated, boolean raftNodesReady) {}
}
