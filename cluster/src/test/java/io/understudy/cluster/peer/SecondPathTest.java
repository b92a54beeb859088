package io.understudy.cluster.peer;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.Eventually.result;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.Path;
import io.understudy.core.peer.PathFacts;
import io.understudy.core.peer.PathState;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.time.Moment;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SecondPathTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final byte[] BYTES = {1, 2, 3};

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final PeerClient client = keep(new PeerClient(nodes.linked(ALPHA), SECRET));

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.add(part);
        return part;
    }

    private void serve(NodeConfiguration node) throws IOException {
        PeerServer server = keep(new PeerServer(node, SECRET));
        server.handle("/greet", request -> "hello " + request.from());
        server.handleStream("/bytes", (request, out) -> out.write(BYTES));
        server.start();
    }

    /** Beta as a node that answers at its direct address only, as if the other were cut off. */
    private NodeConfiguration atDirect() {
        NodeConfiguration node = nodes.node(BETA);
        return new NodeConfiguration(
                BETA,
                node.role(),
                nodes.direct(BETA),
                Optional.empty(),
                node.clusterName(),
                node.members(),
                node.clusterPort(),
                "secret",
                0,
                0,
                "unused");
    }

    private void observed(PathState main, PathState direct) {
        PeerFacts facts =
                new PeerFacts(
                        BETA,
                        Contact.HEARD,
                        new Moment(0),
                        new Moment(0),
                        Optional.empty(),
                        Optional.empty(),
                        main == PathState.LOST,
                        List.of(
                                path(Path.MAIN, nodes.node(BETA).address(), main),
                                path(Path.DIRECT, nodes.direct(BETA), direct)));
        client.routeBy(peer -> Optional.of(facts).filter(f -> f.name().equals(peer)));
    }

    private static PathFacts path(Path path, String address, PathState state) {
        return new PathFacts(
                path, address, state, new Moment(0), Optional.empty(), Optional.empty());
    }

    private String greet() {
        return result(client.call(BETA, "/greet", null, String.class, LIMIT));
    }

    private byte[] bytes() throws IOException {
        try (InputStream in = result(client.open(BETA, "/bytes", null, LIMIT))) {
            return in.readAllBytes();
        }
    }

    @Test
    void callsAndStreamsFallToThePathThatIsThere() throws Exception {
        serve(atDirect());
        assertThrows(PeerException.class, this::greet);
        for (PathState main : PathState.values()) {
            for (PathState direct : PathState.values()) {
                observed(main, direct);
                assertEquals("hello alpha", greet());
                assertArrayEquals(BYTES, bytes());
            }
        }
    }

    /** Who is heard by the link only must not keep a lease through it: clients do not reach it. */
    @Test
    void leasesAndProofOfDeathAreAskedForByTheNetworkOnly() throws Exception {
        serve(atDirect());
        observed(PathState.LOST, PathState.UP);
        assertThrows(
                PeerException.class,
                () -> result(client.callByMain(BETA, "/greet", null, String.class, LIMIT)));
        assertThrows(
                PeerException.class,
                () ->
                        result(
                                client.get(
                                        BETA,
                                        nodes.node(BETA).peerPort(),
                                        "/greet",
                                        String.class,
                                        LIMIT)));
    }

    @Test
    void aNodeAnswersAtBothItsAddresses() throws Exception {
        serve(nodes.linked(BETA));
        observed(PathState.UP, PathState.UP);
        assertEquals("hello alpha", greet());
        observed(PathState.LOST, PathState.UP);
        assertEquals("hello alpha", greet());
        assertArrayEquals(BYTES, bytes());
        for (String address : List.of(nodes.node(BETA).address(), nodes.direct(BETA))) {
            try (Socket socket = new Socket(address, nodes.node(BETA).peerPort())) {
                assertEquals(InetAddress.getByName(address), socket.getInetAddress());
            }
        }
        // And at no other.
        assertThrows(
                IOException.class,
                () -> new Socket("127.82.2.77", nodes.node(BETA).peerPort()).close());
    }

    @Test
    void anAddressThatIsMissingAtTheStartIsTakenWhenItComes() throws Exception {
        NodeConfiguration node = nodes.linked(BETA);
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(nodes.direct(BETA), node.peerPort()));
            serve(node);
            assertEquals("hello alpha", greet());
        }
        eventually(
                "answered at the direct address",
                () -> {
                    try (Socket socket = new Socket(nodes.direct(BETA), node.peerPort())) {
                        return socket.isConnected();
                    } catch (IOException notYet) {
                        return false;
                    }
                });
    }
}
