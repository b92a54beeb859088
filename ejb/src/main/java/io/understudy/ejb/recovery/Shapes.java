package io.understudy.ejb.recovery;

import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.PairShape;
import io.understudy.core.node.NodeName;
import io.understudy.core.view.ClusterView;
import io.understudy.ejb.control.ApplyView;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.InvalidConfigurationException;
import io.understudy.ejb.control.RefusedException;
import io.understudy.ejb.control.ShapeView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Changes of a group's nodes that keep its instances and their data. */
final class Shapes {

    private final Configurations configurations;
    private final ClusterViews views;
    private final Happenings happenings;

    Shapes(Configurations configurations, ClusterViews views, Happenings happenings) {
        this.configurations = configurations;
        this.views = views;
        this.happenings = happenings;
    }

    /** Takes a pair apart; the node that keeps the instances must serve them all. */
    ShapeView unpair(String name, Optional<NodeName> wanted, String by)
            throws RefusedException, InvalidConfigurationException {
        GroupConfiguration group = group(name);
        if (group.alone()) {
            throw new RefusedException(
                    ErrorCode.ALREADY_THERE,
                    "Group " + name + " stands alone already, on " + group.nodes().get(0) + ".");
        }
        NodeName keep = wanted.isPresent() ? wanted.get() : serving(group);
        if (!group.nodes().contains(keep)) {
            throw new RefusedException(
                    ErrorCode.REFUSED,
                    "Node " + keep + " is none of group " + name + ".",
                    "Keep one of: " + names(group) + ".");
        }
        for (ClusterView.Instance instance : instances(name)) {
            if (!keep.value().equals(instance.active())) {
                throw notServed(instance, keep);
            }
        }
        ShapeView view = change(group, PairShape.unpaired(group, keep), by);
        happenings.unpaired(name, keep, by);
        return view;
    }

    private NodeName serving(GroupConfiguration group) throws RefusedException {
        Set<String> active =
                instances(group.name()).stream()
                        .map(i -> Optional.ofNullable(i.active()).orElse("nobody"))
                        .collect(Collectors.toSet());
        if (active.size() != 1 || active.contains("nobody")) {
            throw new RefusedException(
                    ErrorCode.WRONG_STATE,
                    "The instances of group " + group.name() + " are not all served by one node.",
                    "Bring them to the node that is to keep them, with understudy switchover or"
                            + " failover, then repeat with --keep NODE.");
        }
        return NodeName.of(active.iterator().next());
    }

    private static RefusedException notServed(ClusterView.Instance instance, NodeName keep) {
        boolean nobody = instance.active() == null;
        return new RefusedException(
                ErrorCode.WRONG_STATE,
                "Instance "
                        + instance.name()
                        + " is served by "
                        + (nobody ? "nobody" : instance.active())
                        + ", not by "
                        + keep
                        + ".",
                nobody
                        ? "Bring it up on " + keep + " first: understudy recover or failover."
                        : "Move it first: understudy switchover " + instance.name() + ".");
    }

    /** Gives a group that stands alone its other node. */
    ShapeView pair(String name, NodeName joining, boolean home, String by)
            throws RefusedException, InvalidConfigurationException {
        GroupConfiguration group = group(name);
        if (group.nodes().contains(joining)) {
            throw new RefusedException(
                    ErrorCode.ALREADY_THERE,
                    "Node " + joining + " is in group " + name + " already.");
        }
        if (!group.alone()) {
            throw new RefusedException(
                    ErrorCode.REFUSED,
                    "Group " + name + " is a pair of " + names(group) + ".",
                    "First understudy unpair " + name + " --keep NODE, then repeat.");
        }
        Optional<ClusterView.Member> member =
                views.view().members().stream()
                        .filter(m -> m.name().equals(joining.value()))
                        .findFirst();
        if (member.isEmpty()) {
            throw new RefusedException(
                    ErrorCode.REFUSED,
                    "Node " + joining + " is no member of the cluster.",
                    "Name one of cluster.members that is no witness.");
        }
        String contact = member.get().contact();
        if (!contact.equals("SELF") && !contact.equals("HEARD")) {
            throw new RefusedException(
                    ErrorCode.PEER_NOT_READY,
                    "Node " + joining + " is not heard.",
                    "Start it, or mend the network to it, and repeat.");
        }
        ShapeView view = change(group, PairShape.paired(group, joining, home), by);
        happenings.paired(name, joining, by);
        return view;
    }

    private ShapeView change(GroupConfiguration before, GroupConfiguration after, String by)
            throws RefusedException, InvalidConfigurationException {
        ApplyView applied = configurations.reshape(before, after, by);
        happenings.configured(applied.version(), by);
        return new ShapeView(
                after.name(),
                after.nodes().stream().map(NodeName::value).toList(),
                applied.version(),
                applied.differences());
    }

    private GroupConfiguration group(String name) throws RefusedException {
        return configurations.groups().stream()
                .filter(g -> g.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        ErrorCode.UNKNOWN_GROUP,
                                        "There is no group '" + name + "'."));
    }

    private List<ClusterView.Instance> instances(String group) {
        return views.view().groups().stream()
                .filter(g -> g.name().equals(group))
                .flatMap(g -> g.instances().stream())
                .toList();
    }

    private static String names(GroupConfiguration group) {
        return group.nodes().stream().map(NodeName::value).collect(Collectors.joining(" and "));
    }
}
