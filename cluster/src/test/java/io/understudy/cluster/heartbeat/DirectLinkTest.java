package io.understudy.cluster.heartbeat;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeConfiguration.Role;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.Path;
import io.understudy.core.peer.PathFacts;
import io.understudy.core.peer.PathState;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectLinkTest {

    private static final long BOOT = 77;

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final List<Heartbeat> open = new ArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Beat.Codec codec = new Beat.Codec(SECRET, "campus");
    private final Map<Path, PathState> last = new EnumMap<>(Path.class);
    private long counter;

    @AfterEach
    void close() {
        open.forEach(Heartbeat::close);
    }

    private Heartbeat start(NodeConfiguration node) throws IOException {
        Heartbeat heartbeat =
                new Heartbeat(
                        node,
                        SECRET,
                        "0.1.0",
                        Timers.FAST,
                        peer -> CompletableFuture.completedFuture(Optional.empty()),
                        System::nanoTime);
        open.add(heartbeat);
        if (node.name().equals(ALPHA)) {
            heartbeat.listen(
                    new HeartbeatListener() {
                        @Override
                        public void contactChanged(PeerFacts facts) {
                            events.add(facts.contact() + " " + facts.byMain());
                        }

                        @Override
                        public void byMainChanged(PeerFacts facts) {
                            events.add("main " + facts.byMain());
                        }

                        @Override
                        public void pathChanged(PeerFacts facts, PathFacts path) {
                            boolean news = path.state() != last.get(path.path());
                            if (path.state() != PathState.DOUBTED && news) {
                                last.put(path.path(), path.state());
                                events.add(path.path() + " " + path.state());
                            }
                        }
                    });
        }
        heartbeat.start();
        return heartbeat;
    }

    private static PathState state(Heartbeat heartbeat, NodeName peer, Path path) {
        return heartbeat.facts(peer).path(path).map(PathFacts::state).orElse(null);
    }

    @Test
    void bothPathsAreFoundAndMeasured() throws IOException {
        Heartbeat alpha = start(nodes.linked(ALPHA));
        Heartbeat beta = start(nodes.linked(BETA));
        for (Path path : Path.values()) {
            eventually(path + " up", () -> state(alpha, BETA, path) == PathState.UP);
            eventually(path + " up", () -> state(beta, ALPHA, path) == PathState.UP);
            eventually(
                    "a response time of " + path,
                    () -> alpha.facts(BETA).path(path).get().meanResponse().isPresent());
        }
        PathFacts direct = alpha.facts(BETA).path(Path.DIRECT).get();
        assertEquals(nodes.direct(BETA), direct.address());
        assertTrue(direct.meanResponse().get().toMillis() < 200, direct::toString);
        assertFalse(alpha.facts(BETA).mainLost());
        assertEquals(List.of(), alpha.facts(TestNodes.WITNESS).paths());
    }

    @Test
    void whereOneHasNoDirectAddressAllIsAsEver() throws IOException {
        Heartbeat alpha = start(nodes.linked(ALPHA));
        Heartbeat beta = start(nodes.node(BETA));
        eventually("heard", () -> alpha.facts(BETA).contact() == Contact.HEARD);
        eventually("heard", () -> beta.facts(ALPHA).contact() == Contact.HEARD);
        assertEquals(List.of(), alpha.facts(BETA).paths());
        assertEquals(List.of(), beta.facts(ALPHA).paths());
        assertEquals(List.of("HEARD HEARD"), events);
    }

    /** A node whose direct interface comes up late goes on with the other one meanwhile. */
    @Test
    void aLinkThatIsNotThereAtTheStartIsMissedAndTakenWhenItComes() throws IOException {
        Heartbeat alpha = start(nodes.linked(ALPHA));
        NodeConfiguration node = nodes.linked(BETA);
        try (DatagramSocket taken =
                new DatagramSocket(new InetSocketAddress(nodes.direct(BETA), node.peerPort()))) {
            assertTrue(taken.isBound());
            start(node);
            eventually("missed", () -> events.contains("DIRECT LOST"));
            assertEquals(Contact.HEARD, alpha.facts(BETA).contact());
        }
        eventually("up", () -> events.contains("DIRECT UP"));
        assertEquals(List.of("HEARD HEARD", "MAIN UP", "DIRECT LOST", "DIRECT UP"), events);
    }

    private void send(Path sent, Path told) throws IOException {
        NodeConfiguration alpha = nodes.linked(ALPHA);
        boolean main = sent == Path.MAIN;
        Beat beat =
                new Beat(
                        BETA,
                        ALPHA,
                        BOOT,
                        ++counter,
                        open.get(0).boot(),
                        1,
                        0,
                        Role.SECONDARY,
                        "0.1.0",
                        0,
                        0,
                        new byte[0],
                        nodes.direct(BETA),
                        told);
        ByteBuffer buffer = ByteBuffer.allocate(Beat.MAXIMUM_BYTES);
        codec.encode(beat, buffer);
        String from = main ? nodes.node(BETA).address() : nodes.direct(BETA);
        String to = main ? alpha.address() : nodes.direct(ALPHA);
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(from, 0))) {
            socket.send(
                    new DatagramPacket(
                            buffer.array(),
                            buffer.limit(),
                            new InetSocketAddress(to, alpha.peerPort())));
        }
    }

    private void until(String event, Path... by) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!events.contains(event)) {
            assertTrue(System.nanoTime() < deadline, () -> event + " not in " + events);
            for (Path path : by) {
                send(path, path);
            }
            TimeUnit.MILLISECONDS.sleep(40);
        }
    }

    @Test
    void aPeerIsHeardAsLongAsEitherPathCarries() throws Exception {
        Heartbeat alpha = start(nodes.linked(ALPHA));
        until("DIRECT UP", Path.MAIN, Path.DIRECT);
        until("MAIN LOST", Path.DIRECT);
        assertEquals(Contact.HEARD, alpha.facts(BETA).contact());
        assertEquals(Contact.SILENT, alpha.facts(BETA).byMain());
        events.clear();
        until("MAIN UP", Path.MAIN, Path.DIRECT);
        assertEquals(List.of("main HEARD", "MAIN UP"), events);
        until("DIRECT LOST", Path.MAIN);
        assertEquals(Contact.HEARD, alpha.facts(BETA).byMain());
        events.clear();
        eventually("silence", () -> alpha.facts(BETA).contact() == Contact.SILENT);
        eventually("told", () -> events.equals(List.of("SILENT SILENT")));
        assertEquals(PathState.UNKNOWN, state(alpha, BETA, Path.MAIN));
    }

    @Test
    void aRecordingOfOnePathIsRefusedOnTheOther() throws Exception {
        Heartbeat alpha = start(nodes.linked(ALPHA));
        until("DIRECT UP", Path.MAIN, Path.DIRECT);
        eventually("silence", () -> events.contains("SILENT SILENT"));
        long refused = alpha.refusedBeats();
        send(Path.DIRECT, Path.MAIN);
        send(Path.MAIN, Path.DIRECT);
        eventually("both refused", () -> alpha.refusedBeats() == refused + 2);
        assertEquals(Contact.SILENT, alpha.facts(BETA).contact());
    }
}
