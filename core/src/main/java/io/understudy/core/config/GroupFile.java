package io.understudy.core.config;

import io.understudy.core.config.GroupConfiguration.Assignment;
import io.understudy.core.config.GroupConfiguration.Mode;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The group file: redundancy groups as an operator writes them, from the neutral tree ({@code Map},
 * {@code List}, {@code String}, {@code Number}, {@code Boolean}) that a YAML or JSON parser gives.
 * Either the whole document is good, or every problem in it is named and nothing is taken from it.
 */
public final class GroupFile {

    /** Longest description, by the rule of the presence redundancy groups. */
    private static final int MAX_DESCRIPTION = 128;

    private static final String FORBIDDEN_IN_DESCRIPTION = "\"%&/<>";

    private final Surroundings surroundings;
    private final List<Problem> problems = new ArrayList<>();

    private GroupFile(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * Checks a document.
     *
     * @param tree a map for one group, or a list of such maps
     * @param surroundings what else there is in the cluster
     * @return the groups of the document in its order, or every problem found
     */
    public static Checked<List<GroupConfiguration>> read(Object tree, Surroundings surroundings) {
        return new GroupFile(surroundings).read(tree);
    }

    /** Returns a group as the tree of a group file; {@link #read} of it gives the same group. */
    public static Map<String, Object> toTree(GroupConfiguration group) {
        return GroupTree.of(group);
    }

    /**
     * Returns what changes if {@code after} takes the place of {@code before}: groups, instances,
     * services and databases are matched by name.
     */
    public static List<Change> diff(
            List<GroupConfiguration> before, List<GroupConfiguration> after) {
        return GroupDiff.between(before, after);
    }

    /**
     * Returns the groups of the cluster after a group file was applied: those it names take the
     * place of those of the same name, the others stay.
     */
    public static List<GroupConfiguration> merge(
            List<GroupConfiguration> existing, List<GroupConfiguration> applied) {
        Map<String, GroupConfiguration> merged = new LinkedHashMap<>();
        existing.forEach(g -> merged.put(g.name(), g));
        applied.forEach(g -> merged.put(g.name(), g));
        return List.copyOf(merged.values());
    }

    private Checked<List<GroupConfiguration>> read(Object tree) {
        List<Located<GroupConfiguration>> groups = new ArrayList<>();
        if (tree instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                String path = "[" + i + "]";
                Section.open(list.get(i), path, problems)
                        .flatMap(this::group)
                        .ifPresent(groups::add);
            }
            if (list.isEmpty()) {
                problems.add(new Problem("", "is empty", "write at least one group"));
            }
        } else if (tree == null) {
            problems.add(new Problem("", "is empty", "write at least one group"));
        } else {
            Section.open(tree, "", problems).flatMap(this::group).ifPresent(groups::add);
        }
        problems.addAll(ClusterRules.check(groups, surroundings));
        return problems.isEmpty()
                ? Checked.of(groups.stream().map(Located::value).toList())
                : Checked.failed(problems);
    }

    private Optional<Located<GroupConfiguration>> group(Section section) {
        int before = problems.size();
        Optional<String> name = section.neededText("group", "campus");
        name.filter(n -> !Words.isName(n))
                .ifPresent(
                        n -> section.report("group", "is '" + n + "'", "use " + Words.NAME_RULE));
        String description = section.text("description").orElse("");
        checkDescription(section, description);
        List<NodeName> nodes = nodes(section);
        Assignment assignment =
                section.word("assignment", Assignment.class, Assignment.ACTIVE_STANDBY);
        Timers timers = TimersReader.read(section);
        Mode failover = section.word("failover", Mode.class, Mode.AUTOMATIC);
        Mode fallback = section.word("fallback", Mode.class, Mode.MANUAL);
        QuorumLoss policy = section.word("on-quorum-loss", QuorumLoss.class, QuorumLoss.STOP);
        List<InstanceConfiguration> instances =
                new InstanceReader(nodes, assignment, timers, surroundings).read(section);
        checkQuorumLoss(section, policy, instances);
        section.end();
        // A group with problems is still held against the others, as far as it could be read.
        return Optional.of(
                new Located<>(
                        section.path(),
                        problems.size() == before,
                        new GroupConfiguration(
                                name.orElse(""),
                                description,
                                nodes,
                                assignment,
                                timers,
                                failover,
                                fallback,
                                policy,
                                instances)));
    }

