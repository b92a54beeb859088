package io.understudy.core.config;

import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.config.NodeConfiguration.Role;
import io.understudy.core.node.NodeName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a group file is checked against besides itself.
 *
 * @param members the cluster's members; empty: not known, then whatever needs them is not checked
 * @param witnesses the members known to be witnesses, which serve nothing
 * @param reservedPorts ports that the nodes themselves use, with the words for what uses them
 * @param existing the groups that the cluster has now; those that the file names are replaced
 */
public record Surroundings(
        List<Member> members,
        Set<NodeName> witnesses,
        Map<Integer, String> reservedPorts,
        List<GroupConfiguration> existing) {

    /** Refuses nulls; copies collections. */
    public Surroundings {
        members = List.copyOf(members);
        witnesses = Set.copyOf(witnesses);
        reservedPorts = Map.copyOf(reservedPorts);
        existing = List.copyOf(existing);
    }

    /** Nothing is known: only the document itself is checked. */
    public static Surroundings unknown() {
        return new Surroundings(List.of(), Set.of(), Map.of(), List.of());
    }

    /** What a node knows from its own file, and the groups that the cluster has now. */
    public static Surroundings of(NodeConfiguration node, List<GroupConfiguration> existing) {
        Map<Integer, String> ports = new LinkedHashMap<>();
        ports.put(node.clusterPort(), "cluster.port");
        ports.put(node.peerPort(), "the peer port (cluster.port + 1)");
        ports.put(node.guardPort(), "the guard's port (cluster.port + 2)");
        ports.put(node.httpPort(), "http.port");
        ports.put(node.httpsPort(), "https.port");
        Set<NodeName> witnesses = node.role() == Role.WITNESS ? Set.of(node.name()) : Set.of();
        return new Surroundings(node.members(), witnesses, ports, existing);
    }

    /** Returns these surroundings with further members known to be witnesses. */
    public Surroundings withWitnesses(Set<NodeName> names) {
        Set<NodeName> all = new HashSet<>(witnesses);
        all.addAll(names);
        return new Surroundings(members, all, reservedPorts, existing);
    }

    Optional<IpAddress> addressOf(NodeName node) {
        return members.stream()
                .filter(m -> m.name().equals(node))
                .findFirst()
                .flatMap(m -> IpAddress.parse(m.address()));
    }
}
