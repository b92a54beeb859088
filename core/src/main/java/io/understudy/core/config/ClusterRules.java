package io.understudy.core.config;

import io.understudy.core.config.GroupConfiguration.Assignment;
import io.understudy.core.config.GroupFile.Located;
import io.understudy.core.node.NodeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rules between groups: unique names, one group per node (two for a secondary that backs two
 * primaries), ports and addresses that do not meet on a node.
 */
final class ClusterRules {

    private final List<Located<GroupConfiguration>> groups;
    private final Surroundings surroundings;
    private final List<Problem> problems = new ArrayList<>();

    private ClusterRules(List<Located<GroupConfiguration>> groups, Surroundings surroundings) {
        this.groups = groups;
        this.surroundings = surroundings;
    }

    /**
     * @param read the groups of the document, in its order
     * @return the problems; each is laid to the later of the two that do not agree
     */
    static List<Problem> check(List<Located<GroupConfiguration>> read, Surroundings surroundings) {
        Set<String> replaced = read.stream().map(g -> g.value().name()).collect(Collectors.toSet());
        List<Located<GroupConfiguration>> all = new ArrayList<>();
        surroundings.existing().stream()
                .filter(g -> !replaced.contains(g.name()))
                .forEach(g -> all.add(new Located<>(null, true, g)));
        all.addAll(read);
        ClusterRules rules = new ClusterRules(all, surroundings);
        rules.checkNames();
        rules.checkNodes();
        rules.checkPorts();
        rules.checkAddresses();
        return rules.problems;
    }

    private void report(
            Located<GroupConfiguration> group, String key, String problem, String mend) {
        if (group.path() != null) {
            problems.add(new Problem(group.path(key), problem, mend));
        }
    }

    private static List<InstanceConfiguration> instancesOf(Located<GroupConfiguration> group) {
        return group.whole() ? group.value().instances() : List.of();
    }

    private void checkNames() {
        Map<String, String> groupNames = new HashMap<>();
        Map<String, String> instanceNames = new HashMap<>();
        for (Located<GroupConfiguration> group : groups) {
            String name = group.value().name();
            if (!name.isEmpty() && groupNames.putIfAbsent(name, name) != null) {
                report(
                        group,
                        "group",
                        "is '" + name + "' again",
                        "give each group a name of its own");
            }
            List<InstanceConfiguration> instances = instancesOf(group);
            for (int i = 0; i < instances.size(); i++) {
                String instance = instances.get(i).name().value();
                String other = instanceNames.putIfAbsent(instance, name);
                if (other != null) {
                    report(
                            group,
                            "instances[" + i + "].name",
                            "is '" + instance + "', as in group " + other,
                            "choose another: instance names are unique in the cluster");
                }
            }
        }
    }

    private void checkNodes() {
        Map<NodeName, List<GroupConfiguration>> memberships = new HashMap<>();
        for (Located<GroupConfiguration> group : groups) {
            if (group.value().nodes().size() == 1) {
                // What stands alone asks nothing of its node as a partner.
                continue;
            }
            for (int i = 0; i < group.value().nodes().size(); i++) {
                NodeName node = group.value().nodes().get(i);
                List<GroupConfiguration> others =
                        memberships.computeIfAbsent(node, n -> new ArrayList<>());
                others.add(group.value());
                if (others.size() > 1 && !mayBackTwo(node, others)) {
                    report(
                            group,
                            "nodes[" + i + "]",
                            "is '" + node + "', which is in group " + others.get(0).name() + " too",
                            "choose another node: one is in one group, or the second node of two"
                                    + " active-standby groups (2:1)");
                }
            }
        }
    }

    private static boolean mayBackTwo(NodeName node, List<GroupConfiguration> groups) {
        return groups.size() == 2
                && groups.stream()
                        .allMatch(
                                g ->
                                        g.assignment() == Assignment.ACTIVE_STANDBY
                                                && g.nodes().get(1).equals(node));
    }

    private void checkPorts() {
        Map<NodeName, Map<Integer, String>> users = new HashMap<>();
        for (Located<GroupConfiguration> group : groups) {
            List<InstanceConfiguration> instances = instancesOf(group);
            for (int i = 0; i < instances.size(); i++) {
                InstanceConfiguration instance = instances.get(i);
                for (int d = 0; d < instance.databases().size(); d++) {
                    DatabaseConfiguration database = instance.databases().get(d);
                    String words =
                            "database " + database.name() + " of instance " + instance.name();
                    String other =
                            group.value().nodes().stream()
                                    .map(n -> portsOf(users, n).putIfAbsent(database.port(), words))
                                    .filter(Objects::nonNull)
                                    .findFirst()
                                    .orElse(null);
                    if (other != null) {
                        report(
                                group,
                                "instances[" + i + "].databases[" + d + "].port",
                                "is "
                                        + database.port()
                                        + ", which "
                                        + other
                                        + " uses on the same node",
                                "choose another port");
                    }
                }
            }
        }
    }

    private Map<Integer, String> portsOf(Map<NodeName, Map<Integer, String>> users, NodeName node) {
        return users.computeIfAbsent(node, n -> new HashMap<>(surroundings.reservedPorts()));
    }

    private void checkAddresses() {
        Map<IpAddress, String> users = new HashMap<>();
        for (Located<GroupConfiguration> group : groups) {
            List<InstanceConfiguration> instances = instancesOf(group);
            for (int i = 0; i < instances.size(); i++) {
                List<String> addresses = instances.get(i).addresses();
                for (int a = 0; a < addresses.size(); a++) {
                    IpAddress address =
                            VirtualAddress.parse(addresses.get(a)).orElseThrow().address();
                    String name = instances.get(i).name().value();
                    String other = users.putIfAbsent(address, name);
                    if (other != null) {
                        report(
                                group,
                                "instances[" + i + "].addresses[" + a + "]",
                                "is " + address + ", which instance " + other + " has",
                                "choose a free address");
                    }
                }
            }
        }
    }
}
