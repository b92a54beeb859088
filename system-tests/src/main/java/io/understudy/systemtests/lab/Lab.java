package io.understudy.systemtests.lab;

import io.understudy.systemtests.Cluster;
import io.understudy.systemtests.ClusterFiles;
import io.understudy.systemtests.Host;
import io.understudy.systemtests.Layout;
import io.understudy.systemtests.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Two nodes, a witness and a client as hosts of their own, on one switch; the two nodes also on a
 * second network of their own. A cluster runs on them, with an IPv4 and an IPv6 address that move.
 * Faults are methods. Closing it heals, ends the cluster in good order and removes everything.
 */
public final class Lab implements AutoCloseable {

    /** The IPv4 address that moves. */
    public static final String VIRTUAL_4 = "10.77.0.100";

    /** The IPv6 address that moves. */
    public static final String VIRTUAL_6 = "fd00:77::100";

    /** The port of the lab's service. */
    public static final int SERVICE = 24088;

    private static final String CLIENT = "client";
    private static final List<String> HOSTS =
            List.of(Layout.ALPHA, Layout.BETA, Layout.WITNESS, CLIENT);
    private static final String DEVICE = "eth0";
    private static final String DIRECT = "eth1";
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private final Map<String, Namespace> hosts = new LinkedHashMap<>();
    private final Layout layout;
    private final Path directory;
    private final Switch network;
    private Cluster cluster;

    private Lab() throws IOException {
        directory = Files.createTempDirectory("understudy-lab-").toRealPath();
        layout = new Layout(directory, "10.77.0", Optional.of(VIRTUAL_4));
        network = new Switch("switch");
    }

    /** Says why a lab cannot be made on this host; empty if it can. */
    public static String obstacle() {
        if (!Host.obstacle().isEmpty()) {
            return Host.obstacle();
        }
        if (!System.getProperty("user.name").equals("root")) {
            return "the lab needs root, for network namespaces";
        }
        for (String need :
                List.of("ip iproute2", "nft nftables", "tcpdump tcpdump", "perl perl-base")) {
            String[] names = need.split(" ");
            if (!Tool.exists(names[0])) {
                return "the lab needs " + names[0] + " (package " + names[1] + ")";
            }
        }
        try {
            Namespace.sweep();
            Switch probe = new Switch("trial");
            try {
                probe.bridge("net");
                probe.lose(1);
            } finally {
                probe.remove();
            }
            return "";
        } catch (IllegalStateException e) {
            return "this kernel lacks what the lab needs: " + e.getMessage();
        }
    }

    /** Makes the hosts and their wires; nothing runs yet. */
    public static Lab make() throws IOException {
        Namespace.sweep();
        Lab lab = new Lab();
        try {
            lab.wire();
            return lab;
        } catch (RuntimeException e) {
            lab.end(e);
            throw e;
        }
    }

    /** Makes a lab, starts the cluster and waits until both nodes are Normal. */
    public static Lab started() throws IOException {
        Lab lab = make();
        try {
            lab.start();
            return lab;
        } catch (IOException | RuntimeException | AssertionError e) {
            lab.end(e);
            throw e;
        }
    }

    private void wire() {
        network.bridge("net");
        network.bridge("direct");
        for (int i = 0; i < HOSTS.size(); i++) {
            String name = HOSTS.get(i);
            Namespace host = Namespace.make(name);
            hosts.put(name, host);
            network.plug(host, DEVICE, "net", port(name));
            address(host, DEVICE, "10.77.0." + (i + 1) + "/24", "fd00:77::" + (i + 1) + "/64");
            if (Layout.NODES.contains(name)) {
                network.plug(host, DIRECT, "direct", direct(name));
                address(host, DIRECT, "10.78.0." + (i + 1) + "/24", "fd00:78::" + (i + 1) + "/64");
            }
        }
    }

    private static void address(Namespace host, String device, String four, String six) {
        host.ip("address add " + four + " dev " + device);
        host.ip("address add " + six + " dev " + device + " nodad");
        host.ip("link set " + device + " up");
    }

    private static String port(String host) {
        return "p-" + host;
    }

    private static String direct(String host) {
        return "d-" + host;
    }

    private void start() throws IOException {
        Path service = directory.resolve("doorman.pl");
        try (InputStream text = Lab.class.getResourceAsStream("doorman.pl")) {
            Files.copy(text, service);
        }
        cluster =
                asClient(
                        () ->
                                Cluster.startedAt(
                                        layout, group("delay: 5s, restarts: 3"), this::place));
    }

    /**
     * Returns the group file.
     *
     * @param keys more keys of the service
     */
    public String group(String keys) {
        return """
                group: %1$s
                description: What the lab strikes
                nodes: [alpha, beta]
                assignment: active-standby
                timers: fast
                failover: automatic
                fallback: manual
                instances:
                  - name: %1$s
                    home: alpha
                    addresses: ["%2$s/24 dev %4$s", "%3$s/64 dev %4$s"]
                    services:
                      - { name: doorman, kind: process, start: [perl, "%5$s", "%6$d"],
                          probe: { http: "http://127.0.0.1:%6$d/" }, critical: true, %7$s }
                    databases:
                      - { name: %1$s, engine: postgresql, protection: synchronous, port: 24032 }
                """
                .formatted(
                        Layout.INSTANCE,
                        VIRTUAL_4,
                        VIRTUAL_6,
                        DEVICE,
                        directory.resolve("doorman.pl"),
                        SERVICE,
                        keys);
    }

