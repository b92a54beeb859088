package io.understudy.cluster.voters;

import io.understudy.cluster.voters.VoterState.Phase;
import io.understudy.cluster.voters.VoterState.Voter;
import io.understudy.core.node.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a member knows of the voters, and the conclusion: pure, without Hazelcast.
 *
 * @param voters the voters
 * @param discovered whether they have met
 * @param majority whether the CP subsystem answered lately
 * @param connected voters whose member is in the cluster
 * @param seated voters whose address is in the list of CP members
 * @param strangers addresses in that list which are no voter's: a stand-in
 * @param ready voters that reported Raft nodes for every group in use
 * @param unseated whether this process believes it votes while the others know it does not
 */
record VoterFacts(
        List<NodeName> voters,
        boolean discovered,
        boolean majority,
        Set<NodeName> connected,
        Set<NodeName> seated,
        Set<String> strangers,
        Set<NodeName> ready,
        boolean unseated) {

    /** Returns what there is to say when this process's member has stopped. */
    static VoterState stopped(List<NodeName> voters) {
        Map<NodeName, Voter> each = new TreeMap<>();
        voters.forEach(name -> each.put(name, new Voter(false, false, false)));
        return new VoterState(
                Phase.NO_MAJORITY,
                each,
                false,
                Optional.of("This process's cluster member has stopped: restart it."));
    }

    VoterState state() {
        Map<NodeName, Voter> each = new TreeMap<>();
        for (NodeName name : voters) {
            each.put(
                    name,
                    new Voter(
                            connected.contains(name), seated.contains(name), ready.contains(name)));
        }
        Phase phase = phase();
        Optional<String> problem = problem(phase);
        return new VoterState(phase, each, problem.isEmpty(), problem);
    }

    private Phase phase() {
        if (!discovered) {
            return Phase.DISCOVERING;
        }
        return majority ? Phase.READY : Phase.NO_MAJORITY;
    }

    private Optional<String> problem(Phase phase) {
        String absent = names(connected::contains);
        switch (phase) {
            case DISCOVERING:
                return Optional.of(
                        absent.isEmpty()
                                ? "The voters are meeting. If this lasts for a minute: understudy store reset."
                                : ("The voters have not met since they were started: %s missing."
                                                + " Start what is missing. If that cannot be: understudy"
                                                + " stand-in.")
                                        .formatted(absent));
            case NO_MAJORITY:
                return Optional.of(
                        absent.isEmpty()
                                ? "No majority of the voters answers; none has left the cluster yet, as"
                                        + " one that was lost or hangs does only after some seconds. If"
                                        + " two died at once they form a new store by themselves, soon."
                                        + " If this lasts: understudy store reset."
                                : ("No majority of the voters answers: %s not connected."
                                                + " Start what is missing or mend the network.")
                                        .formatted(absent));
            default:
                return notRedundant(absent);
        }
    }

    private Optional<String> notRedundant(String absent) {
        if (unseated) {
            return Optional.of("This member was removed from the voters: restart it.");
        }
        if (!absent.isEmpty()) {
            return Optional.of(
                    "%s not connected: the loss of one more voter would stop failover. Start it."
                            .formatted(absent));
        }
        String unseated = names(seated::contains);
        if (!unseated.isEmpty()) {
            return Optional.of("%s on the way to a seat; wait.".formatted(unseated));
        }
        String unready = names(ready::contains);
        if (!unready.isEmpty()) {
            return Optional.of("%s seated but not voting yet; wait.".formatted(unready));
        }
        if (!strangers.isEmpty()) {
            return Optional.of(
                    "A stand-in still holds a seat: %s; it leaves by itself."
                            .formatted(String.join(", ", new TreeSet<>(strangers))));
        }
        return Optional.empty();
    }

    private String names(Predicate<NodeName> present) {
        List<String> missing =
                voters.stream()
                        .filter(present.negate())
                        .map(NodeName::value)
                        .collect(Collectors.toList());
        if (missing.isEmpty()) {
            return "";
        }
        return String.join(" and ", missing) + (missing.size() == 1 ? " is" : " are");
    }
}
