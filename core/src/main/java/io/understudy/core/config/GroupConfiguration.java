package io.understudy.core.config;

import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import java.util.List;
import java.util.Objects;

/**
 * A redundancy group: two nodes and the instances between them.
 *
 * @param name unique in the cluster
 * @param description free text, may be empty
 * @param nodes two nodes, home first
 * @param assignment how instances are spread
 * @param timers the profile
 * @param failover whether the standby takes over by itself
 * @param fallback whether the instance goes home by itself
 * @param onQuorumLoss what a holder does without a majority
 * @param instances at least one (active-standby) or two (balanced)
 */
public record GroupConfiguration(
        String name,
        String description,
        List<NodeName> nodes,
        Assignment assignment,
        Timers timers,
        Mode failover,
        Mode fallback,
        QuorumLoss onQuorumLoss,
        List<InstanceConfiguration> instances) {

    /** Refuses nulls; copies lists. */
    public GroupConfiguration {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(assignment, "assignment");
        Objects.requireNonNull(timers, "timers");
        Objects.requireNonNull(failover, "failover");
        Objects.requireNonNull(fallback, "fallback");
        Objects.requireNonNull(onQuorumLoss, "onQuorumLoss");
        nodes = List.copyOf(nodes);
        instances = List.copyOf(instances);
    }

    /** Returns whether the group has one node only: its instances stand alone, by choice. */
    public boolean alone() {
        return nodes.size() == 1;
    }

    /** Returns the same group on other nodes. */
    public GroupConfiguration on(
            List<NodeName> newNodes, List<InstanceConfiguration> newInstances) {
        return new GroupConfiguration(
                name,
                description,
                newNodes,
                assignment,
                timers,
                failover,
                fallback,
                onQuorumLoss,
                newInstances);
    }

    /** How instances (and users) are spread over the nodes. */
    public enum Assignment {
        /** All instances are at home on the first node. */
        ACTIVE_STANDBY,
        /** Each node is home of at least one instance. */
        BALANCED,
        /** By hand. */
        NONE
    }

    /** By itself or by hand. */
    public enum Mode {
        /** By itself. */
        AUTOMATIC,
        /** An operator decides. */
        MANUAL
    }
}