    /** Returns the cluster; ask it only {@link #asClient as the client}. */
    public Cluster cluster() {
        return cluster;
    }

    /** Returns a host, for sockets and processes on it: a member's name or {@code client}. */
    public Place place(String host) {
        return hosts.get(host);
    }

    /** Does something on the client's host, on this thread. */
    public <T> T asClient(Callable<T> task) throws IOException {
        AtomicReference<T> result = new AtomicReference<>();
        AtomicReference<Exception> failure = new AtomicReference<>();
        place(CLIENT)
                .run(
                        () -> {
                            try {
                                result.set(task.call());
                            } catch (RuntimeException e) {
                                throw e;
                            } catch (Exception e) {
                                failure.set(e);
                            }
                        });
        if (failure.get() != null) {
            throw new IOException(failure.get().getMessage(), failure.get());
        }
        return result.get();
    }

    /** Begins to listen for announcements on the client's host. */
    public Capture capture() throws IOException {
        return new Capture(hosts.get(CLIENT), DEVICE);
    }

    /** Returns the hardware address of a host on the network that clients see. */
    public String hardwareAddress(String host) {
        String words = hosts.get(host).ip("-brief link show dev " + DEVICE);
        return words.strip().split(" +")[2];
    }

    /** Draws all cables of a host. */
    public void unplug(String host) {
        ports(host).forEach(network::down);
    }

    /** Puts all cables of a host back. */
    public void plug(String host) {
        ports(host).forEach(network::up);
    }

    /** What a host sends is lost. */
    public void mute(String host) {
        ports(host).forEach(network::mute);
    }

    /** A host receives nothing. */
    public void deafen(String host) {
        ports(host).forEach(network::deafen);
    }

    /** Nothing passes between the two nodes; both see all others. */
    public void separateNodes() {
        network.separate(port(Layout.ALPHA), port(Layout.BETA));
        network.separate(direct(Layout.ALPHA), direct(Layout.BETA));
    }

    /** Frames between all hosts are lost at random. */
    public void lose(int percent) {
        network.lose(percent);
    }

    /** Everything passes again between hosts that are plugged in. */
    public void pass() {
        network.pass();
    }

    private static List<String> ports(String host) {
        return Layout.NODES.contains(host)
                ? List.of(port(host), direct(host))
                : List.of(port(host));
    }

    /**
     * The power of a host fails: nothing of it leaves the host any more, not even that connections
     * end, and all of its processes end at once.
     */
    public void cutPower(String host) {
        unplug(host);
        killAll(host);
    }

    /** Every process of a host is killed at once; its kernel goes on answering. */
    public void killAll(String host) {
        hosts.get(host).killAll();
    }

    /** The power is back; the member's launcher is started by the host. */
    public void restorePower(String member) {
        plug(member);
        cluster.member(member)
                .awaitEnd(SETTLE)
                .orElseThrow(() -> new AssertionError("the launcher of " + member + " survives"));
        cluster.member(member).start();
    }

    /** Stops every process of a host, as if the host stood still. */
    public void freeze(String host) {
        Host.signal("STOP", hosts.get(host).processes());
    }

    /** Lets them go on. */
    public void thaw(String host) {
        Host.signal("CONT", hosts.get(host).processes());
    }

    /** Keeps the logs under target/ and ends everything; for after a failure. */
    public void abandon(String name, Throwable cause) {
        try {
            if (cluster != null) {
                heal();
                asClient(
                        () -> {
                            cluster.abandon(name, cause);
                            return null;
                        });
            }
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
        cluster = null;
        end(cause);
    }

    private void heal() {
        pass();
        hosts.keySet().forEach(this::plug);
        hosts.keySet().forEach(this::thaw);
    }

    private void end(Throwable cause) {
        try {
            close();
        } catch (RuntimeException | AssertionError e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Ends the cluster in good order and removes the hosts.
     *
     * @throws AssertionError if anything of it did not end by itself; it is gone then
     */
    @Override
    public void close() {
        List<String> problems = new ArrayList<>();
        try {
            if (cluster != null) {
                heal();
                place(CLIENT).run(cluster::close);
            }
        } catch (RuntimeException | AssertionError e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        cluster = null;
        for (Namespace host : hosts.values()) {
            long[] left = host.processes();
            if (left.length > 0) {
                problems.add(left.length + " processes were left on " + host.name());
            }
            host.remove();
        }
        hosts.clear();
        network.remove();
        try {
            if (Files.exists(directory)) {
                ClusterFiles.delete(directory);
            }
        } catch (IOException e) {
            problems.add(e.toString());
        }
        if (!problems.isEmpty()) {
            throw new AssertionError("the lab did not end cleanly: " + problems);
        }
    }
}
