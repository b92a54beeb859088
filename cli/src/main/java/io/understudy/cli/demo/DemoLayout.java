package io.understudy.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.understudy.cli.node.Distribution;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cluster.peer.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where everything of a demo lies: its directory, addresses and ports.
 *
 * @param directory holds node files, secret, group file and the members' data
 * @param network the first three numbers of the loopback addresses, e.g. {@code 127.77.0}
 * @param portBase first of the ports
 */
record DemoLayout(Path directory, String network, int portBase) {

    /** The instance's name, also that of its group and its database. */
    static final String INSTANCE = "demo";

    /** The names of the two nodes, home first. */
    static final List<String> NODES = List.of("alpha", "beta");

    /** The witness's name. */
    static final String WITNESS = "witness";

    /** The names of all three. */
    static final List<String> MEMBERS = List.of("alpha", "beta", WITNESS);

    private static final int DATABASE = 32;
    private static final int HTTPS = 43;
    private static final int HTTP = 80;
    private static final int SERVICE = 88;
    private static final int SERVICE_HOST = 100;

    String address(String member) {
        return network + "." + (MEMBERS.indexOf(member) + 1);
    }

    Path nodeFile(String member) {
        return directory.resolve(member + ".properties");
    }

    Path data(String member) {
        return directory.resolve(member);
    }

    Path token(String node) {
        return data(node).resolve("token");
    }

    Path launcherLog(String member) {
        return directory.resolve(member + ".log");
    }

    Path groupFile() {
        return directory.resolve("group.yaml");
    }

    String url(String node) {
        return "http://" + address(node) + ":" + (portBase + HTTP);
    }

    int databasePort() {
        return portBase + DATABASE;
    }

    String serviceAddress() {
        return network + "." + SERVICE_HOST;
    }

    int servicePort() {
        return portBase + SERVICE;
    }

    String serviceUrl() {
        return "http://" + serviceAddress() + ":" + servicePort();
    }

    /** Returns the file with the password of the database's owner, on {@code node}. */
    Path databasePassword(String node) {
        return databaseHome(node).resolve("password");
    }

    /** Returns the file whose first line is the number of PostgreSQL's first process. */
    Path databaseProcess(String node) {
        return databaseHome(node).resolve("data").resolve("postmaster.pid");
    }

    private Path databaseHome(String node) {
        return data(node).resolve("databases").resolve(INSTANCE).resolve(INSTANCE);
    }

    /** Returns the address of the database wherever it is served, for JDBC. */
    String jdbcUrl() {
        return "jdbc:postgresql://"
                + NODES.stream()
                        .map(n -> address(n) + ":" + databasePort())
                        .collect(Collectors.joining(","))
                + "/"
                + INSTANCE
                + "?targetServerType=primary&hostRecheckSeconds=0&connectTimeout=1"
                + "&loginTimeout=2&socketTimeout=5&tcpKeepAlive=true&ApplicationName=demo-writer";
    }

    /** Writes node files, secret and group file; a secret that is there stays. */
    void write(Distribution distribution, List<String> command) throws IOException {
        Path secret = directory.resolve("secret");
        if (!Files.exists(secret)) {
            Secret.create(secret);
        }
        for (String member : MEMBERS) {
            Files.write(nodeFile(member), nodeFileLines(member));
        }
        Files.write(groupFile(), groupLines(distribution, command));
        Files.write(
                directory.resolve("writer.properties"),
                List.of(
                        "url=" + jdbcUrl(),
                        "user=" + INSTANCE,
                        "password-file=" + databasePassword(NODES.get(0))));
    }

    private List<String> nodeFileLines(String member) {
        String role =
                switch (MEMBERS.indexOf(member)) {
                    case 0 -> "primary";
                    case 1 -> "secondary";
                    default -> "witness";
                };
        return List.of(
                "node.name=" + member,
                "node.role=" + role,
                "node.address=" + address(member),
                "cluster.name=demo",
                "cluster.members="
                        + MEMBERS.stream()
                                .map(m -> m + "@" + address(m))
                                .collect(Collectors.joining(",")),
                "cluster.port=" + (portBase + 1),
                "cluster.secret-file=secret",
                "http.port=" + (portBase + HTTP),
                "https.port=" + (portBase + HTTPS),
                "data.directory=" + member);
    }

    private List<String> groupLines(Distribution distribution, List<String> command) {
        boolean ownService = command.isEmpty();
        return List.of(
                "group: " + INSTANCE,
                "description: A pair on one host to try things on",
                "nodes: [alpha, beta]",
                "assignment: active-standby",
                "timers: fast",
                "failover: automatic",
                "fallback: manual",
                "instances:",
                "  - name: " + INSTANCE,
                "    home: alpha",
                "    services:",
                "      - name: " + (ownService ? "ticket-desk" : "command"),
                "        kind: process",
                "        start: " + quoted(ownService ? ticketDesk(distribution) : command),
                ownService ? "        probe: { http: \"" + serviceUrl() + "/health\" }" : "",
                "        critical: true",
                "        delay: 5s",
                "        restarts: 3",
                "    databases:",
                "      - name: " + INSTANCE,
                "        engine: postgresql",
                "        protection: synchronous",
                "        port: " + databasePort());
    }

    private List<String> ticketDesk(Distribution distribution) {
        return List.of(
                Distribution.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx32m",
                "-cp",
                distribution.commandClassPath(),
                TicketDesk.class.getName(),
                serviceAddress(),
                Integer.toString(servicePort()));
    }

    /** JSON's strings are YAML's, whatever blanks and quotes a command holds. */
    private static String quoted(List<String> words) {
        try {
            return NodeClient.JSON
                    .writer()
                    .without(com.fasterxml.jackson.databind.SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(words);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of strings is always JSON", e);
        }
    }
}
