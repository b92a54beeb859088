package io.understudy.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Terminal;
import io.understudy.cli.remote.FakeNode;
import io.understudy.cli.text.Columns;
import io.understudy.cli.text.Messages;
import io.understudy.core.view.SavedInfos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {

    private static final String HA =
            """
            {"kind": "HA_INFO", "node": "alpha", "time": "2026-11-20T08:30:00Z", "dormant": %s,
             "sections": [
              {"name": "ha-base", "number": 0, "fields": [
               {"key": "server-role", "value": "PRIMARY"}, {"key": "udi", "value": null},
               {"key": "paired-peers", "value": "1"}]},
              {"name": "ha-peer", "number": 1, "fields": [
               {"key": "failover-type", "value": "AUTOMATIC"},
               {"key": "direct-connect", "value": "NO"},
               {"key": "heartbeat-status", "value": "UP"},
               {"key": "current-state", "value": "PRIMARY_ACTIVE"}]}]}
            """;

    @TempDir private Path directory;
    private FakeNode node;
    private Terminal terminal;

    @BeforeEach
    void open() throws IOException {
        node = new FakeNode();
        Files.writeString(directory.resolve("token"), FakeNode.TOKEN + "\n");
        terminal = user(Locale.ROOT);
    }

    private Terminal user(Locale locale) {
        return new Terminal(
                Map.of(
                        "UNDERSTUDY_ENDPOINTS", directory.resolve("endpoints").toString(),
                        "UNDERSTUDY_URL", node.url(),
                        "UNDERSTUDY_TOKEN_FILE", directory.resolve("token").toString()),
                locale);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aRunningNodeIsAsked() {
        node.answers("GET /api/v1/node/ha-info", 200, HA.formatted("false"));
        assertEquals(ExitCode.DONE, terminal.run("ha-info"), terminal.err());
        assertEquals(
                List.of(
                        "Node alpha runs and says of itself:",
                        "",
                        "Base",
                        "  Server role:                    primary",
                        "  UDI:                            not applicable",
                        "  Number of paired peers:         1",
                        "",
                        "Peer configuration 1",
                        "  Failover type:                  automatic",
                        "  Direct connect used:            no",
                        "  Heartbeat status:               up",
                        "  Current state:                  PRIMARY_ACTIVE"),
                terminal.out().lines().map(String::stripTrailing).toList());
        node.answers("GET /api/v1/node/server-info", 200, HA.formatted("true"));
        assertEquals(ExitCode.DONE, terminal.run("server-info"), terminal.err());
        assertTrue(terminal.out().contains("dormant"), terminal.out());
    }

    @Test
    void ofANodeThatIsDownTheLastSavedStateIsShown() throws IOException {
        node.close();
        assertEquals(ExitCode.UNREACHABLE, terminal.run("ha-info"));
        Files.writeString(
                directory.resolve(SavedInfos.FILE),
                "{\"starts\": 3, \"stopped\": true, \"ha\": %s, \"server\": null}"
                        .formatted(HA.formatted("false")));
        assertEquals(ExitCode.DONE, terminal.run("ha-info"), terminal.err());
        assertTrue(terminal.out().startsWith("Node alpha does not run"), terminal.out());
        List<String> lines = terminal.out().lines().map(String::stripTrailing).toList();
        assertEquals(
                "  Last shutdown state:            PRIMARY_ACTIVE", lines.get(lines.size() - 1));
        assertFalse(terminal.out().contains("Heartbeat"), terminal.out());
        assertEquals(ExitCode.UNREACHABLE, terminal.run("server-info"), terminal.out());
        assertEquals(ExitCode.DONE, terminal.run("ha-info", "--json"));
        JsonNode json = new ObjectMapper().readTree(terminal.out());
        assertFalse(json.get("running").asBoolean());
        assertEquals("ha-base", json.at("/sections/0/name").asText());
        assertEquals(ExitCode.DONE, terminal.run("ha-info", "--data", directory.toString()));
        assertEquals(ExitCode.FAILED, terminal.run("ha-info", "--data", "/nowhere"));
        assertTrue(terminal.err().contains("/nowhere"), terminal.err());
    }

    @Test
    void everyLanguageFitsEightyColumns() {
        node.answers("GET /api/v1/node/ha-info", 200, HA.formatted("true"));
        for (String language : List.of("en", "zh_CN", "zh_TW", "ko", "ja")) {
            Terminal user = user(Messages.locale(language));
            assertEquals(ExitCode.DONE, user.run("ha-info"), user.err());
            user.out()
                    .lines()
                    .forEach(line -> assertTrue(Columns.width(line) <= 80, language + ": " + line));
        }
    }
}
