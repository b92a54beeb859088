package io.understudy.ejb.recovery;

import io.understudy.core.config.DatabaseConfiguration;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.ejb.control.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What cannot be changed of an instance that exists: where it is kept and what it keeps. */
final class FixedParts {

    private FixedParts() {}

    /** Returns a problem for each such change that {@code after} would make. */
    static List<Problem> problems(List<GroupConfiguration> before, List<GroupConfiguration> after) {
        List<Problem> problems = new ArrayList<>();
        for (GroupConfiguration group : after) {
            for (InstanceConfiguration instance : group.instances()) {
                find(before, instance).ifPresent(old -> compare(group, old, instance, problems));
            }
        }
        return problems;
    }

    private static Optional<InstanceConfiguration> find(
            List<GroupConfiguration> groups, InstanceConfiguration like) {
        return groups.stream()
                .flatMap(g -> g.instances().stream())
                .filter(i -> i.name().equals(like.name()))
                .findFirst();
    }

    private static void compare(
            GroupConfiguration group,
            InstanceConfiguration old,
            InstanceConfiguration changed,
            List<Problem> problems) {
        String field = group.name() + ".instances[" + changed.name() + "]";
        boolean samePair = nodeSet(old).equals(nodeSet(changed));
        if (!samePair) {
            problems.add(
                    new Problem(
                            field,
                            "instance "
                                    + changed.name()
                                    + " lives on "
                                    + nodes(old)
                                    + " and cannot be given other nodes by a group file",
                            next(group, old, changed)));
        }
        if (!places(old).equals(places(changed))) {
            problems.add(
                    new Problem(
                            field + ".databases",
                            "names, engines and ports of the databases of instance "
                                    + changed.name()
                                    + " are fixed since it was made: "
                                    + places(old),
                            "Keep them, or make a new instance under another name."));
        }
    }

    private static Set<NodeName> nodeSet(InstanceConfiguration instance) {
        return Set.copyOf(List.of(instance.home(), instance.backup()));
    }

    private static String nodes(InstanceConfiguration instance) {
        return instance.alone()
                ? instance.home() + " alone"
                : instance.home() + " and " + instance.backup();
    }

    private static String next(
            GroupConfiguration group, InstanceConfiguration old, InstanceConfiguration changed) {
        String unpair = "understudy unpair " + group.name();
        if (changed.alone() && old.concerns(changed.home())) {
            return "Take the pair apart with: " + unpair + " --keep " + changed.home();
        }
        String pair = "understudy pair " + group.name() + " ";
        if (old.alone() && changed.concerns(old.home())) {
            return "Make it a pair with: " + pair + changed.peerOf(old.home());
        }
        return (old.alone() ? "" : "First " + unpair + ", then ")
                + pair
                + "NODE; or make a new instance under another name.";
    }

    private static List<String> places(InstanceConfiguration instance) {
        return instance.databases().stream().map(FixedParts::place).toList();
    }

    private static String place(DatabaseConfiguration database) {
        return database.name() + " (" + database.engine() + ", port " + database.port() + ")";
    }
}
