package io.understudy.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.web.event.EventStreams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events as they happen, and the search in the log. */
@Timeout(60)
class EventStreamTest {

    private static final String STREAM = "/events/stream";

    @TempDir private Path data;
    private RestServer server;

    @BeforeEach
    void start() throws IOException {
        Path token = Files.writeString(data.resolve("token"), RestServer.TOKEN + "\n");
        server = new RestServer(token);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void newEventsComeAtOnceAndOldOnesWhenAskedFor() throws Exception {
        server.node.happens("OLD");
        try (Reader fresh = open(STREAM, null);
                Reader all = open(STREAM + "?after=0", null)) {
            assertEquals("OLD", all.next().get("code").asText());
            long begun = System.nanoTime();
            server.node.happens("NEW");
            assertEquals("NEW", fresh.next().get("code").asText());
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(took.toMillis() < 3000, took.toString());
            assertEquals("NEW", all.next().get("code").asText());
            assertEquals("2", all.lastId);
        }
    }

    @Test
    void aReaderThatComesBackMissesNothing() throws Exception {
        for (int i = 1; i <= 200; i++) {
            server.node.happens("E" + i);
        }
        try (Reader reader = open(STREAM + "?after=3", "150")) {
            for (int i = 151; i <= 200; i++) {
                assertEquals("E" + i, reader.next().get("code").asText());
            }
        }
    }

    @Test
    void onlyWhatIsWantedComesAndThePlaceMovesOnAllTheSame() throws Exception {
        try (Reader reader = open(STREAM + "?code=SECOND&after=0", null)) {
            server.node.happens("FIRST");
            server.node.happens("SECOND");
            server.node.happens("THIRD");
            assertEquals("SECOND", reader.next().get("code").asText());
            reader.beat();
            assertEquals("3", reader.lastId);
        }
    }

    @Test
    void aReaderThatDoesNotReadHoldsNobodyUpAndTheirNumberIsBounded() throws Exception {
        List<Reader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < EventStreams.MOST; i++) {
                readers.add(open(STREAM, null));
            }
            HttpResponse<String> refused = server.send(server.operator(STREAM));
            assertEquals(503, refused.statusCode());
            assertTrue(refused.body().contains("TOO_MANY_STREAMS"), refused.body());
            // Only the last one reads; the others' buffers fill up.
            String padding = "X".repeat(20_000);
            for (int i = 0; i < 300; i++) {
                server.node.happens(padding);
            }
            server.node.happens("END");
            Reader last = readers.get(readers.size() - 1);
            for (int i = 0; i < 300; i++) {
                last.next();
            }
            assertEquals("END", last.next().get("code").asText());
        } finally {
            for (Reader reader : readers) {
                reader.close();
            }
        }
        // Those that are gone are found out at the next event.
        for (int i = 0; i < 100 && server.streams.open() > 0; i++) {
            server.node.happens("E");
            Thread.sleep(100);
        }
        assertEquals(0, server.streams.open());
    }

    @Test
    void nobodyListensWithoutTheToken() throws Exception {
        HttpResponse<String> answer = server.send(server.request(STREAM));
        assertEquals(401, answer.statusCode());
        assertTrue(answer.headers().firstValue("WWW-Authenticate").isPresent());
        assertTrue(answer.body().contains("UNAUTHENTICATED"), answer.body());
        assertEquals(400, server.get(STREAM + "?after=x").statusCode());
        assertEquals(400, server.get(STREAM + "?since=yesterday").statusCode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    instance=log                                                          | 4
                    instance=log,nms                                                      | 1 2 3 4
                    node=BETA                                                             | 3 4
                    severity=ALARM                                                        | 3
                    code=PEER_GONE,NODE_STARTED                                           | 1 5
                    since=2026-01-01T10:00:00Z                                            | 3 4 5
                    until=2026-01-01T11:00:00%2B01:00                                     | 1 2 3
                    since=2026-01-01T09:00:00Z&until=2026-01-01T10:00:00Z                 | 2 3
                    text=something                                                        | 1 2 3 4 5
                    text=peer_gone                                                        | 5
                    text=lost%20the%20lease                                               | 3
                    text=nowhere                                                          | ''
                    limit=2                                                               | 4 5
                    instance=nms&limit=2                                                  | 2 3
                    instance=nms&after=0&limit=2                                          | 1 2
                    """)
    void theLogIsSearched(String query, String numbers) throws Exception {
        server.node.happens("2026-01-01T08:00:00Z", "alpha", "nms", "INFO", "NODE_STARTED");
        server.node.happens("2026-01-01T09:00:00Z", "alpha", "nms", "INFO", "IN_SYNC");
        server.node.happens("2026-01-01T10:00:00Z", "beta", "nms", "ALARM", "LEASE_LOST");
        server.node.happens("2026-01-01T11:00:00Z", "beta", "log", "WARNING", "SERVICE_DOWN");
        server.node.happens("2026-01-01T12:00:00Z", "alpha", null, "WARNING", "PEER_GONE");
        List<String> found = new ArrayList<>();
        for (JsonNode event : new ObjectMapper().readTree(server.get("/events?" + query).body())) {
            found.add(event.get("number").asText());
        }
        assertEquals(numbers, String.join(" ", found));
    }

    @Test
    void wordsAreFoundInTheReadersLanguage() throws Exception {
        server.node.happens("LEASE_LOST");
        HttpResponse<String> korean =
                server.send(
                        server.operator("/events?text=%EC%9E%84%EB%8C%80")
                                .header("Accept-Language", "ko"));
        assertTrue(korean.body().contains("LEASE_LOST"), korean.body());
        assertEquals("[]", server.get("/events?text=%EC%9E%84%EB%8C%80").body());
        assertEquals(400, server.get("/events?text=x&wait=5").statusCode());
    }

    private Reader open(String path, String lastId) throws Exception {
        var request = server.operator(path).timeout(Duration.ofSeconds(20));
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        HttpResponse<InputStream> answer = server.open(request);
        assertEquals(200, answer.statusCode());
        assertEquals(
                "text/event-stream;charset=UTF-8",
                answer.headers().firstValue("Content-Type").orElse("").replace(" ", ""));
        return new Reader(answer.body());
    }

    /** Reads a stream as the HTML standard says. */
    private static final class Reader implements AutoCloseable {

        private final BufferedReader lines;
        private String lastId;

        private Reader(InputStream body) {
            lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        private JsonNode next() throws IOException {
            String data = null;
            for (; ; ) {
                String line = lines.readLine();
                if (line == null) {
                    throw new IOException("the stream ended");
                }
                if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && data != null) {
                    return new ObjectMapper().readTree(data);
                }
            }
        }

        private void beat() throws IOException {
            String line = lines.readLine();
            while (line != null && !line.equals(": beat")) {
                line = lines.readLine();
            }
            lastId = String.valueOf(lines.readLine()).replace("id: ", "");
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
