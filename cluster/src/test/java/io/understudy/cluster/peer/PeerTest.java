package io.understudy.cluster.peer;

import static io.understudy.cluster.testing.Eventually.result;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.peer.PeerException.Kind;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.node.NodeName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final TestNodes nodes = TestNodes.onFreePorts();
    private PeerServer server;
    private PeerClient client;

    record Question(NodeName who, int number) {}

    record Echo(NodeName from, NodeName who, int number) {}

    @BeforeEach
    void open() throws IOException {
        server = new PeerServer(nodes.node(BETA), SECRET);
        server.handle(
                "/echo",
                request -> {
                    Question question = request.as(Question.class);
                    return new Echo(request.from(), question.who(), question.number());
                });
        server.handle(
                "/refuse",
                request -> {
                    throw new PeerRefusal("Not today: it rains.");
                });
        server.handle(
                "/fail",
                request -> {
                    throw new IllegalStateException("broken inside");
                });
        server.handle("/nothing", request -> null);
        server.start();
        client = new PeerClient(nodes.node(ALPHA), SECRET);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void callsAndAnswers() {
        Question question = new Question(NodeName.of("gamma"), 7);
        Echo echo = result(client.call(BETA, "/echo", question, Echo.class, LIMIT));
        assertEquals(new Echo(ALPHA, NodeName.of("gamma"), 7), echo);
        assertNull(result(client.call(BETA, "/nothing", null, Echo.class, LIMIT)));
        assertEquals(2, server.counters().answered());
    }

    @Test
    void aKeptConnectionAnswersWithoutWaitingForDelayedAcks() {
        Question question = new Question(ALPHA, 1);
        for (int i = 0; i < 50; i++) {
            result(client.call(BETA, "/echo", question, Echo.class, LIMIT));
        }
        int calls = 200;
        long begin = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            result(client.call(BETA, "/echo", question, Echo.class, LIMIT));
        }
        long micros = (System.nanoTime() - begin) / 1000 / calls;
        assertTrue(micros < 20_000, "a call took " + micros + " us on average");
    }

    @Test
    void tellsRefusalFailureAndUnknownPathApart() {
        PeerException refused = failure("/refuse");
        assertEquals(Kind.REFUSED, refused.kind());
        assertEquals("Not today: it rains.", refused.getMessage());
        PeerException failed = failure("/fail");
        assertEquals(Kind.FAILED, failed.kind());
        assertTrue(failed.getMessage().contains("broken inside"));
        assertEquals(Kind.FAILED, failure("/unknown").kind());
        assertEquals(1, server.counters().failed());
    }

    @Test
    void refusesAWrongSecretInBothDirectionsAndCountsIt() {
        try (PeerClient stranger =
                new PeerClient(
                        nodes.node(ALPHA),
                        TestNodes.secret("another secret, of the same length or so, but other"))) {
            PeerException e =
                    assertThrows(
                            PeerException.class,
                            () ->
                                    result(
                                            stranger.call(
                                                    BETA,
                                                    "/echo",
                                                    new Question(ALPHA, 1),
                                                    Echo.class,
                                                    LIMIT)));
            assertEquals(Kind.NOT_AUTHENTIC, e.kind());
            assertTrue(e.getMessage().contains("cluster.secret-file"), e.getMessage());
            assertEquals(1, server.counters().notAuthentic());
            assertEquals(0, server.counters().answered());
        }
    }

    @Test
    void refusesBodiesLargerThanAMebibyte() {
        PeerException e =
                assertThrows(
                        PeerException.class,
                        () ->
                                result(
                                        client.call(
                                                BETA,
                                                "/echo",
                                                "x".repeat(PeerServer.MAXIMUM_BODY),
                                                Echo.class,
                                                LIMIT)));
        assertTrue(e.kind() == Kind.NOT_AUTHENTIC || e.kind() == Kind.UNREACHABLE, e.toString());
        assertEquals(1, server.counters().tooLarge());
    }

    @Test
    void aRecordedCallIsRefusedByTheSameServerAndByARestartedOne() throws Exception {
        try (Recorder recorder = new Recorder(nodes.node(BETA).peerPort())) {
            result(
                    client.get(
                            BETA,
                            recorder.port(),
                            "/nothing",
                            Void.class,
                            LIMIT)); // learns the challenge
            result(client.get(BETA, recorder.port(), "/nothing", Void.class, LIMIT));
            byte[] recorded = recorder.last();
            assertEquals(2, server.counters().answered());
            assertTrue(replay(recorded).startsWith("HTTP/1.1 409"), replay(recorded));
            assertEquals(2, server.counters().replayed());
            server.close();
            open();
            assertTrue(replay(recorded).startsWith("HTTP/1.1 401"), replay(recorded));
            assertEquals(0, server.counters().answered());
        }
    }

    @Test
    void aRestartedPeerIsReachedAtOnceByTheSameClient() throws Exception {
        result(client.call(BETA, "/nothing", null, Echo.class, LIMIT));
        server.close();
        PeerException e = failure("/nothing");
        assertEquals(Kind.NOT_CONNECTED, e.kind(), e.toString());
        open();
        result(client.call(BETA, "/nothing", null, Echo.class, LIMIT));
        assertEquals(1, server.counters().answered());
    }

    @Test
    void aPeerThatAcceptsAndSaysNothingCostsTheLimitAndNoMore() throws Exception {
        try (ServerSocket mute =
                new ServerSocket(
                        nodes.node(BETA).guardPort(), 5, InetAddress.getByName("127.81.2.2"))) {
            long begin = System.nanoTime();
            PeerException e =
                    assertThrows(
                            PeerException.class,
                            () ->
                                    result(
                                            client.get(
                                                    BETA,
                                                    mute.getLocalPort(),
                                                    "/guard",
                                                    Echo.class,
                                                    Duration.ofMillis(200))));
            assertEquals(Kind.UNREACHABLE, e.kind());
            long millis = (System.nanoTime() - begin) / 1_000_000;
            assertTrue(millis >= 190 && millis < 2_000, millis + " ms");
        }
    }

    @Test
    void closingTheClientEndsCallsUnderWay() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        server.handle("/slow", request -> release.await(10, TimeUnit.SECONDS));
        CompletableFuture<Object> call =
                client.call(BETA, "/slow", null, Object.class, LIMIT).toCompletableFuture();
        client.close();
        assertThrows(PeerException.class, () -> result(call));
        release.countDown();
    }

    @Test
    void streamsWhatIsLargeAndChecksIt() throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(7).nextBytes(large);
        server.handleStream("/large", (request, out) -> out.write(large));
        try (InputStream in = result(client.open(BETA, "/large", null, LIMIT))) {
            assertArrayEquals(large, in.readAllBytes());
        }
    }

    @Test
    void aStreamCarriesGigabytesInReasonableTime() throws Exception {
        byte[] part = new byte[1 << 20];
        int parts = 64;
        server.handleStream(
                "/many",
                (request, out) -> {
                    for (int i = 0; i < parts; i++) {
                        out.write(part);
                    }
                });
        long begin = System.nanoTime();
        try (InputStream in = result(client.open(BETA, "/many", null, LIMIT))) {
            assertEquals(
                    (long) parts << 20, in.transferTo(java.io.OutputStream.nullOutputStream()));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.getLogger("test")
                .log(System.Logger.Level.INFO, "a stream: {0} MiB/s", (int) (parts / seconds));
        assertTrue(seconds < 30, seconds + " s for " + parts + " MiB");
    }

    @Test
    void aStreamMayLastLongerThanTheLimitAsLongAsItGoesOn() throws Exception {
        server.handleStream(
                "/slow-stream",
                (request, out) -> {
                    for (int i = 0; i < 12; i++) {
                        out.write(i);
                        out.flush();
                        java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
                    }
                });
        try (InputStream in =
                result(client.open(BETA, "/slow-stream", null, Duration.ofMillis(400)))) {
            assertEquals(12, in.readAllBytes().length);
        }
    }

    @Test
    void aStreamThatFailsThereIsAnErrorHere() throws Exception {
        server.handleStream(
                "/half",
                (request, out) -> {
                    out.write(new byte[100_000]);
                    throw new IllegalStateException("the disk is gone");
                });
        try (InputStream in = result(client.open(BETA, "/half", null, LIMIT))) {
            IOException e = assertThrows(IOException.class, in::readAllBytes);
            assertTrue(e.getMessage().contains("the disk is gone"), e.getMessage());
        }
    }

    @Test
    void aStreamThatIsCutIsAnErrorAndNotTheEnd() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        server.handleStream(
                "/cut",
                (request, out) -> {
                    out.write(new byte[200_000]);
                    out.flush();
                    written.countDown();
                    release.await(10, TimeUnit.SECONDS);
                });
        try (InputStream in = result(client.open(BETA, "/cut", null, LIMIT))) {
            assertTrue(written.await(5, TimeUnit.SECONDS));
            in.readNBytes(200_000);
            server.close();
            IOException e = assertThrows(IOException.class, in::readAllBytes);
            assertTrue(e.getMessage().contains("before its end"), e.getMessage());
        }
        release.countDown();
    }

    @Test
    void aStreamThatStallsEndsWithinTheLimit() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        server.handleStream(
                "/stall",
                (request, out) -> {
                    out.write(1);
                    out.flush();
                    release.await(10, TimeUnit.SECONDS);
                });
        try (InputStream in = result(client.open(BETA, "/stall", null, Duration.ofMillis(300)))) {
            assertEquals(1, in.read());
            IOException e = assertThrows(IOException.class, in::read);
            assertTrue(e.getMessage().contains("nothing came for 300 ms"), e.getMessage());
        }
        release.countDown();
    }

    @Test
    void anAlteredStreamIsNoticed() throws Exception {
        StallWatch watch = null;
        try (var scheduler = new ClosableScheduler()) {
            watch = new StallWatch(scheduler.it, LIMIT, () -> {});
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] key = SECRET.derive("test");
            FramedOutput out = new FramedOutput(bytes, key, watch);
            out.write("pay 10 to beta".getBytes(StandardCharsets.US_ASCII));
            out.end();
            byte[] altered = bytes.toByteArray();
            altered[FramedOutput.HEADER_BYTES + 4] = '9';
            InputStream in =
                    new FramedInput(
                            new java.io.ByteArrayInputStream(altered),
                            key,
                            "the test",
                            LIMIT,
                            scheduler.it);
            IOException e = assertThrows(IOException.class, in::read);
            assertTrue(e.getMessage().contains("altered"), e.getMessage());
        } finally {
            watch.close();
        }
    }

    private PeerException failure(String path) {
        return assertThrows(
                PeerException.class,
                () -> result(client.call(BETA, path, null, Echo.class, LIMIT)));
    }

    private String replay(byte[] recorded) throws IOException {
        try (Socket socket = new Socket("127.81.2.2", nodes.node(BETA).peerPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(recorded);
            byte[] answer = new byte[4_096];
            int count = socket.getInputStream().read(answer);
            return new String(answer, 0, count, StandardCharsets.ISO_8859_1);
        }
    }

    private static final class ClosableScheduler implements AutoCloseable {
        final java.util.concurrent.ScheduledExecutorService it =
                java.util.concurrent.Executors.newSingleThreadScheduledExecutor();

        @Override
        public void close() {
            it.shutdownNow();
        }
    }

    /** Carries one connection at a time to the peer port and keeps the last request's bytes. */
    private static final class Recorder implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket();
        private final AtomicReference<byte[]> last = new AtomicReference<>();

        Recorder(int peerPort) throws IOException {
            listener.bind(new InetSocketAddress("127.81.2.2", 0));
            Thread thread = new Thread(() -> carry(peerPort), "recorder");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return listener.getLocalPort();
        }

        byte[] last() {
            return last.get();
        }

        private void carry(int peerPort) {
            while (!listener.isClosed()) {
                try (Socket in = listener.accept();
                        Socket out = new Socket("127.81.2.2", peerPort)) {
                    Thread back = new Thread(() -> answers(in, out), "recorder-answers");
                    back.setDaemon(true);
                    back.start();
                    byte[] buffer = new byte[65_536];
                    int count;
                    while ((count = in.getInputStream().read(buffer)) > 0) {
                        last.set(java.util.Arrays.copyOf(buffer, count));
                        out.getOutputStream().write(buffer, 0, count);
                    }
                } catch (IOException e) {
                    // The test closed one side; the next connection gets a new pair.
                }
            }
        }

        private static void answers(Socket in, Socket out) {
            try {
                out.getInputStream().transferTo(in.getOutputStream());
            } catch (IOException e) {
                // As above.
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