    /** Who goes on alone must have databases that do. */
    private static void checkQuorumLoss(
            Section section, QuorumLoss policy, List<InstanceConfiguration> instances) {
        for (InstanceConfiguration instance : instances) {
            for (DatabaseConfiguration database : instance.databases()) {
                if (policy == QuorumLoss.CONTINUE
                        && database.withoutStandby() == DatabaseConfiguration.WithoutStandby.WAIT) {
                    section.report(
                            "on-quorum-loss",
                            "is 'continue', and database '%s' of instance '%s' waits without its standby"
                                    .formatted(database.name(), instance.name()),
                            "write stop, or withoutStandby: continue at the database");
                }
            }
        }
    }

    private static void checkDescription(Section section, String description) {
        if (description.length() > MAX_DESCRIPTION) {
            section.report(
                    "description",
                    "has " + description.length() + " characters",
                    "use at most " + MAX_DESCRIPTION);
        }
        description
                .chars()
                .filter(c -> FORBIDDEN_IN_DESCRIPTION.indexOf(c) >= 0 || c < ' ')
                .findFirst()
                .ifPresent(
                        c ->
                                section.report(
                                        "description",
                                        c < ' '
                                                ? "has a control character"
                                                : "has a '" + (char) c + "'",
                                        "use none of \" % & / < > and no line breaks"));
    }

    /** Returns one node or two different ones; none after a problem. */
    private List<NodeName> nodes(Section section) {
        if (!section.has("nodes")) {
            section.report("nodes", "is missing", "add a line nodes: [HOME, BACKUP]");
            return List.of();
        }
        List<String> names = section.texts("nodes");
        List<NodeName> nodes = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String key = "nodes[" + i + "]";
            if (!NodeName.isValid(name)) {
                section.report(key, "is '" + name + "'", "use " + NodeName.RULE_TEXT);
            } else if (nodes.contains(NodeName.of(name))) {
                section.report(key, "is '" + name + "' again", "name two different nodes");
            } else {
                checkMember(section, key, NodeName.of(name));
                nodes.add(NodeName.of(name));
            }
        }
        boolean number = names.size() == 1 || names.size() == 2;
        if (!number) {
            section.report(
                    "nodes",
                    "names " + names.size() + " nodes",
                    "name two, the home node first, or one that stands alone");
        }
        return number && nodes.size() == names.size() ? List.copyOf(nodes) : List.of();
    }

    private void checkMember(Section section, String key, NodeName node) {
        Set<NodeName> members =
                Set.copyOf(surroundings.members().stream().map(m -> m.name()).toList());
        if (!members.isEmpty() && !members.contains(node)) {
            section.report(
                    key,
                    "is '" + node + "', which is no member of the cluster",
                    "name members of cluster.members: "
                            + String.join(
                                    ", ", members.stream().map(NodeName::value).sorted().toList()));
        } else if (surroundings.witnesses().contains(node)) {
            section.report(
                    key,
                    "is '" + node + "', a witness",
                    "name nodes: a witness votes and serves nothing");
        }
    }

    /**
     * Something read, and where.
     *
     * @param path null if it is not of the document
     * @param whole whether it was read without a problem, so that positions in it are the
     *     document's
     */
    record Located<T>(String path, boolean whole, T value) {
        String path(String key) {
            return path.isEmpty() ? key : path + "." + key;
        }
    }
}
