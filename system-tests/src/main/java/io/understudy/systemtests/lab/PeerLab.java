package io.understudy.systemtests.lab;

import io.understudy.systemtests.ClusterFiles;
import io.understudy.systemtests.Layout;
import io.understudy.systemtests.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The hosts and wires of a {@link Lab}, for other software than Understudy: the lab's service runs
 * on both nodes all the time, and somebody else moves the address between them.
 */
final class PeerLab implements AutoCloseable {

    private final Wires wires;
    private final Path directory;
    private final Map<String, PeerHost> hosts = new LinkedHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private PeerLab() throws IOException {
        directory = Files.createTempDirectory("understudy-peers-").toRealPath();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        wires = new Wires();
    }

    /** Makes hosts and wires and starts the service on both nodes. */
    static PeerLab make() throws IOException {
        Namespace.sweep();
        PeerLab lab = new PeerLab();
        // Also when this process is told to end.
        Runtime.getRuntime().addShutdownHook(new Thread(lab::close, "close-peer-lab"));
        try {
            lab.wires.connect();
            for (String member : Layout.MEMBERS) {
                lab.hosts.put(member, new PeerHost(member, lab.wires.host(member)));
            }
            try (InputStream text = Lab.class.getResourceAsStream("doorman.pl")) {
                Files.copy(text, lab.directory.resolve("doorman.pl"));
            }
            Layout.NODES.forEach(lab::startService);
            return lab;
        } catch (IOException | RuntimeException e) {
            try {
                lab.close();
            } catch (RuntimeException | AssertionError more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    /** Starts the lab's service on a node. */
    void startService(String node) {
        host(node)
                .start(
                        log(node, "doorman"),
                        List.of(
                                "env",
                                "UNDERSTUDY_NODE=" + node,
                                "perl",
                                directory.resolve("doorman.pl").toString(),
                                Integer.toString(Lab.SERVICE)));
    }

    /** Returns the host of a member. */
    PeerHost host(String member) {
        return hosts.get(member);
    }

    /** Returns the host of a member or of the client, for sockets. */
    Place place(String host) {
        return wires.host(host);
    }

    /** Returns the cables. */
    Wires wires() {
        return wires;
    }

    /** Returns the folder of everything that is written, which goes with the lab. */
    Path directory() {
        return directory;
    }

    /** Returns the file for what a program on a host prints. */
    Path log(String member, String program) {
        return directory.resolve(member + "-" + program + ".log");
    }

    /** Kills every process of a host at once. */
    void killAll(String host) {
        wires.host(host).killAll();
    }

    /** Keeps the logs under target/. */
    void keepLogs(String name) throws IOException {
        ClusterFiles.keep(directory, name);
    }

    /** Ends whatever runs on the hosts and removes all; does nothing the second time. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        List<String> problems = new ArrayList<>();
        hosts.keySet().forEach(this::killAll);
        hosts.values().forEach(PeerHost::close);
        hosts.clear();
        problems.addAll(wires.remove());
        try {
            ClusterFiles.delete(directory);
        } catch (IOException e) {
            problems.add(e.toString());
        }
        if (!problems.isEmpty()) {
            throw new AssertionError("the lab did not end cleanly: " + problems);
        }
    }
}
