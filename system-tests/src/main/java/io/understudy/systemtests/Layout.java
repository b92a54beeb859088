package io.understudy.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where everything of a cluster lies: files, addresses, ports.
 *
 * @param directory holds node files, secret, group file, and the members' data directories
 * @param network the first three numbers of the members' addresses
 * @param virtual the address that moves with the instance; empty: clients know both nodes
 * @param direct the first three numbers of the nodes' addresses on their direct link, if any
 */
public record Layout(
        Path directory, String network, Optional<String> virtual, Optional<String> direct) {

    /** The instance, its group and its database. */
    public static final String INSTANCE = "play";

    /** The home node. */
    public static final String ALPHA = "alpha";

    /** The backup node. */
    public static final String BETA = "beta";

    /** The witness. */
    public static final String WITNESS = "witness";

    /** The nodes that serve, home first. */
    public static final List<String> NODES = List.of(ALPHA, BETA);

    /** All members. */
    public static final List<String> MEMBERS = List.of(ALPHA, BETA, WITNESS);

    private static final int CLUSTER = 24001;
    private static final int DATABASE = 24032;
    private static final int HTTP = 24080;
    private static final int HTTPS = 24043;
    private static final int SERVICE = 24088;
    private static final int SERVICE_HOST = 100;

    /** Without an address that moves. */
    public Layout(Path directory, String network) {
        this(directory, network, Optional.empty(), Optional.empty());
    }

    /** Returns a member's address. */
    public String address(String member) {
        return network + "." + (MEMBERS.indexOf(member) + 1);
    }

    /** Returns a node's address on the direct link. */
    public String directAddress(String node) {
        return direct.orElseThrow() + "." + (MEMBERS.indexOf(node) + 1);
    }

    /** Returns the other node. */
    public static String other(String node) {
        return node.equals(ALPHA) ? BETA : ALPHA;
    }

    /** Returns the address of a node's REST. */
    public String url(String node) {
        return "http://" + address(node) + ":" + HTTP;
    }

    /** Returns a member's node file. */
    public Path nodeFile(String member) {
        return directory.resolve(member + ".properties");
    }

    /** Returns a member's data directory. */
    public Path data(String member) {
        return directory.resolve(member);
    }

    /** Returns the file with a node's token. */
    public Path token(String node) {
        return data(node).resolve("token");
    }

    /** Returns what a member's launcher prints. */
    public Path launcherLog(String member) {
        return directory.resolve(member + ".log");
    }

    /** Returns the group file. */
    public Path groupFile() {
        return directory.resolve("group.yaml");
    }

    /** Returns the address of the service, wherever it runs. */
    public String serviceUrl() {
        return "http://" + network + "." + SERVICE_HOST + ":" + SERVICE;
    }

    /** Returns the file with the number of a node's PostgreSQL in its first line. */
    public Path databaseProcess(String node) {
        return databaseHome(node).resolve("data/postmaster.pid");
    }

    /** Returns the file with the password of the database's owner. */
    public Path databasePassword(String node) {
        return databaseHome(node).resolve("password");
    }

    private Path databaseHome(String node) {
        return data(node).resolve("databases").resolve(INSTANCE).resolve(INSTANCE);
    }

    /** Returns the database of one node, whichever role it has. */
    public String jdbcUrl(String node) {
        return "jdbc:postgresql://" + address(node) + ":" + DATABASE + "/" + INSTANCE;
    }

    /** Returns the database wherever it is served, as an application names it. */
    public String jdbcUrl() {
        String hosts =
                virtual.map(Stream::of)
                        .orElseGet(() -> NODES.stream().map(this::address))
                        .map(host -> host + ":" + DATABASE)
                        .collect(Collectors.joining(","));
        return "jdbc:postgresql://"
                + hosts
                + "/"
                + INSTANCE
                + "?targetServerType=primary&hostRecheckSeconds=0"
                // A host without power answers nothing, not even that it is gone.
                + (virtual.isPresent() ? "&socketTimeout=2" : "");
    }

    /** Makes the directory, node files, secret and group file. */
    void write(Distribution distribution) throws IOException {
        // As root the databases run as another user, who must be able to pass.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Path file = directory.resolve("secret");
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, HexFormat.of().formatHex(secret));
        for (String member : MEMBERS) {
            Files.write(nodeFile(member), nodeFileLines(member));
        }
        Files.writeString(groupFile(), group(distribution));
    }

    /** Returns a right node file. */
    public List<String> nodeFileLines(String member) {
        List<String> lines = new ArrayList<>();
        lines.add("node.name=" + member);
        lines.add(
                "node.role="
                        + switch (member) {
                            case ALPHA -> "primary";
                            case BETA -> "secondary";
                            default -> "witness";
                        });
        lines.add("node.address=" + address(member));
        if (direct.isPresent() && NODES.contains(member)) {
            lines.add("node.direct-address=" + directAddress(member));
        }
        lines.add("cluster.name=theatre");
        lines.add(
                "cluster.members="
                        + MEMBERS.stream()
                                .map(m -> m + "@" + address(m))
                                .collect(Collectors.joining(",")));
        lines.add("cluster.port=" + CLUSTER);
        lines.add("cluster.secret-file=secret");
        lines.add("http.port=" + HTTP);
        lines.add("https.port=" + HTTPS);
        lines.add("data.directory=" + member);
        return lines;
    }

    private String group(Distribution distribution) {
        String start =
                List.of(
                                Distribution.java(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xshare:auto",
                                "-Xmx32m",
                                "-cp",
                                distribution.classPath(),
                                "io.understudy.cli.demo.TicketDesk",
                                network + "." + SERVICE_HOST,
                                Integer.toString(SERVICE))
                        .stream()
                        .map(word -> '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                        .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                """
                group: %1$s
                description: What the system tests strike
                nodes: [alpha, beta]
                assignment: active-standby
                timers: fast
                failover: automatic
                fallback: manual
                instances:
                  - name: %1$s
                    home: alpha
                    services:
                      - name: ticket-desk
                        kind: process
                        start: [%2$s]
                        probe: { http: "%3$s/health" }
                        critical: true
                        delay: 5s
                        restarts: 3
                    databases:
                      - name: %1$s
                        engine: postgresql
                        protection: synchronous
                        port: %4$d
                """,
                INSTANCE,
                start,
                serviceUrl(),
                DATABASE);
    }
}
