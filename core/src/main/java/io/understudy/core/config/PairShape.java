package io.understudy.core.config;

import io.understudy.core.config.GroupConfiguration.Assignment;
import io.understudy.core.node.NodeName;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of a group's nodes that keep its instances: a pair becomes one node that stands alone,
 * and one that stands alone becomes a pair. Pure; what may be done when is decided elsewhere.
 */
public final class PairShape {

    private PairShape() {}

    /**
     * Returns the group with {@code keep} alone.
     *
     * @throws IllegalArgumentException if {@code keep} is no node of the group
     */
    public static GroupConfiguration unpaired(GroupConfiguration group, NodeName keep) {
        if (!group.nodes().contains(keep)) {
            throw new IllegalArgumentException(keep + " is no node of group " + group.name());
        }
        List<InstanceConfiguration> instances =
                group.instances().stream().map(i -> i.on(keep, keep)).toList();
        return group.on(List.of(keep), instances);
    }

    /**
     * Returns the group with {@code joining} as its second node. In a balanced group the second
     * instance is homed on the second node.
     *
     * @param home whether {@code joining} becomes the home node; else the one that is there stays
     *     it
     * @throws IllegalArgumentException if the group is a pair already, or has this node
     */
    public static GroupConfiguration paired(
            GroupConfiguration group, NodeName joining, boolean home) {
        if (!group.alone() || group.nodes().contains(joining)) {
            throw new IllegalArgumentException(
                    "group " + group.name() + " cannot be paired with " + joining);
        }
        NodeName present = group.nodes().get(0);
        List<NodeName> nodes = home ? List.of(joining, present) : List.of(present, joining);
        List<InstanceConfiguration> instances = new ArrayList<>();
        for (InstanceConfiguration instance : group.instances()) {
            boolean second = group.assignment() == Assignment.BALANCED && !instances.isEmpty();
            instances.add(instance.on(nodes.get(second ? 1 : 0), nodes.get(second ? 0 : 1)));
        }
        return group.on(nodes, instances);
    }
}
