package io.understudy.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the addresses of explanations answer. */
class ExplanationTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path data;
    private static RestServer server;

    @BeforeAll
    static void start() throws IOException {
        Path token = data.resolve("token");
        Files.writeString(token, RestServer.TOKEN + "\n");
        server = new RestServer(token);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void explainsAnInstance() throws Exception {
        JsonNode answer = JSON.readTree(server.get("/instances/nms/explanation").body());
        assertEquals("normal", answer.at("/headline/situation").asText());
        assertEquals("why.normal", answer.at("/headline/why/key").asText());
        assertEquals("STANDBY", answer.at("/nodes/0/phase").asText());
    }

    @Test
    void saysWhoCouldTakeOver() throws Exception {
        JsonNode answer = JSON.readTree(server.get("/instances/nms/promotable").body());
        assertTrue(answer.at("/0/promotable").asBoolean());
        assertEquals(700, answer.at("/0/expectedOutageMillis").asLong());
        assertTrue(answer.at("/0/lossBytes").isNull());
    }

    @Test
    void givesRecordedDecisionsBetweenTimes() throws Exception {
        JsonNode answer =
                JSON.readTree(
                        server.get(
                                        "/instances/nms/decisions?from=2026-11-20T09:00:00Z"
                                                + "&to=2026-11-20T10:00:00%2B01:00")
                                .body());
        assertEquals("2026-11-20T09:00:00Z", answer.at("/nodes/0/lines/0/time").asText());
        assertEquals("2026-11-20T09:00:00Z", answer.at("/nodes/0/lines/0/to").asText());
    }

    @Test
    void refusesTimesAndInstancesThatAreNone() throws Exception {
        assertEquals(400, server.get("/instances/nms/decisions?from=now").statusCode());
        assertEquals(404, server.get("/instances/nobody/explanation").statusCode());
        assertEquals(404, server.get("/instances/nobody/promotable").statusCode());
    }
}
