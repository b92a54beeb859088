package io.understudy.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.core.instance.InstanceName;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maintenance through REST. */
class HoldTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InstanceName NMS = InstanceName.of("nms");
    private static RestServer server;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        Path token = data.resolve("token");
        Files.writeString(token, RestServer.TOKEN + "\n");
        server = new RestServer(token);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void nothingHeld() {
        server.node.holds.clear();
    }

    private static HttpResponse<String> hold(String body) throws Exception {
        return server.post("/instances/nms/hold", body);
    }

    @Test
    void holdsForATimeAndReleases() throws Exception {
        HttpResponse<String> held = hold("{\"for\":\"2h\",\"reason\":\"new disk\"}");
        assertEquals(200, held.statusCode(), held.body());
        JsonNode view = JSON.readTree(held.body());
        assertEquals("nms", view.get("instance").asText());
        assertEquals("new disk", view.get("reason").asText());
        assertTrue(view.get("by").asText().contains(" from 127."), view.toString());
        assertEquals("2026-01-02T14:00:00Z", view.get("until").asText());
        HttpResponse<String> second = hold("{\"for\":\"1h\",\"reason\":\"me too\"}");
        assertEquals(409, second.statusCode());
        assertEquals("HELD", JSON.readTree(second.body()).get("code").asText());
        assertEquals(
                200, hold("{\"for\":\"1h\",\"reason\":\"me too\",\"replace\":true}").statusCode());
        assertEquals(200, server.delete("/instances/nms/hold").statusCode());
        assertEquals(409, server.delete("/instances/nms/hold").statusCode());
    }

    @Test
    void holdsUntilATime() throws Exception {
        Instant end = Instant.parse("2030-01-02T14:30:00Z");
        HttpResponse<String> held =
                hold("{\"until\":\"2030-01-02T15:30:00+01:00\",\"reason\":\"new disk\"}");
        assertEquals(200, held.statusCode(), held.body());
        assertEquals(end, server.node.holds.get(NMS).until());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"reason\":\"x\"}",
                "{\"for\":\"2h\",\"until\":\"2030-01-02T15:30:00Z\",\"reason\":\"x\"}",
                "{\"for\":\"soon\",\"reason\":\"x\"}",
                "{\"until\":\"tomorrow\",\"reason\":\"x\"}",
                "{\"for\":\"2h\",\"reson\":\"x\"}",
            })
    void refusesWhatMakesNoSenseWhole(String body) throws Exception {
        assertEquals(400, hold(body).statusCode());
        assertTrue(server.node.holds.isEmpty());
    }

    @Test
    void knowsNoOtherInstance() throws Exception {
        assertEquals(
                404,
                server.post("/instances/nix/hold", "{\"for\":\"2h\",\"reason\":\"x\"}")
                        .statusCode());
    }
}
