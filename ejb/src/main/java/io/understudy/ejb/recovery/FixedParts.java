package io.understudy.ejb.recovery;

import io.understudy.core.config.DatabaseConfiguration;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.InstanceConfiguration;
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
        boolean samePair =
                Set.of(old.home(), old.backup()).equals(Set.of(changed.home(), changed.backup()));
        if (!samePair) {
            problems.add(
                    new Problem(
                            field,
                            "instance "
                                    + changed.name()
                                    + " lives on "
                                    + old.home()
                                    + " and "
                                    + old.backup()
                                    + " and cannot be given another pair of nodes",
                            "Make a new instance under another name for the new pair."));
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

    private static List<String> places(InstanceConfiguration instance) {
        return instance.databases().stream().map(FixedParts::place).toList();
    }

    private static String place(DatabaseConfiguration database) {
        return database.name() + " (" + database.engine() + ", port " + database.port() + ")";
    }
}
