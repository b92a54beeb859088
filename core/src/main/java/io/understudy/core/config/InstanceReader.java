package io.understudy.core.config;

import io.understudy.core.config.DatabaseConfiguration.Engine;
import io.understudy.core.config.DatabaseConfiguration.Protection;
import io.understudy.core.config.DatabaseConfiguration.WithoutStandby;
import io.understudy.core.config.GroupConfiguration.Assignment;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code instances} of a group. Returns no instance that has a problem. */
final class InstanceReader {

    private static final int DEFAULT_POSTGRESQL_PORT = 5432;

    /** A pair's report to its peers has a bound; see the figures in docs/benchmarks.md. */
    private static final int MOST = 256;

    // The name becomes a directory and a PostgreSQL identifier (at most 63 bytes).
    private static final Pattern DATABASE_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");
    private static final Set<String> ENGINE_OWN = Set.of("postgres", "template0", "template1");

    private final List<NodeName> nodes;
    private final Assignment assignment;
    private final Timers timers;
    private final Surroundings surroundings;

    /**
     * @param nodes two nodes, or one that stands alone, or none if they had a problem
     */
    InstanceReader(
            List<NodeName> nodes, Assignment assignment, Timers timers, Surroundings surroundings) {
        this.nodes = nodes;
        this.assignment = assignment;
        this.timers = timers;
        this.surroundings = surroundings;
    }

    List<InstanceConfiguration> read(Section group) {
        if (!group.has("instances")) {
            group.report("instances", "is missing", "add instances: and below it - name: NAME");
            return List.of();
        }
        List<Section> sections = group.sections("instances");
        checkNumber(group, sections.size());
        List<InstanceConfiguration> instances = new ArrayList<>();
        for (int i = 0; i < sections.size(); i++) {
            instance(sections.get(i), i).ifPresent(instances::add);
        }
        boolean allRead = !sections.isEmpty() && instances.size() == sections.size();
        if (assignment == Assignment.BALANCED
                && nodes.size() == 2
                && allRead
                && instances.size() > 1) {
            checkBalance(sections.get(sections.size() - 1), instances);
        }
        return instances;
    }

    /** Laid to the last instance, which could be the one of the other node. */
    private static void checkBalance(Section last, List<InstanceConfiguration> instances) {
        Set<NodeName> homes = new HashSet<>();
        instances.forEach(i -> homes.add(i.home()));
        if (homes.size() == 1) {
            last.report(
                    "home",
                    "is '" + homes.iterator().next() + "', like that of all others",
                    "give each node the home of an instance, or write assignment: none");
        }
    }

    private void checkNumber(Section group, int number) {
        int least = assignment == Assignment.BALANCED ? 2 : 1;
        if (number < least || number > MOST) {
            group.report(
                    "instances",
                    "names " + number + (number == 1 ? " instance" : " instances"),
                    number > MOST
                            ? "write at most " + MOST
                            : least == 1
                                    ? "write at least one"
                                    : "write at least two, so that each node is home of one");
        }
    }

    private Optional<InstanceConfiguration> instance(Section section, int index) {
        int before = section.problems().size();
        Optional<String> name = section.neededText("name", "nms");
        name.filter(n -> !InstanceName.isValid(n))
                .ifPresent(
                        n ->
                                section.report(
                                        "name", "is '" + n + "'", "use " + InstanceName.RULE_TEXT));
        Optional<NodeName> home = home(section, index);
        List<String> addresses = new AddressReader(nodes, timers, surroundings).read(section);
        List<ServiceConfiguration> services = new ServiceReader(timers).read(section);
        List<DatabaseConfiguration> databases = databases(section);
        List<Integer> ports = new PortReader(surroundings).read(section);
        List<Hook> hooks = HookReader.read(section);
        section.end();
        if (section.problems().size() > before || home.isEmpty()) {
            return Optional.empty();
        }
        NodeName backup =
                nodes.size() == 1 || !home.get().equals(nodes.get(0)) ? nodes.get(0) : nodes.get(1);
        return Optional.of(
                new InstanceConfiguration(
                        InstanceName.of(name.orElseThrow()),
                        home.get(),
                        backup,
                        addresses,
                        services,
                        databases,
                        ports,
                        hooks));
    }

    /** Returns the home node; empty after a problem here or with the nodes. */
    private Optional<NodeName> home(Section section, int index) {
        Optional<String> given = section.text("home");
        if (nodes.isEmpty()) {
            return Optional.empty();
        }
        if (given.isEmpty()) {
            if (!section.has("home") && assignment == Assignment.NONE && nodes.size() == 2) {
                section.report("home", "is missing", "write home: " + nodes.get(0));
                return Optional.empty();
            }
            return Optional.of(
                    nodes.get(assignment == Assignment.BALANCED ? index % nodes.size() : 0));
        }
        Optional<NodeName> home =
                nodes.stream().filter(n -> n.value().equals(given.get())).findFirst();
        if (home.isEmpty()) {
            section.report(
                    "home",
                    "is '" + given.get() + "', which is no node of the group",
                    "write " + String.join(" or ", nodes.stream().map(NodeName::value).toList()));
        } else if (assignment == Assignment.ACTIVE_STANDBY && !home.get().equals(nodes.get(0))) {
            section.report(
                    "home",
                    "is '" + home.get() + "', the second node of the group",
                    "write nodes: [" + nodes.get(1) + ", " + nodes.get(0) + "], home first");
        }
        return home;
    }

    private List<DatabaseConfiguration> databases(Section instance) {
        List<DatabaseConfiguration> databases = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : instance.sections("databases")) {
            int before = section.problems().size();
            Optional<String> name = section.neededText("name", "nms");
            name.ifPresent(n -> checkDatabaseName(section, n, names));
            Optional<Engine> engine = section.neededWord("engine", Engine.class);
            Protection protection =
                    section.word("protection", Protection.class, Protection.SYNCHRONOUS);
            WithoutStandby without =
                    section.word("withoutStandby", WithoutStandby.class, WithoutStandby.CONTINUE);
            if (section.has("withoutStandby") && protection != Protection.SYNCHRONOUS) {
                section.report(
                        "withoutStandby",
                        "has no meaning with protection: " + Section.wordOf(protection),
                        "remove it: only a synchronous database ever waits for its standby");
            }
            int port = section.number("port", 1, 65535, DEFAULT_POSTGRESQL_PORT);
            section.end();
            if (section.problems().size() == before) {
                databases.add(
                        new DatabaseConfiguration(
                                name.orElseThrow(),
                                engine.orElseThrow(),
                                protection,
                                without,
                                port));
            }
        }
        return databases;
    }

    private static void checkDatabaseName(Section section, String name, Set<String> names) {
        if (!DATABASE_NAME.matcher(name).matches()) {
            section.report(
                    "name",
                    "is '" + name + "'",
                    "use letters, digits, _ and -, first a letter, at most 63 characters");
        } else if (ENGINE_OWN.contains(name)) {
            section.report(
                    "name",
                    "is '" + name + "', which PostgreSQL keeps for itself",
                    "choose another");
        } else if (!names.add(name)) {
            section.report(
                    "name", "is '" + name + "' again", "give each database a name of its own");
        }
    }
}
