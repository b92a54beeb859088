package io.understudy.core.config;

import io.understudy.core.node.NodeName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A secondary that backs two primaries.
 *
 * @param backup the secondary
 * @param first the home node of one group
 * @param second the home node of the other
 */
public record TwoToOne(NodeName backup, NodeName first, NodeName second) {

    /** Returns the two home nodes. */
    public List<NodeName> primaries() {
        return List.of(first, second);
    }

    /** Returns every such shape among the groups of a cluster, in their order. */
    public static List<TwoToOne> among(List<GroupConfiguration> groups) {
        Map<NodeName, List<NodeName>> homes = new LinkedHashMap<>();
        for (GroupConfiguration group : groups) {
            List<NodeName> nodes = group.nodes();
            homes.computeIfAbsent(nodes.get(1), backup -> new ArrayList<>()).add(nodes.get(0));
        }
        List<TwoToOne> shapes = new ArrayList<>();
        homes.forEach(
                (backup, primaries) -> {
                    if (primaries.size() == 2) {
                        shapes.add(new TwoToOne(backup, primaries.get(0), primaries.get(1)));
                    }
                });
        return List.copyOf(shapes);
    }
}
