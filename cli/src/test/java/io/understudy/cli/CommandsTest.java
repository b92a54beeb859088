package io.understudy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.cli.remote.Endpoints;
import io.understudy.cli.remote.FakeNode;
import io.understudy.cli.text.Columns;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that speak to a node, with a node whose answers are prepared. */
class CommandsTest {

    private static final String RUNNING =
            "{\"id\":\"7\",\"kind\":\"SWITCHOVER\",\"instance\":\"nms\",\"state\":\"RUNNING\","
                    + "\"message\":\"stopping services\",\"phases\":[]}";
    private static final String SWITCH = "POST /api/v1/instances/nms/switchover";

    @TempDir private Path directory;
    private FakeNode node;
    private Path token;
    private Terminal terminal;

    @BeforeEach
    void open() throws IOException {
        node = new FakeNode();
        token = Files.writeString(directory.resolve("token"), FakeNode.TOKEN + "\n");
        terminal = user(Locale.ROOT);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Terminal user(Locale locale) {
        return new Terminal(
                Map.of(
                        "UNDERSTUDY_ENDPOINTS", directory.resolve("endpoints").toString(),
                        "UNDERSTUDY_URL", node.url(),
                        "UNDERSTUDY_TOKEN_FILE", token.toString()),
                locale);
    }

    @Test
    void statusIsAPageOfEightyColumns() throws IOException {
        node.answers("GET /api/v1/cluster", 200, cluster());
        for (String language : List.of("en", "zh_CN", "zh_TW", "ko", "ja")) {
            Terminal user = user(io.understudy.cli.text.Messages.locale(language));
            assertEquals(ExitCode.DONE, user.run("status"), user.err());
            user.out()
                    .lines()
                    .forEach(
                            line ->
                                    assertTrue(
                                            Columns.width(line) <= 80,
                                            language + ", " + Columns.width(line) + ": " + line));
            for (String said : List.of("campus", "alpha", "nms", "4711", "120.6 KiB", "45 %")) {
                assertTrue(user.out().contains(said), said + " is missing in\n" + user.out());
            }
        }
    }

    @Test
    void statusShowsWhatServicesUse() throws IOException {
        node.answers("GET /api/v1/cluster", 200, cluster());
        for (String language : List.of("en", "zh_CN", "zh_TW", "ko", "ja")) {
            Terminal user = user(io.understudy.cli.text.Messages.locale(language));
            assertEquals(ExitCode.DONE, user.run("status", "--services"), user.err());
            user.out().lines().forEach(line -> assertTrue(Columns.width(line) <= 80, line));
            for (String said : List.of("101.3 %", "541.6 MiB", "41 %", "12 ms")) {
                assertTrue(user.out().contains(said), said + " is missing in\n" + user.out());
            }
            assertFalse(user.out().contains("stopped by hand"), "told in the reader's words only");
        }
        Terminal user = user(Locale.ROOT);
        assertEquals(ExitCode.DONE, user.run("status"), user.err());
        assertTrue(user.out().contains("Stopped by hand"), user.out());
        assertTrue(user.out().contains("does not vote yet"), user.out());
        assertTrue(user.out().contains("10.77.0.4         Removed "), user.out());
        assertFalse(user.out().contains("101.3 %"), "only where asked for");
    }

    @Test
    void statusNamesAVersionThatDiffers() throws IOException {
        String text = cluster();
        int last = text.lastIndexOf("\"version\":\"0.1.0\"");
        node.answers(
                "GET /api/v1/cluster",
                200,
                text.substring(0, last) + text.substring(last).replaceFirst("0.1.0", "0.2.0"));
        Terminal user = user(Locale.ROOT);
        assertEquals(ExitCode.DONE, user.run("status"), user.err());
        assertTrue(user.out().contains("runs version 0.2.0, this node 0.1.0"), user.out());
    }

    @Test
    void jsonIsWhatTheNodeSays() throws IOException {
        node.answers("GET /api/v1/cluster", 200, cluster());
        assertEquals(ExitCode.DONE, terminal.run("status", "--json"));
        ObjectMapper json = new ObjectMapper();
        assertEquals(json.readTree(cluster()), json.readTree(terminal.out()));
        assertEquals(ExitCode.DONE, terminal.run("db", "status", "--json"));
        assertEquals(
                "RESYNCING",
                json.readTree(terminal.out()).at("/0/databases/1/role").asText(),
                terminal.out());
    }

    @Test
    void anActionIsFollowedToItsEnd() {
        node.answers(SWITCH, 202, RUNNING)
                .answers("GET /api/v1/operations/7", 200, RUNNING)
                .answers(
                        "GET /api/v1/operations/7",
                        200,
                        RUNNING.replace("RUNNING", "DONE")
                                .replace("stopping services", "beta serves nms"));
        assertEquals(ExitCode.DONE, terminal.run("switchover", "nms", "--comment", "new disk"));
        assertTrue(terminal.out().contains("beta serves nms"), terminal.out());
        assertEquals(
                SWITCH + " {\n  \"acceptLoss\" : false,\n  \"comment\" : \"new disk\"\n}",
                node.calls().get(0));
    }

    @Test
    void stillInProgressWhenTheWaitEnds() {
        node.answers(SWITCH, 202, RUNNING).answers("GET /api/v1/operations/7", 200, RUNNING);
        assertEquals(ExitCode.IN_PROGRESS, terminal.run("switchover", "nms", "--wait", "300ms"));
        assertTrue(terminal.out().contains("stopping services"), terminal.out());
    }

    @Test
    void aFailedOperationSaysCauseAndNextStep() {
        node.answers(
                "POST /api/v1/instances/nms/failover",
                202,
                "{\"id\":\"8\",\"kind\":\"FAILOVER\",\"state\":\"REFUSED\",\"code\":\"NOT_IN_SYNC\","
                        + "\"message\":\"beta lacks 3 rows.\",\"next\":\"Wait.\",\"phases\":[]}");
        assertEquals(ExitCode.FAILED, terminal.run("failover", "nms", "--accept-loss"));
        assertEquals(
                List.of("understudy: beta lacks 3 rows. [NOT_IN_SYNC]", "  -> Wait."),
                terminal.errors());
        assertTrue(node.calls().get(0).contains("\"acceptLoss\" : true"));
    }

    @Test
    void aProblemIsOneLineOfCauseAndOneOfNextStep() {
        node.answers(
                SWITCH,
                409,
                "{\"type\":\"urn:x\",\"title\":\"No\",\"status\":409,\"code\":\"PEER_NOT_READY\","
                        + "\"detail\":\"beta is not able to serve nms.\",\"next\":\"Mend beta.\"}");
        assertEquals(ExitCode.FAILED, terminal.run("switchover", "nms"));
        assertEquals(
                List.of(
                        "understudy: beta is not able to serve nms. [PEER_NOT_READY]",
                        "  -> Mend beta."),
                terminal.errors());
    }

    @Test
    void aResetOfTheStoreNeedsAWord() {
        node.answers("POST /api/v1/store/reset", 200, "{\"reset\":true}");
        assertEquals(ExitCode.USAGE, terminal.run("store", "reset"));
        assertEquals(List.of(), node.calls());
        assertTrue(terminal.errors().get(1).contains("--yes"), terminal.err());
        assertTrue(terminal.out().contains("All leases are forgotten"), terminal.out());
        Terminal sure = user(Locale.ROOT);
        assertEquals(ExitCode.DONE, sure.run("store", "reset", "--yes"), sure.err());
        assertEquals(1, node.calls().size());
        assertTrue(sure.out().contains("Done in"), sure.out());
    }

    @Test
    void aRefusedResetSaysWhoIsMissing() {
        node.answers(
                "POST /api/v1/store/reset",
                409,
                "{\"code\":\"REFUSED\",\"detail\":\"missing: beta.\",\"next\":\"Start beta.\"}");
        assertEquals(ExitCode.FAILED, terminal.run("store", "reset", "--yes"));
        assertEquals(
                List.of("understudy: missing: beta. [REFUSED]", "  -> Start beta."),
                terminal.errors());
    }

    @Test
    void aVoterIsReadmitted() {
        node.answers("POST /api/v1/instances/nms/readmit", 200, "{\"instance\":\"nms\"}");
        assertEquals(ExitCode.DONE, terminal.run("readmit", "nms"), terminal.err());
        assertTrue(terminal.out().contains("votes again on nms"), terminal.out());
    }

    @Test
    void aMemberIsRemovedAndAdmitted() {
        node.answers(
                "POST /api/v1/members/alpha/remove",
                200,
                "{\"node\":\"alpha\",\"removed\":true,\"votes\":true,\"groups\":"
                        + "[{\"group\":\"campus\",\"nodes\":[\"beta\"]}]}");
        assertEquals(
                ExitCode.DONE, terminal.run("node", "remove", "alpha", "--force"), terminal.err());
        assertTrue(terminal.out().contains("campus stands alone on beta"), terminal.out());
        assertTrue(terminal.out().contains("stays empty"), terminal.out());
        node.answers(
                "POST /api/v1/members/alpha/admit",
                200,
                "{\"node\":\"alpha\",\"removed\":false,\"votes\":true,\"groups\":[]}");
        assertEquals(ExitCode.DONE, terminal.run("node", "admit", "alpha"), terminal.err());
        assertTrue(terminal.out().contains("may take part again"), terminal.out());
        assertEquals(ExitCode.USAGE, terminal.run("node"), terminal.err());
    }

    @Test
    void applyShowsTheDifferenceFirst() throws IOException {
        Path file = Files.writeString(directory.resolve("group.yaml"), "group: campus\n");
        node.answers(
                        "PUT /api/v1/configuration?dryRun=true",
                        200,
                        "{\"version\":\"2.4\",\"applied\":false,\"differences\":[\"+ campus\"]}")
                .answers(
                        "PUT /api/v1/configuration?dryRun=false",
                        200,
                        "{\"version\":\"2.5\",\"applied\":true,\"differences\":[\"+ campus\"]}");
        assertEquals(ExitCode.DONE, terminal.run("apply", "-f", file.toString(), "--dry-run"));
        assertEquals(1, node.calls().size());
        assertEquals(ExitCode.DONE, terminal.run("apply", "-f", file.toString()));
        assertTrue(terminal.out().contains("+ campus"), terminal.out());
        assertTrue(terminal.out().contains("2.5"), terminal.out());
        assertEquals("PUT /api/v1/configuration?dryRun=false group: campus", node.calls().get(2));
    }

    @Test
    void everyWrongFieldIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("group.yaml"), "group: 7\n");
        node.answers(
                "PUT /api/v1/configuration?dryRun=true",
                422,
                "{\"code\":\"INVALID_CONFIGURATION\",\"detail\":\"It breaks rules.\",\"next\":\"Mend.\","
                        + "\"problems\":[{\"field\":\"group\",\"problem\":\"is a number\",\"mend\":\"write a"
                        + " name\"}]}");
        assertEquals(ExitCode.FAILED, terminal.run("apply", "-f", file.toString()));
        assertEquals("  group is a number: write a name", terminal.errors().get(1));
    }

    @Test
    void eventsAreLines() {
        node.answers(
                "GET /api/v1/events?after=4&limit=200",
                200,
                "[{\"number\":5,\"time\":\"2026-11-20T07:00:01.123Z\",\"node\":\"alpha\",\"instance\":\"nms\","
                        + "\"severity\":\"ALARM\",\"code\":\"NONE_SUCH\",\"details\":{},\"message\":\"It broke.\"}]");
        assertEquals(ExitCode.DONE, terminal.run("events", "--after", "4"));
        assertTrue(terminal.out().contains("It broke."), terminal.out());
        assertEquals(ExitCode.DONE, terminal.run("events", "--after", "4", "--json"));
        assertEquals(1, terminal.out().lines().count());
    }

    @Test
    void holdsAndReleases() throws IOException {
        String view =
                "{\"instance\":\"nms\",\"by\":\"ann\",\"reason\":\"disk\","
                        + "\"since\":\"2026-01-02T12:00:00Z\",\"until\":\"2026-01-02T14:00:00Z\"}";
        node.answers("POST /api/v1/instances/nms/hold", 200, view);
        node.answers("DELETE /api/v1/instances/nms/hold", 200, view);
        assertEquals(
                ExitCode.DONE,
                terminal.run("hold", "nms", "--for", "2h", "--reason", "disk"),
                terminal.err());
        assertTrue(terminal.out().contains("nms is held for maintenance until"), terminal.out());
        assertEquals(ExitCode.DONE, terminal.run("release", "nms"), terminal.err());
        int calls = node.calls().size();
        assertEquals(ExitCode.USAGE, terminal.run("hold", "nms", "--for", "2h"));
        assertEquals(ExitCode.USAGE, terminal.run("hold", "nms", "--reason", "disk"));
        assertEquals(
                ExitCode.USAGE,
                terminal.run("hold", "nms", "--for", "2h", "--until", "17:30", "--reason", "disk"));
        assertEquals(
                ExitCode.USAGE, terminal.run("hold", "nms", "--until", "soon", "--reason", "x"));
        assertEquals(calls, node.calls().size());
        assertEquals(
                ExitCode.DONE,
                terminal.run("hold", "nms", "--until", "17:30", "--reason", "disk"),
                terminal.err());
    }

    @Test
    void whatCannotBeReachedIsThree() throws IOException {
        String dead = node.url();
        node.close();
        assertEquals(ExitCode.UNREACHABLE, terminal.run("status"));
        assertTrue(terminal.errors().get(0).contains(dead), terminal.err());
        assertEquals(2, terminal.errors().size());
        node = new FakeNode();
        assertEquals(ExitCode.UNREACHABLE, user(Locale.ROOT).run("status"), "a node that boots");
    }

    @Test
    void asksTheNextNodeWhenOneIsDeadOrBooting() throws IOException {
        node.answers("GET /api/v1/cluster", 200, cluster());
        Map<String, String> environment =
                Map.of("UNDERSTUDY_ENDPOINTS", directory.resolve("endpoints").toString());
        Closeable announced =
                Endpoints.of(environment)
                        .announce(
                                new Endpoints.Entry("http://127.84.1.2:9", token),
                                new Endpoints.Entry(node.url(), token));
        Terminal user = new Terminal(environment, Locale.ROOT);
        assertEquals(ExitCode.DONE, user.run("status"), user.err());
        announced.close();
        try (FakeNode booting = new FakeNode()) {
            Closeable both =
                    Endpoints.of(environment)
                            .announce(
                                    new Endpoints.Entry(booting.url(), token),
                                    new Endpoints.Entry(node.url(), token));
            assertEquals(ExitCode.DONE, user.run("status"), user.err());
            assertEquals(1, booting.calls().size());
            both.close();
        }
        assertFalse(Files.exists(directory.resolve("endpoints")));
    }

    @Test
    void wrongUsageIsTwo() {
        assertEquals(ExitCode.USAGE, terminal.run());
        assertEquals(ExitCode.USAGE, terminal.run("explode"));
        assertEquals(ExitCode.USAGE, terminal.run("switchover"));
        assertEquals(ExitCode.USAGE, terminal.run("switchover", "nms", "--wait", "soon"));
        assertEquals(ExitCode.USAGE, terminal.run("status", "--url", "alpha"));
        assertEquals(0, node.calls().size());
    }

    @Test
    void aWrongTokenIsSaid() throws IOException {
        Files.writeString(token, "wrong");
        assertEquals(ExitCode.FAILED, terminal.run("status"));
        assertTrue(terminal.errors().get(0).contains("UNAUTHENTICATED"), terminal.err());
    }

    private static String cluster() throws IOException {
        try (InputStream in = CommandsTest.class.getResourceAsStream("cluster.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
