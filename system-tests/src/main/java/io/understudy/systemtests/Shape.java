package io.understudy.systemtests;

import io.understudy.core.view.ClusterView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cluster of any number of members, as real processes on loopback addresses of their own. Closing
 * it ends them all and fails if anything of it would not end in good order.
 */
public final class Shape implements AutoCloseable {

    /** How long anything may take to settle; generous, as hosts are shared. */
    public static final Duration SETTLE = Duration.ofSeconds(180);

    private static final int CLUSTER = 24001;
    private static final int HTTP = 24080;
    private static final int HTTPS = 24043;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final Distribution distribution = Distribution.find();
    private final Map<String, String> roles;
    private final List<String> names;
    private final ServerSocket claim;
    private final String network;
    private final Path directory;
    private final Map<String, Process> launchers = new LinkedHashMap<>();

    /**
     * Makes the files; nothing runs yet.
     *
     * @param roles the members in order, each with its role
     * @param voters the three that vote
     */
    public Shape(Map<String, String> roles, List<String> voters) throws IOException {
        this.roles = new LinkedHashMap<>(roles);
        this.names = List.copyOf(this.roles.keySet());
        this.claim = Cluster.claimNetwork();
        String host = claim.getInetAddress().getHostAddress();
        this.network = host.substring(0, host.lastIndexOf('.'));
        this.directory = Files.createTempDirectory("understudy-shape-").toRealPath();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Path file = directory.resolve("secret");
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, HexFormat.of().formatHex(secret));
        for (String name : names) {
            Files.write(nodeFile(name), lines(name, address(name), voters));
        }
    }

    /** Returns the lines of a node file. */
    public List<String> lines(String name, String address, List<String> voters) {
        String members =
                names.stream()
                        .map(m -> m + "@" + (m.equals(name) ? address : address(m)))
                        .collect(Collectors.joining(","));
        return List.of(
                "node.name=" + name,
                "node.role=" + roles.get(name),
                "node.address=" + address,
                "cluster.name=theatre",
                "cluster.members=" + members,
                "cluster.voters=" + String.join(",", voters),
                "cluster.port=" + CLUSTER,
                "cluster.secret-file=secret",
                "http.port=" + HTTP,
                "https.port=" + HTTPS,
                "data.directory=" + name);
    }

    /** Returns the address of a member; numbers count from 1 in the order of the members. */
    public String address(String name) {
        return network + "." + (names.indexOf(name) + 1);
    }

    /** Returns an address that no member has. */
    public String freeAddress() {
        return network + ".77";
    }

    /** Returns where everything lies. */
    public Path directory() {
        return directory;
    }

    /** Returns what runs. */
    public Distribution distribution() {
        return distribution;
    }

    private Path nodeFile(String name) {
        return directory.resolve(name + ".properties");
    }

    private Path data(String name) {
        return directory.resolve(name);
    }

    /** Starts members; returns at once. */
    public void start(String... members) {
        for (String name : members) {
            String command = roles.get(name).equals("witness") ? "witness" : "node";
            List<String> arguments =
                    List.of(command, "--config", nodeFile(name).toString(), "--of-demo");
            try {
                launchers.put(
                        name,
                        Member.foreground(distribution, arguments)
                                .redirectOutput(
                                        ProcessBuilder.Redirect.appendTo(
                                                directory.resolve(name + ".log").toFile()))
                                .start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Kills every process of a member at once, as if the power of its host failed. */
    public void kill(String name) {
        long[] pids =
                Host.processesOf(data(name)).keySet().stream().mapToLong(Long::longValue).toArray();
        Host.signal("KILL", pids);
        awaitEnd(name);
    }

    private void awaitEnd(String name) {
        Process launcher = launchers.get(name);
        try {
            if (!launcher.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                Host.signal("KILL", launcher.pid());
                throw new AssertionError("the launcher of " + name + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns a node's REST. */
    public NodeApi node(String name) {
        return new NodeApi("http://" + address(name) + ":" + HTTP, data(name).resolve("token"));
    }

    /** Applies a group file through a node, as soon as it takes it; fails if it never will. */
    public void apply(String node, String yaml) {
        Await.until(node + " takes a group", SETTLE, this::describe, () -> node(node).takes(yaml));
    }

    /** Returns an instance as a node sees it; empty if it does not answer. */
    public Optional<ClusterView.Instance> instance(String node, String instance) {
        return node(node).view().stream()
                .flatMap(v -> v.groups().stream())
                .flatMap(g -> g.instances().stream())
                .filter(i -> i.name().equals(instance))
                .findFirst();
    }

    /** Waits until {@code node} says of itself that it serves the instance. */
    public void awaitServing(String node, String instance) {
        Await.until(
                node + " serves " + instance,
                SETTLE,
                this::describe,
                () -> instance(node, instance).filter(i -> node.equals(i.active())).isPresent());
    }

    /** Waits until {@code node} serves the instance, and the other copy is in sync. */
    public void awaitWhole(String node, String instance) {
        Await.until(
                node + " serves " + instance + ", protected",
                SETTLE,
                this::describe,
                () ->
                        instance(node, instance)
                                .filter(i -> node.equals(i.active()))
                                .filter(ClusterView.Instance::promotable)
                                .filter(i -> i.protection().equals("SYNCHRONOUS"))
                                .isPresent());
    }

    /** Asks {@code node} for an action until it is taken, and waits until {@code to} serves. */
    public void move(String node, String instance, String action, String to) {
        StringBuilder last = new StringBuilder();
        Await.until(
                action + " of " + instance,
                SETTLE,
                () -> last + describe(),
                () -> {
                    try {
                        if (instance(to, instance).filter(i -> to.equals(i.active())).isPresent()) {
                            return true;
                        }
                        last.setLength(0);
                        last.append(node(node).act(instance, action));
                    } catch (IOException down) {
                        last.append(down);
                    }
                    Await.pass(Duration.ofSeconds(1));
                    return false;
                });
    }

    /** Returns the database of an instance, wherever it is served, its password from a node. */
    public ShapeDatabase database(String instance, int port, String home, String backup) {
        Path password =
                data(home)
                        .resolve("databases")
                        .resolve(instance)
                        .resolve(instance)
                        .resolve("password");
        return new ShapeDatabase(instance, List.of(address(home), address(backup)), port, password);
    }

    /** Returns in a few lines how things are, for an error. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            if (!roles.get(name).equals("witness")) {
                text.append("\n  ").append(name).append(": ");
                text.append(node(name).view().map(Object::toString).orElse("does not answer"));
            }
        }
        return text + "\n  files in " + directory;
    }

    /** Copies what tells of a failure under target/, without databases and secrets. */
    public void keepLogs(String test) throws IOException {
        Path target = Path.of("target", "cluster-logs", test);
        try (Stream<Path> files = Files.walk(directory, 3)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = directory.relativize(file);
                String text = relative.toString();
                if (text.endsWith(".log") || text.endsWith(".jsonl") || text.contains("/logs/")) {
                    Files.createDirectories(target.resolve(relative).getParent());
                    Files.copy(
                            file,
                            target.resolve(relative),
                            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /**
     * Ends everything, nodes before witnesses, in good order.
     *
     * @throws AssertionError if anything was left; it is gone then
     */
    @Override
    public void close() {
        List<String> problems = new ArrayList<>();
        for (boolean witness : new boolean[] {false, true}) {
            List<String> some =
                    launchers.keySet().stream()
                            .filter(n -> roles.get(n).equals("witness") == witness)
                            .toList();
            some.forEach(n -> launchers.get(n).destroy());
            for (String name : some) {
                try {
                    awaitEnd(name);
                } catch (AssertionError e) {
                    problems.add(e.getMessage());
                }
            }
        }
        Map<Long, String> left = Host.processesOf(directory);
        if (!left.isEmpty()) {
            problems.add("processes were left: " + left);
            Host.signal("KILL", left.keySet().stream().mapToLong(Long::longValue).toArray());
        }
        try {
            if (!problems.isEmpty()) {
                keepLogs("shape-end");
            }
            claim.close();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!problems.isEmpty()) {
            throw new AssertionError("the cluster did not end cleanly: " + problems);
        }
    }
}
