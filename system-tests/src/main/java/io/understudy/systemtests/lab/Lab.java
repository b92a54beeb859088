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
import java.util.List;
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

    private static final Duration SETTLE = Duration.ofSeconds(60);

    private final Wires wires;
    private final Layout layout;
    private final Path directory;
    private Cluster cluster;

    private Lab() throws IOException {
        directory = Files.createTempDirectory("understudy-lab-").toRealPath();
        layout =
                new Layout(
                        directory,
                        Wires.NETWORK,
                        Optional.of(VIRTUAL_4),
                        Optional.of(Wires.DIRECT_NETWORK));
        wires = new Wires();
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
            lab.wires.connect();
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
                        Wires.DEVICE,
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
        return wires.host(host);
    }

    /** Does something on the client's host, on this thread. */
    public <T> T asClient(Callable<T> task) throws IOException {
        AtomicReference<T> result = new AtomicReference<>();
        AtomicReference<Exception> failure = new AtomicReference<>();
        place(Wires.CLIENT)
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
        return new Capture(wires.host(Wires.CLIENT), Wires.DEVICE);
    }

    /** Returns the hardware address of a host on the network that clients see. */
    public String hardwareAddress(String host) {
        String words = wires.host(host).ip("-brief link show dev " + Wires.DEVICE);
        return words.strip().split(" +")[2];
    }

    /** Draws all cables of a host. */
    public void unplug(String host) {
        wires.unplug(host);
    }

    /** Puts all cables of a host back. */
    public void plug(String host) {
        wires.plug(host);
    }

    /** Draws a host's cable to the network of leases and clients; the direct link stays. */
    public void unplugMain(String host) {
        wires.unplugMain(host);
    }

    /** Nothing passes between the two nodes by the network that the others are on. */
    public void separateMain() {
        wires.separateMain();
    }

    /** Nothing passes by the direct link. */
    public void separateDirect() {
        wires.separateDirect();
    }

    /** What a host sends is lost. */
    public void mute(String host) {
        wires.mute(host);
    }

    /** A host receives nothing. */
    public void deafen(String host) {
        wires.deafen(host);
    }

    /** Nothing passes between the two nodes; both see all others. */
    public void separateNodes() {
        wires.separateNodes();
    }

    /** Frames between all hosts are lost at random. */
    public void lose(int percent) {
        wires.lose(percent);
    }

    /** Everything passes again between hosts that are plugged in. */
    public void pass() {
        wires.pass();
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
        wires.host(host).killAll();
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
        wires.freeze(host);
    }

    /** Lets them go on. */
    public void thaw(String host) {
        wires.thaw(host);
    }

    /** Keeps the logs under target/ and ends everything; for after a failure. */
    public void abandon(String name, Throwable cause) {
        try {
            if (cluster != null) {
                wires.heal();
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
                wires.heal();
                place(Wires.CLIENT).run(cluster::close);
            }
        } catch (RuntimeException | AssertionError e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        cluster = null;
        problems.addAll(wires.remove());
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
