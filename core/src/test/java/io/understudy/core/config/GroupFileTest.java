package io.understudy.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GroupFileTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final Surroundings CAMPUS =
            new Surroundings(
                    List.of(
                            member("alpha", "10.77.0.1"),
                            member("beta", "10.77.0.2"),
                            member("gamma", "10.77.0.4"),
                            member("witness", "10.77.0.3")),
                    Set.of(NodeName.of("witness")),
                    Map.of(22001, "cluster.port", 22002, "the peer port"),
                    List.of());

    private static Member member(String name, String address) {
        return new Member(NodeName.of(name), address);
    }

    private static Map<?, ?> scenarios() throws IOException {
        try (InputStream in =
                GroupFileTest.class.getResourceAsStream("/scenarios/group-file.yaml")) {
            return YAML.readValue(in, Map.class);
        }
    }

    private static Object tree(String text) {
        try {
            return YAML.readValue(text, Object.class);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static String base() {
        try {
            return (String) scenarios().get("base");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> fields(Checked<?> checked) {
        return checked.problems().stream().map(Problem::field).toList();
    }

    private static GroupConfiguration group(String text) {
        return GroupFile.read(tree(text), CAMPUS).orThrow().get(0);
    }

    @TestFactory
    Stream<DynamicTest> everyMistakeIsNamed() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Object element : (List<?>) scenarios().get("cases")) {
            Map<?, ?> scenario = (Map<?, ?>) element;
            tests.add(
                    DynamicTest.dynamicTest(
                            (String) scenario.get("shows"), () -> checkMistake(scenario)));
        }
        return tests.stream();
    }

    private static void checkMistake(Map<?, ?> scenario) {
        String from = (String) scenario.get("from");
        assertTrue(base().contains(from), () -> "not in the base: " + from);
        String text = base().replace(from, (String) scenario.get("to"));
        Checked<List<GroupConfiguration>> read = GroupFile.read(tree(text), CAMPUS);
        assertEquals(scenario.get("fields"), fields(read), () -> read.problems().toString());
    }

    @Test
    void goingOnWithoutAMajorityIsReadAndWrittenBack() {
        String text = base().replace("withoutStandby: wait", "withoutStandby: continue");
        GroupConfiguration stops = group(text);
        GroupConfiguration goesOn =
                group(text.replace("on-quorum-loss: stop", "on-quorum-loss: continue"));
        assertEquals(QuorumLoss.STOP, stops.onQuorumLoss());
        assertEquals(QuorumLoss.CONTINUE, goesOn.onQuorumLoss());
        assertEquals(goesOn, GroupFile.read(GroupFile.toTree(goesOn), CAMPUS).orThrow().get(0));
        assertEquals(1, GroupFile.diff(List.of(stops), List.of(goesOn)).size());
        assertEquals(1, GroupFile.diff(List.of(goesOn), List.of(stops)).size());
    }

    @Test
    void readsEveryField() {
        GroupConfiguration group = group(base());
        InstanceConfiguration instance = group.instances().get(0);
        ServiceConfiguration web = instance.services().get(0);
        assertEquals(Timers.FAST, group.timers());
        assertEquals(NodeName.of("beta"), instance.backup());
        assertEquals(List.of("python3", "-m", "http.server", "8000"), web.start());
        assertEquals(Map.of("LANG", "C", "WORKERS", "2"), web.environment());
        assertEquals(Duration.ofSeconds(5), web.delay());
        assertEquals(new Probe.Tcp("::1", 80), instance.services().get(1).probe());
        assertEquals(
                new DatabaseConfiguration(
                        "nms",
                        DatabaseConfiguration.Engine.POSTGRESQL,
                        DatabaseConfiguration.Protection.SYNCHRONOUS,
                        DatabaseConfiguration.WithoutStandby.WAIT,
                        5433),
                instance.databases().get(0));
    }

    @Test
    void fillsInDefaults() {
        GroupConfiguration group =
                group(
                        """
                        group: g
                        nodes: [alpha, beta]
                        instances:
                          - name: i
                            services:
                              - {name: s, kind: process, start: [sleep, 1000]}
                            databases:
                              - {name: d, engine: postgresql}
                        """);
        ServiceConfiguration service = group.instances().get(0).services().get(0);
        DatabaseConfiguration database = group.instances().get(0).databases().get(0);
        assertEquals(NodeName.of("alpha"), group.instances().get(0).home());
        assertEquals(new Probe.Alive(), service.probe());
        assertTrue(service.critical());
        assertEquals(Timers.FAST.serviceDelay(), service.delay());
        assertEquals(5432, database.port());
        assertEquals(DatabaseConfiguration.WithoutStandby.CONTINUE, database.withoutStandby());
        assertEquals(GroupConfiguration.Mode.AUTOMATIC, group.failover());
        assertEquals(GroupConfiguration.Mode.MANUAL, group.fallback());
    }

    @Test
    void writesBackWhatItReads() {
        for (String timers :
                List.of(
                        "fast",
                        "classic",
                        "{lease: 3s, challenge-factor: 1.4, renew-every: 200ms}")) {
            GroupConfiguration group = group(base().replace("timers: fast", "timers: " + timers));
            assertEquals(
                    List.of(group),
                    GroupFile.read(GroupFile.toTree(group), Surroundings.unknown()).orThrow());
        }
    }

    @Test
    void readsAndWritesBackEveryKindOfService() {
        GroupConfiguration group =
                group(
                        """
                        group: g
                        nodes: [alpha, beta]
                        instances:
                          - name: i
                            services:
                              - {name: web, kind: systemd, unit: web@1.service, after: [disk]}
                              - {name: disk, kind: probe, after: [], probe: {volume: /srv}}
                              - name: proxy
                                kind: ocf
                                agent: "ocf:heartbeat:nginx"
                                parameters: {configfile: /etc/nginx.conf, port: 80}
                                interval: 5s
                                mode: manual
                                manualStop: move
                              - name: db
                                kind: probe
                                after: []
                                probe: {jdbc: {url: "jdbc:h2:tcp://x/y", user: u}}
                        """);
        List<ServiceConfiguration> services = group.instances().get(0).services();
        assertEquals(Optional.of("web@1.service"), services.get(0).runBy());
        assertEquals("80", services.get(2).parameters().get("port"));
        assertEquals(StartMode.MANUAL, services.get(2).mode());
        assertEquals(
                List.of("disk", "web", "proxy", "db"),
                ServiceOrder.of(services).stream().map(ServiceConfiguration::name).toList());
        assertEquals(
                List.of(group),
                GroupFile.read(GroupFile.toTree(group), Surroundings.unknown()).orThrow());
    }

    @Test
    void namesTheCircle() {
        Checked<?> read =
                GroupFile.read(
                        tree(
                                "group: g\nnodes: [alpha, beta]\ninstances: [{name: i, services: ["
                                        + "{name: a, kind: process, start: [x], after: [c]},"
                                        + "{name: b, kind: process, start: [x]},"
                                        + "{name: c, kind: process, start: [x], after: [b]}]}]\n"),
                        CAMPUS);
        assertTrue(
                read.problems().get(0).problem().endsWith("a after c after b after a"),
                () -> read.problems().toString());
    }

    @Test
    void readsABalancedGroup() {
        GroupConfiguration group =
                group(
                        "group: g\nnodes: [alpha, beta]\nassignment: balanced\n"
                                + "instances: [{name: a}, {name: b}]\n");
        assertEquals(NodeName.of("beta"), group.instances().get(1).home());
        assertEquals(NodeName.of("alpha"), group.instances().get(1).backup());
    }

    @Test
    void refusesTwoHomesOnOneNodeWhereBalanced() {
        Checked<?> read =
                GroupFile.read(
                        tree(
                                "group: g\nnodes: [alpha, beta]\nassignment: balanced\n"
                                        + "instances: [{name: a, home: beta}, {name: b}]\n"),
                        CAMPUS);
        assertEquals(List.of("instances[1].home"), fields(read));
    }

    @Test
    void aGroupHoldsManyInstancesTurnByTurnWhereBalanced() {
        assertEquals(
                List.of("alpha", "alpha", "alpha"),
                homes("active-standby", "[{name: a}, {name: b}, {name: c}]"));
        assertEquals(
                List.of("alpha", "beta", "alpha"),
                homes("balanced", "[{name: a}, {name: b}, {name: c}]"));
        assertEquals(
                List.of("beta", "beta", "alpha"),
                homes(
                        "balanced",
                        "[{name: a, home: beta}, {name: b, home: beta}, {name: c, home: alpha}]"));
    }

    private static List<String> homes(String assignment, String instances) {
        return group(groupOf(assignment, instances)).instances().stream()
                .map(i -> i.home().value())
                .toList();
    }

    private static String groupOf(String assignment, String instances) {
        return "group: g\nnodes: [alpha, beta]\nassignment: "
                + assignment
                + "\ninstances: "
                + instances
                + "\n";
    }

    @Test
    void theNumberOfInstancesHasBounds() {
        String many =
                IntStream.range(0, 257)
                        .mapToObj(i -> "{name: i" + i + "}")
                        .collect(Collectors.joining(", ", "[", "]"));
        assertEquals(
                List.of("instances"),
                fields(GroupFile.read(tree(groupOf("active-standby", many)), CAMPUS)));
        assertEquals(
                List.of("instances"),
                fields(GroupFile.read(tree(groupOf("balanced", "[{name: a}]")), CAMPUS)));
    }

    private static String small(String name, String home, String backup, int port) {
        return """
        - group: %s
          nodes: [%s, %s]
          instances:
            - name: %s-i
              databases: [{name: d, engine: postgresql, port: %d}]
        """
                .formatted(name, home, backup, name, port);
    }

    @Test
    void letsASecondaryBackTwoPrimaries() {
        Checked<List<GroupConfiguration>> read =
                GroupFile.read(
                        tree(small("g", "alpha", "beta", 5432) + small("h", "gamma", "beta", 5433)),
                        CAMPUS);
        assertEquals(2, read.orThrow().size());
        assertEquals(
                List.of(
                        new TwoToOne(
                                NodeName.of("beta"), NodeName.of("alpha"), NodeName.of("gamma"))),
                TwoToOne.among(read.orThrow()));
        assertEquals(List.of(), TwoToOne.among(read.orThrow().subList(0, 1)));
    }

    @Test
    void refusesANodeInTwoGroupsOtherwise() {
        assertEquals(
                List.of("[1].nodes[0]"),
                fields(
                        GroupFile.read(
                                tree(
                                        small("g", "alpha", "beta", 5432)
                                                + small("h", "beta", "gamma", 5433)),
                                CAMPUS)));
    }

    @Test
    void refusesWhatMeetsOnANode() {
        assertEquals(
                List.of("[1].instances[0].databases[0].port"),
                fields(
                        GroupFile.read(
                                tree(
                                        small("g", "alpha", "beta", 5432)
                                                + small("h", "gamma", "beta", 5432)),
                                CAMPUS)));
    }

    @Test
    void refusesNamesThatAreTaken() {
        String twice = small("g", "alpha", "beta", 5432) + small("g", "gamma", "witness", 5433);
        assertEquals(
                List.of("[1].group", "[1].instances[0].name"),
                fields(GroupFile.read(tree(twice), Surroundings.unknown())));
    }

    @Test
    void holdsTheFileAgainstTheGroupsThatThereAre() {
        List<GroupConfiguration> existing =
                GroupFile.read(tree(small("g", "alpha", "beta", 5432)), CAMPUS).orThrow();
        Surroundings now =
                new Surroundings(CAMPUS.members(), CAMPUS.witnesses(), Map.of(), existing);
        assertTrue(GroupFile.read(tree(small("g", "alpha", "gamma", 5432)), now).isGood());
        assertEquals(
                List.of("[0].nodes[0]", "[0].instances[0].databases[0].port"),
                fields(GroupFile.read(tree(small("h", "beta", "gamma", 5432)), now)));
    }

    @Test
    void refusesADocumentThatIsNoGroup() {
        assertFalse(GroupFile.read(null, CAMPUS).isGood());
        assertFalse(GroupFile.read("text", CAMPUS).isGood());
        assertFalse(GroupFile.read(List.of(), CAMPUS).isGood());
        assertEquals(List.of("[0]"), fields(GroupFile.read(List.of(1), CAMPUS)));
        assertEquals(
                List.of("group", "nodes", "instances"), fields(GroupFile.read(Map.of(), CAMPUS)));
    }

    @Test
    void tellsWhatChanges() {
        GroupConfiguration before = group(base());
        GroupConfiguration after =
                group(
                        base().replace("delay: 5s", "delay: 6s")
                                .replace("timers: fast", "timers: {lease: 3s}")
                                .replace("name: link", "name: uplink")
                                .replace("fd00::100", "fd00::101"));
        assertEquals(
                List.of(
                        "~ campus.timers.lease: 2s -> 3s",
                        "~ campus.instances[nms].addresses: [10.77.0.100/24 dev eth0, fd00::100/64"
                                + " dev eth0] -> [10.77.0.100/24 dev eth0, fd00::101/64 dev eth0]",
                        "~ campus.instances[nms].services[web].delay: 5s -> 6s",
                        "- campus.instances[nms].services[link]: {name: link, kind: probe, probe:"
                                + " {tcp: [::1]:80}, critical: false, delay: 5s}",
                        "+ campus.instances[nms].services[uplink]: {name: uplink, kind: probe,"
                                + " probe: {tcp: [::1]:80}, critical: false, delay: 5s}"),
                GroupFile.diff(List.of(before), List.of(after)).stream()
                        .map(Change::line)
                        .toList());
        assertEquals(List.of(), GroupFile.diff(List.of(after), List.of(after)));
        assertEquals(Change.Kind.ADDED, GroupFile.diff(List.of(), List.of(after)).get(0).kind());
    }

    @Test
    void tellsThatTheOrderChanges() {
        String text =
                "group: g\nnodes: [alpha, beta]\ninstances: [{name: i, services: [{name: %s, kind:"
                        + " process, start: [a]}, {name: %s, kind: process, start: [a]}]}]";
        assertEquals(
                List.of("~ g.instances[i].services order: [x, y] -> [y, x]"),
                GroupFile.diff(
                                List.of(group(text.formatted("x", "y"))),
                                List.of(group(text.formatted("y", "x"))))
                        .stream()
                        .map(Change::line)
                        .toList());
    }
}
