package io.understudy.cluster.relay;

import io.understudy.cluster.voters.VoterState;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a member that does not vote asks of a voter. Records of leases travel as {@code
 * LeaseRecord.encoded()}.
 *
 * @param instance whose lease
 * @param expected in a write: the record read before; null for none
 * @param next in a write
 */
record RelayCall(InstanceName instance, String expected, String next) {

    static final String READ = "/lease/read";
    static final String WRITE = "/lease/write";
    static final String STATE = "/lease/state";

    /**
     * What the voter answers.
     *
     * @param record what a read found; null for none
     * @param written whether a write was made
     * @param problem why neither can be said; null if it can. A write may have been made then
     */
    record Answer(String record, boolean written, String problem) {}

    /**
     * How the store stands, as a voter sees it.
     *
     * @param phase a {@link VoterState.Phase}
     * @param problem null if there is none
     */
    record State(String phase, List<Seat> voters, boolean redundant, String problem) {

        static State of(VoterState state) {
            return new State(
                    state.phase().name(),
                    state.voters().entrySet().stream()
                            .map(
                                    entry ->
                                            new Seat(
                                                    entry.getKey(),
                                                    entry.getValue().connected(),
                                                    entry.getValue().seated(),
                                                    entry.getValue().raftNodesReady()))
                            .toList(),
                    state.redundant(),
                    state.problem().orElse(null));
        }

        VoterState read() {
            Map<NodeName, VoterState.Voter> each = new TreeMap<>();
            voters.forEach(
                    seat ->
                            each.put(
                                    seat.name(),
                                    new VoterState.Voter(
                                            seat.connected(), seat.seated(), seat.ready())));
            return new VoterState(
                    VoterState.Phase.valueOf(phase), each, redundant, Optional.ofNullable(problem));
        }
    }

    /** A voter's seat. */
    record Seat(NodeName name, boolean connected, boolean seated, boolean ready) {}
}
