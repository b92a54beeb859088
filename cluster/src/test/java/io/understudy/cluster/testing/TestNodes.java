package io.understudy.cluster.testing;

import io.understudy.cluster.peer.Secret;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.config.NodeConfiguration.Role;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Three members on loopback, on ports that nobody else uses. */
public final class TestNodes {

    public static final NodeName ALPHA = NodeName.of("alpha");
    public static final NodeName BETA = NodeName.of("beta");
    public static final NodeName WITNESS = NodeName.of("witness");
    public static final List<NodeName> ALL = List.of(ALPHA, BETA, WITNESS);
    public static final Secret SECRET = secret("a secret that only the tests of this module know");

    private static final List<Member> MEMBERS =
            List.of(
                    new Member(ALPHA, "127.81.2.1"),
                    new Member(BETA, "127.81.2.2"),
                    new Member(WITNESS, "127.81.2.3"));

    /** Two nodes that do not vote, in the larger cluster of {@link #wide}. */
    public static final NodeName GAMMA = NodeName.of("gamma");

    public static final NodeName DELTA = NodeName.of("delta");

    private static final List<Member> WIDE =
            List.of(
                    MEMBERS.get(0),
                    MEMBERS.get(1),
                    MEMBERS.get(2),
                    new Member(GAMMA, "127.81.2.4"),
                    new Member(DELTA, "127.81.2.5"));

    private final int clusterPort;

    private TestNodes(int clusterPort) {
        this.clusterPort = clusterPort;
    }

    public static TestNodes onFreePorts() {
        Random random = new Random(System.nanoTime() ^ ProcessHandle.current().pid());
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = 20_000 + 4 * random.nextInt(3_000);
            if (WIDE.stream().allMatch(m -> free(m.address(), port))) {
                return new TestNodes(port);
            }
        }
        throw new IllegalStateException("no free ports on 127.81.2.x");
    }

    public static TestNodes at(int clusterPort) {
        return new TestNodes(clusterPort);
    }

    public static Secret secret(String text) {
        return Secret.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    public NodeConfiguration node(NodeName name, Path data) {
        String address =
                MEMBERS.stream().filter(m -> m.name().equals(name)).findFirst().get().address();
        Role role =
                name.equals(ALPHA)
                        ? Role.PRIMARY
                        : name.equals(BETA) ? Role.SECONDARY : Role.WITNESS;
        return new NodeConfiguration(
                name,
                role,
                address,
                Optional.empty(),
                "campus",
                MEMBERS,
                clusterPort,
                "secret",
                0,
                0,
                data.toString());
    }

    /** Returns a node with an address on the direct link of alpha and beta. */
    public NodeConfiguration linked(NodeName name) {
        NodeConfiguration node = node(name);
        return new NodeConfiguration(
                name,
                node.role(),
                node.address(),
                Optional.of(direct(name)),
                node.clusterName(),
                node.members(),
                clusterPort,
                "secret",
                0,
                0,
                "unused");
    }

    /** Returns a node's address on the direct link. */
    public String direct(NodeName name) {
        return name.equals(ALPHA) ? "127.82.2.1" : "127.82.2.2";
    }

    public NodeConfiguration node(NodeName name) {
        return node(name, Path.of("unused"));
    }

    /** Returns a member of a cluster of five, of which {@link #ALL} vote. */
    public NodeConfiguration wide(NodeName name) {
        String address =
                WIDE.stream().filter(m -> m.name().equals(name)).findFirst().get().address();
        return new NodeConfiguration(
                name,
                name.equals(WITNESS) ? Role.WITNESS : Role.PRIMARY,
                address,
                Optional.empty(),
                "campus",
                WIDE,
                ALL,
                clusterPort,
                "secret",
                0,
                0,
                "unused",
                NodeConfiguration.EVENT_DAYS);
    }

    private static boolean free(String address, int port) {
        try (ServerSocket first = new ServerSocket();
                ServerSocket second = new ServerSocket();
                DatagramSocket third =
                        new DatagramSocket(
                                new InetSocketAddress(InetAddress.getByName(address), port + 1))) {
            first.bind(new InetSocketAddress(address, port + 1));
            second.bind(new InetSocketAddress(address, port + 2));
            return third.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
