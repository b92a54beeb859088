package io.understudy.core.config;

import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.config.NodeConfiguration.Role;
import io.understudy.core.node.NodeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The node file: properties that say who a member is and how it reaches the others. Every key can
 * also be given by the environment, under the names that MicroProfile Config 3.1 derives ({@code
 * NODE_NAME} for {@code node.name}).
 */
public final class NodeFile {

    /** Every key with its default, in the order of the file; null: the key must be given. */
    private static final Map<String, String> DEFAULTS = defaults();

    private final Map<String, String> given;
    private final List<Problem> problems = new ArrayList<>();

    private NodeFile(Map<String, String> given) {
        this.given = given;
    }

    private static Map<String, String> defaults() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("node.name", null);
        keys.put("node.role", null);
        keys.put("node.address", null);
        keys.put("node.direct-address", "");
        keys.put("cluster.name", null);
        keys.put("cluster.members", null);
        keys.put("cluster.voters", "");
        keys.put("cluster.port", "22001");
        keys.put("cluster.secret-file", "secret");
        keys.put("http.port", "8080");
        keys.put("https.port", "8443");
        keys.put("data.directory", "/var/lib/understudy");
        keys.put("events.keep-days", Integer.toString(NodeConfiguration.EVENT_DAYS));
        return keys;
    }

    /** Returns the keys of a node file in their usual order. */
    public static List<String> keys() {
        return List.copyOf(DEFAULTS.keySet());
    }

    /**
     * Lays the environment over the properties: for each key of a node file the first of {@code
     * node.name}, {@code node_name} and {@code NODE_NAME} that the environment holds wins over the
     * file. Keys that no node file has are kept for {@link #read} to refuse; variables that match
     * no key are ignored.
     */
    public static Map<String, String> overlay(
            Map<String, String> properties, Map<String, String> environment) {
        Map<String, String> result = new TreeMap<>(properties);
        for (String key : DEFAULTS.keySet()) {
            String underscored = key.replaceAll("[^A-Za-z0-9]", "_");
            for (String name : List.of(key, underscored, underscored.toUpperCase(Locale.ROOT))) {
                String value = environment.get(name);
                if (value != null) {
                    result.put(key, value);
                    break;
                }
            }
        }
        return result;
    }

    /**
     * Checks the properties of a node file.
     *
     * @param properties as read from the file, with {@link #overlay} applied where wanted
     * @return the configuration, or every problem with the key it concerns
     */
    public static Checked<NodeConfiguration> read(Map<String, String> properties) {
        Map<String, String> trimmed = new TreeMap<>();
        properties.forEach((key, value) -> trimmed.put(key, value.trim()));
        return new NodeFile(trimmed).read();
    }

    /** Writes a configuration as the properties of a node file, in the usual order. */
    public static Map<String, String> toProperties(NodeConfiguration node) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("node.name", node.name().value());
        properties.put("node.role", node.role().name().toLowerCase(Locale.ROOT));
        properties.put("node.address", node.address());
        node.directAddress().ifPresent(a -> properties.put("node.direct-address", a));
        properties.put("cluster.name", node.clusterName());
        properties.put(
                "cluster.members",
                node.members().stream()
                        .map(m -> m.name() + "@" + m.address())
                        .collect(Collectors.joining(",")));
        if (node.members().size() > MemberList.VOTERS) {
            properties.put(
                    "cluster.voters",
                    node.voters().stream().map(NodeName::value).collect(Collectors.joining(",")));
        }
        properties.put("cluster.port", Integer.toString(node.clusterPort()));
        properties.put("cluster.secret-file", node.secretFile());
        properties.put("http.port", Integer.toString(node.httpPort()));
        properties.put("https.port", Integer.toString(node.httpsPort()));
        properties.put("data.directory", node.dataDirectory());
        properties.put("events.keep-days", Integer.toString(node.eventDays()));
        return properties;
    }

    private Checked<NodeConfiguration> read() {
        for (String key : given.keySet()) {
            if (!DEFAULTS.containsKey(key)) {
                problems.add(Words.unknown(key, key, DEFAULTS.keySet()));
            }
        }
        Optional<NodeName> name = name("node.name");
        Optional<Role> role = role();
        Optional<IpAddress> address = address("node.address");
        Optional<IpAddress> direct =
                value("node.direct-address").isEmpty() ? Optional.empty() : directAddress(address);
        String clusterName = clusterName();
        MemberList list = new MemberList(problems);
        List<Member> members = list.members(required("cluster.members"));
        List<NodeName> voters = list.voters(value("cluster.voters"), members);
        int clusterPort = port("cluster.port", 2);
        int httpPort = port("http.port", 0);
        int httpsPort = port("https.port", 0);
        checkPorts(clusterPort, httpPort, httpsPort);
        String secretFile = required("cluster.secret-file");
        String dataDirectory = required("data.directory");
        int eventDays = eventDays();
        if (name.isPresent() && address.isPresent() && !members.isEmpty()) {
            checkSelf(name.get(), address.get(), members);
        }
        if (role.equals(Optional.of(Role.WITNESS))
                && !voters.isEmpty()
                && name.isPresent()
                && !voters.contains(name.get())) {
            report(
                    "cluster.voters",
                    "does not name this witness '" + name.get() + "'",
                    "name it: a witness does nothing but vote");
        }
        if (!problems.isEmpty()) {
            return Checked.failed(problems);
        }
        return Checked.of(
                new NodeConfiguration(
                        name.orElseThrow(),
                        role.orElseThrow(),
                        address.orElseThrow().toString(),
                        direct.map(IpAddress::toString),
                        clusterName,
                        members,
                        voters,
                        clusterPort,
                        secretFile,
                        httpPort,
                        httpsPort,
                        dataDirectory,
                        eventDays));
    }

    private String value(String key) {
        String fallback = DEFAULTS.get(key);
        return given.getOrDefault(key, fallback == null ? "" : fallback);
    }

    private String required(String key) {
        String value = value(key);
        if (value.isEmpty()) {
            report(key, "is missing", "add a line " + key + "=" + example(key));
        }
        return value;
    }

    private static String example(String key) {
        return switch (key) {
            case "node.name" -> "alpha";
            case "node.role" -> "primary, secondary or witness";
            case "node.address" -> "10.77.0.1, this host's own address";
            case "cluster.name" -> "campus";
            case "cluster.members" -> "alpha@10.77.0.1,beta@10.77.0.2,witness@10.77.0.3";
            default -> DEFAULTS.get(key);
        };
    }

    private void report(String key, String problem, String mend) {
        problems.add(new Problem(key, problem, mend));
    }

    private Optional<NodeName> name(String key) {
        String value = required(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!NodeName.isValid(value)) {
            report(key, "'" + value + "' is no node name", "use " + NodeName.RULE_TEXT);
            return Optional.empty();
        }
        return Optional.of(NodeName.of(value));
    }

    private Optional<Role> role() {
        String value = required("node.role");
        for (Role role : Role.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(value)) {
                return Optional.of(role);
            }
        }
        if (!value.isEmpty()) {
            report(
                    "node.role",
                    "'" + value + "' is no role",
                    "write primary, secondary or witness");
        }
        return Optional.empty();
    }

    private Optional<IpAddress> address(String key) {
        String value = required(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Optional<IpAddress> address = IpAddress.parse(value).filter(IpAddress::isHost);
        if (address.isEmpty()) {
            report(
                    key,
                    "'" + value + "' is no address of a host",
                    "write this host's own IPv4 or IPv6 address as numbers");
        }
        return address;
    }

    private Optional<IpAddress> directAddress(Optional<IpAddress> address) {
        Optional<IpAddress> direct = address("node.direct-address");
        if (direct.isPresent() && direct.equals(address)) {
            report(
                    "node.direct-address",
                    "'" + direct.get() + "' is the same as node.address",
                    "write the address on the cable between the two nodes, or leave it empty");
        }
        return direct;
    }

    private String clusterName() {
        String value = required("cluster.name");
        if (!value.isEmpty() && !Words.isName(value)) {
            report("cluster.name", "'" + value + "' is no name", "use " + Words.NAME_RULE);
        }
        return value;
    }

    /** Reads a port that leaves room for {@code above} further ones; 0 after a problem. */
    private int port(String key, int above) {
        String value = required(key);
        if (value.isEmpty()) {
            return 0;
        }
        int highest = 65535 - above;
        if (value.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(value);
            if (port >= 1 && port <= highest) {
                return port;
            }
        }
        report(
                key,
                "'" + value + "' is no port",
                "write a number from 1 to "
                        + highest
                        + (above == 0 ? "" : "; the next " + above + " numbers are used too"));
        return 0;
    }

    private int eventDays() {
        String value = required("events.keep-days");
        if (value.matches("[0-9]{1,4}")) {
            int days = Integer.parseInt(value);
            if (days >= 1 && days <= NodeConfiguration.MOST_EVENT_DAYS) {
                return days;
            }
        }
        if (!value.isEmpty()) {
            report(
                    "events.keep-days",
                    "'" + value + "' is no number of days",
                    "write a number from 1 to " + NodeConfiguration.MOST_EVENT_DAYS);
        }
        return NodeConfiguration.EVENT_DAYS;
    }

    private void checkPorts(int cluster, int http, int https) {
        Map<Integer, String> users = new HashMap<>();
        if (cluster > 0) {
            users.put(cluster, "cluster.port");
            users.put(cluster + 1, "the peer port (cluster.port + 1)");
            users.put(cluster + 2, "the guard's port (cluster.port + 2)");
        }
        checkPort(users, "http.port", http);
        checkPort(users, "https.port", https);
    }

    private void checkPort(Map<Integer, String> users, String key, int port) {
        String other = port == 0 ? null : users.putIfAbsent(port, key);
        if (other != null) {
            report(key, "'" + port + "' is the same as " + other, "choose another number");
        }
    }

    private void checkSelf(NodeName name, IpAddress address, List<Member> members) {
        Optional<Member> self = members.stream().filter(m -> m.name().equals(name)).findFirst();
        if (self.isEmpty()) {
            report(
                    "cluster.members",
                    "does not name this member '" + name + "'",
                    "add " + name + "@" + address);
        } else if (!IpAddress.parse(self.get().address()).equals(Optional.of(address))) {
            report(
                    "cluster.members",
                    "has '"
                            + name
                            + "' at "
                            + self.get().address()
                            + ", node.address says "
                            + address,
                    "make the two the same");
        }
    }
}
