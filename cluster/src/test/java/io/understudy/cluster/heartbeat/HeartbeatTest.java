package io.understudy.cluster.heartbeat;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.peer.Secret;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeConfiguration.Role;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.Path;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

    private static final DeathProof NO_PROOF =
            peer -> CompletableFuture.completedFuture(Optional.empty());

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final List<Heartbeat> open = new ArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final HeartbeatListener recorder =
            new HeartbeatListener() {
                @Override
                public void contactChanged(PeerFacts facts) {
                    events.add(facts.name() + " " + facts.contact());
                }

                @Override
                public void nudged(NodeName peer) {
                    events.add(peer + " nudged");
                }

                @Override
                public void reportChanged(NodeName peer, long boot, long version) {
                    events.add(peer + " report " + version);
                }

                @Override
                public void restarted(NodeName peer) {
                    events.add(peer + " restarted");
                }

                @Override
                public void nameClaimed(NodeName peer, String address) {
                    events.add(peer + " claimed from " + address);
                }

                @Override
                public void versionDiffers(NodeName peer, String version) {
                    events.add(peer + " runs " + version);
                }
            };

    @AfterEach
    void close() {
        open.forEach(Heartbeat::close);
    }

    @Test
    void twoHearOneAnotherAndMeasureTheirResponseTime() throws IOException {
        Heartbeat alpha = start(ALPHA, SECRET, "0.1.0", System::nanoTime);
        Heartbeat beta = start(BETA, SECRET, "0.1.3", System::nanoTime);
        heard(alpha, BETA);
        heard(beta, ALPHA);
        eventually("a response time", () -> alpha.facts(BETA).meanResponse().isPresent());
        Duration mean = alpha.facts(BETA).meanResponse().get();
        assertTrue(mean.compareTo(Duration.ofMillis(200)) < 0, mean.toString());
        assertTrue(alpha.facts(BETA).jitter().isPresent());
        assertEquals(Optional.of("0.1.3"), alpha.version(BETA));
        assertEquals(List.of(), events.stream().filter(e -> e.contains("runs")).toList());
    }

    @Test
    void nudgesReportsAndHintsArriveAtOnce() throws IOException {
        Heartbeat alpha = start(ALPHA, SECRET, "0.1.0", System::nanoTime);
        Heartbeat beta = start(BETA, SECRET, "0.2.0", System::nanoTime);
        heard(alpha, BETA);
        heard(beta, ALPHA);
        beta.report(7);
        beta.hint(new byte[] {1, 2, 3});
        beta.nudge();
        eventually("the nudge", () -> events.contains("beta nudged"));
        assertTrue(events.contains("beta report 7"), events.toString());
        assertTrue(events.contains("beta runs 0.2.0"), events.toString());
        assertArrayEquals(new byte[] {1, 2, 3}, alpha.hint(BETA).get());
    }

    @Test
    void aStrangerIsNeverHeard() throws IOException {
        Heartbeat alpha = start(ALPHA, SECRET, "0.1.0", System::nanoTime);
        start(
                BETA,
                TestNodes.secret("not the secret of this cluster, but long enough"),
                "0.1.0",
                System::nanoTime);
        eventually("refused beats", () -> alpha.refusedBeats() > 3);
        assertEquals(Contact.SILENT, alpha.facts(BETA).contact());
    }

    @Test
    void silenceIsNoticedAndARestartedPeerIsKnownAsAnotherProcess() throws IOException {
        Heartbeat alpha = start(ALPHA, SECRET, "0.1.0", System::nanoTime);
        Heartbeat first = start(BETA, SECRET, "0.1.0", System::nanoTime);
        heard(alpha, BETA);
        long begin = System.nanoTime();
        first.close();
        eventually("silence", () -> alpha.facts(BETA).contact() == Contact.SILENT);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis >= 650 && millis < 3_000, millis + " ms");
        start(BETA, SECRET, "0.1.0", System::nanoTime);
        heard(alpha, BETA);
        List<String> expected =
                List.of("beta HEARD", "beta SILENT", "beta restarted", "beta HEARD");
        eventually(
                "these and no other events: " + expected,
                () -> expected.equals(events.stream().filter(e -> !e.contains("report")).toList()));
    }

    @Test
    void silenceDuringAPauseOfItsOwnIsNotThePeers() throws IOException {
        AtomicLong ahead = new AtomicLong();
        Heartbeat alpha = start(ALPHA, SECRET, "0.1.0", () -> System.nanoTime() + ahead.get());
        start(BETA, SECRET, "0.1.0", System::nanoTime);
        heard(alpha, BETA);
        for (int i = 0; i < 5; i++) {
            long before = alpha.facts(BETA).since().nanos();
            ahead.addAndGet(Duration.ofSeconds(30).toNanos());
            AtomicInteger looks = new AtomicInteger();
            eventually("some beats more", () -> looks.incrementAndGet() > 100);
            assertEquals(before, alpha.facts(BETA).since().nanos());
        }
        assertEquals(1, events.stream().filter(e -> e.startsWith("beta H")).count());
        assertEquals(List.of(), events.stream().filter(e -> e.contains("SILENT")).toList());
    }

    @Test
    void recordingsAreNoContact() throws IOException {
        Heartbeat alpha = start(ALPHA, SECRET, "0.1.0", System::nanoTime);
        Beat.Codec codec = new Beat.Codec(SECRET, "campus");
        long boot = 77;
        send(codec, beat(boot, 1, alpha.boot() + 2));
        send(codec, beat(boot, 2, 0));
        assertEquals(Contact.SILENT, alpha.facts(BETA).contact());
        send(codec, beat(boot, 3, alpha.boot()));
        heard(alpha, BETA);
        send(codec, beat(boot + 1, 1, alpha.boot()));
        eventually("the next process", () -> events.contains("beta restarted"));
        long refused = alpha.refusedBeats();
        send(codec, beat(boot, 4, alpha.boot()));
        send(codec, beat(boot + 1, 1, alpha.boot()));
        eventually("both refused", () -> alpha.refusedBeats() == refused + 2);
        eventually("silence", () -> alpha.facts(BETA).contact() == Contact.SILENT);
    }

    @Test
    void aSecondProcessUnderAPeersNameIsRefusedAndTold() throws IOException {
        AtomicLong ahead = new AtomicLong();
        Heartbeat alpha = start(ALPHA, SECRET, "0.1.0", () -> System.nanoTime() + ahead.get());
        Beat.Codec codec = new Beat.Codec(SECRET, "campus");
        send(codec, beat(77, 1, alpha.boot()), "127.81.2.200");
        eventually("told", () -> events.contains("beta claimed from 127.81.2.200"));
        send(codec, beat(77, 2, alpha.boot()), "127.81.2.200");
        eventually("both refused", () -> alpha.refusedBeats() == 2);
        assertEquals(Contact.SILENT, alpha.facts(BETA).contact());
        assertEquals(1, events.stream().filter(e -> e.contains("claimed")).count());

        // At its own address: a process that goes on beating long after it had a successor.
        send(codec, beat(77, 3, alpha.boot()));
        heard(alpha, BETA);
        send(codec, beat(78, 1, alpha.boot()));
        eventually("a successor", () -> events.contains("beta restarted"));
        send(codec, beat(77, 4, alpha.boot()));
        ahead.addAndGet(Duration.ofMinutes(6).toNanos());
        send(codec, beat(77, 5, alpha.boot()));
        String address = nodes.node(BETA).address();
        eventually("told again", () -> events.contains("beta claimed from " + address));
    }

    private static Beat beat(long boot, long counter, long toBoot) {
        return new Beat(
                BETA,
                ALPHA,
                boot,
                counter,
                toBoot,
                0,
                0,
                Role.SECONDARY,
                "0.1.0",
                0,
                0,
                new byte[0],
                "",
                Path.MAIN);
    }

    private void send(Beat.Codec codec, Beat beat) throws IOException {
        send(codec, beat, nodes.node(BETA).address());
    }

    private void send(Beat.Codec codec, Beat beat, String from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Beat.MAXIMUM_BYTES);
        codec.encode(beat, buffer);
        NodeConfiguration alpha = nodes.node(ALPHA);
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(from, 0))) {
            socket.send(
                    new DatagramPacket(
                            buffer.array(),
                            buffer.limit(),
                            new InetSocketAddress(alpha.address(), alpha.peerPort())));
        }
    }

    private Heartbeat start(NodeName name, Secret secret, String version, LongSupplier clock)
            throws IOException {
        Heartbeat heartbeat =
                new Heartbeat(nodes.node(name), secret, version, Timers.FAST, NO_PROOF, clock);
        open.add(heartbeat);
        if (name.equals(ALPHA)) {
            heartbeat.listen(recorder);
        }
        heartbeat.start();
        return heartbeat;
    }

    private static void heard(Heartbeat heartbeat, NodeName peer) {
        eventually(peer + " is heard", () -> heartbeat.facts(peer).contact() == Contact.HEARD);
    }
}
