package io.understudy.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.ledger.Reason;
import io.understudy.core.move.Move;
import io.understudy.core.move.MoveKind;
import io.understudy.core.move.MovePhase;
import io.understudy.core.node.NodeName;
import io.understudy.core.view.MoveView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
    void tellsWhatTheLastMovesTook() throws Exception {
        Move move =
                new Move(
                        InstanceName.of("nms"),
                        MoveKind.FAILOVER,
                        NodeName.of("alpha"),
                        NodeName.of("beta"),
                        4,
                        Reason.PEER_DOWN,
                        true,
                        Map.of(MovePhase.DETECT, 800L, MovePhase.FENCE, 1_200L));
        server.node.moves.add(MoveView.of(move, "2026-11-20T09:00:00Z"));
        JsonNode answer = JSON.readTree(server.get("/instances/nms/moves").body());
        assertEquals("FAILOVER", answer.at("/0/kind").asText());
        assertEquals(1_200, answer.at("/0/totalMillis").asLong());
        assertEquals(8, answer.at("/0/phases").size());
        assertEquals("FENCE", answer.at("/0/phases/2/phase").asText());
        assertEquals(400, answer.at("/0/phases/2/millis").asLong());
        assertTrue(answer.at("/0/phases/1/millis").isNull());
        assertEquals(404, server.get("/instances/nobody/moves").statusCode());
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
