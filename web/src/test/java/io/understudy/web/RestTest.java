package io.understudy.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.OperatorCommand;
import io.understudy.ejb.control.RefusedException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each address answers, errors included. */
class RestTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path data;
    private static RestServer server;

    @BeforeAll
    static void start() throws IOException {
        Path token = data.resolve("token");
        Files.writeString(token, RestServer.TOKEN + "\n");
        server = new RestServer(token);
    }

    @BeforeEach
    void forget() {
        server.node.reset();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void showsTheCluster() throws Exception {
        HttpResponse<String> answer = server.get("/cluster");
        assertEquals(200, answer.statusCode());
        JsonNode cluster = JSON.readTree(answer.body());
        assertEquals("campus", cluster.get("cluster").asText());
        assertTrue(cluster.get("redundancyProblem").isNull());
    }

    @ParameterizedTest
    @EnumSource(OperatorCommand.Kind.class)
    void beginsEveryAction(OperatorCommand.Kind kind) throws Exception {
        HttpResponse<String> answer =
                server.post(
                        "/instances/nms/" + kind.name().toLowerCase(java.util.Locale.ROOT),
                        "{\"acceptLoss\":true,\"comment\":\"fire drill\"}");
        assertEquals(202, answer.statusCode());
        OperatorCommand command = server.node.commands.get(0);
        assertEquals(kind, command.kind());
        assertTrue(command.acceptLoss());
        assertEquals("fire drill", command.comment());
        assertTrue(command.by().startsWith("operator from 127."), command.by());
        String location = answer.headers().firstValue("Location").orElseThrow();
        assertTrue(location.endsWith("/api/v1/operations/1"), location);
        assertEquals(200, server.get("/operations/1").statusCode());
    }

    @Test
    void takesAnActionWithoutABody() throws Exception {
        HttpResponse<String> answer =
                server.send(
                        server.operator("/instances/nms/switchover")
                                .POST(HttpRequest.BodyPublishers.noBody()));
        assertEquals(202, answer.statusCode(), answer.body());
        assertFalse(server.node.commands.get(0).acceptLoss());
    }

    @Test
    void passesARefusalOnWithItsNextStep() throws Exception {
        server.node.refusal =
                new RefusedException(ErrorCode.NOT_IN_SYNC, "beta lacks 3 MB.", "Wait.");
        HttpResponse<String> answer = server.post("/instances/nms/failover", "{}");
        JsonNode problem = problem(409, ErrorCode.NOT_IN_SYNC, answer);
        assertEquals("beta lacks 3 MB.", problem.get("detail").asText());
        assertEquals("Wait.", problem.get("next").asText());
    }

    @Test
    void namesWhatIsNotThere() throws Exception {
        problem(404, ErrorCode.UNKNOWN_INSTANCE, server.post("/instances/nix/failover", "{}"));
        problem(404, ErrorCode.UNKNOWN_INSTANCE, server.post("/instances/a%20b/failover", "{}"));
        problem(404, ErrorCode.NOT_FOUND, server.post("/instances/nms/explode", "{}"));
        problem(404, ErrorCode.UNKNOWN_OPERATION, server.get("/operations/77"));
        problem(404, ErrorCode.NOT_FOUND, server.get("/nix"));
        problem(404, ErrorCode.NOT_FOUND, server.get("/application.wadl"));
    }

    @Test
    void refusesMethodsAndFormsThatItDoesNotHave() throws Exception {
        HttpResponse<String> wrongMethod = server.send(server.operator("/cluster").DELETE());
        problem(405, ErrorCode.METHOD_NOT_ALLOWED, wrongMethod);
        assertTrue(wrongMethod.headers().firstValue("Allow").orElse("").contains("GET"));
        problem(
                415,
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                server.send(
                        server.operator("/instances/nms/failover")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString("now"))));
        problem(
                406,
                ErrorCode.NOT_ACCEPTABLE,
                server.send(server.operator("/cluster").header("Accept", "image/png")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"x\"",
                "null",
                "{} {}",
                "{\"acceptLos\":true}",
                "{\"acceptLoss\":\"maybe\"}",
                "{\"comment\":\"a\",\"comment\":\"b\"}"
            })
    void refusesABodyThatCannotBeRead(String body) throws Exception {
        problem(400, ErrorCode.MALFORMED_REQUEST, server.post("/instances/nms/failover", body));
        assertTrue(server.node.commands.isEmpty());
    }

    @Test
    void namesTheUnknownKeyAndRefusesLongComments() throws Exception {
        HttpResponse<String> unknown =
                server.post("/instances/nms/failover", "{\"acceptLos\":true}");
        assertTrue(unknown.body().contains("acceptLos"), unknown.body());
        problem(
                400,
                ErrorCode.MALFORMED_REQUEST,
                server.post(
                        "/instances/nms/failover", "{\"comment\":\"" + "x".repeat(501) + "\"}"));
    }

    @Test
    void refusesABodyThatIsTooLarge() throws Exception {
        String large = "x".repeat(1024 * 1024 + 1);
        problem(413, ErrorCode.TOO_LARGE, server.put("/configuration", large));
    }

    @Test
    void hidesTheUnexpectedBehindANumber() throws Exception {
        Logger log = Logger.getLogger("io.understudy.web.problem.ProblemMapper");
        Level before = log.getLevel();
        log.setLevel(Level.OFF);
        try {
            server.node.failure = new IllegalStateException("the secret of the bug");
            HttpResponse<String> answer = server.get("/cluster");
            JsonNode problem = problem(500, ErrorCode.INTERNAL_ERROR, answer);
            assertFalse(answer.body().contains("secret"), answer.body());
            assertEquals(36, problem.get("incident").asText().length());
        } finally {
            log.setLevel(before);
        }
    }

    @Test
    void answersLoadBalancersWithoutAToken() throws Exception {
        assertEquals(200, anonymous("/instances/nms/active"));
        assertEquals(503, anonymous("/instances/nms/standby"));
        assertEquals(503, anonymous("/instances/log/active"));
        assertEquals(200, anonymous("/instances/log/standby"));
        assertEquals(503, anonymous("/instances/nix/active"));
        assertEquals(503, anonymous("/instances/a%20b/active"));
        assertEquals("yes\n", server.send(server.request("/instances/nms/active")).body());
    }

    @Test
    void tellsClientsWhenToLogInAgainWithoutATokenAndStrangersNoNames() throws Exception {
        JsonNode limits = relogin("nms");
        assertEquals(120_000, limits.get("leastMillis").asLong());
        assertEquals(537_000, limits.get("mostMillis").asLong());
        assertEquals("{\"leastMillis\":0,\"mostMillis\":1000}", relogin("nix").toString());
        assertEquals(relogin("nix"), relogin("a%20b"));
    }

    private static JsonNode relogin(String instance) throws Exception {
        String path = "/instances/" + instance + "/relogin";
        return JSON.readTree(server.send(server.request(path)).body());
    }

    @Test
    void showsTheNewestEventsUnlessToldWhereToBegin() throws Exception {
        for (int i = 1; i <= 5; i++) {
            server.node.happens("E" + i);
        }
        JsonNode newest = JSON.readTree(server.get("/events?limit=2").body());
        assertEquals(4, newest.get(0).get("number").asInt());
        assertEquals("ops", newest.get(0).get("details").get("by").asText());
        JsonNode from = JSON.readTree(server.get("/events?after=1&limit=2").body());
        assertEquals(2, from.get(0).get("number").asInt());
        assertEquals(2, from.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"after=x", "after=-1", "limit=0", "limit=1001", "wait=31", "wait=1s"})
    void refusesParametersOutOfRange(String query) throws Exception {
        problem(400, ErrorCode.MALFORMED_REQUEST, server.get("/events?" + query));
    }

    @Test
    void waitsForTheNextEvent() throws Exception {
        server.node.happens("FIRST");
        ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
        try {
            long begun = System.nanoTime();
            later.schedule(() -> server.node.happens("SECOND"), 300, TimeUnit.MILLISECONDS);
            HttpResponse<String> answer = server.get("/events?after=1&wait=15");
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertEquals("SECOND", JSON.readTree(answer.body()).get(0).get("code").asText());
            assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, took.toString());
        } finally {
            later.shutdownNow();
        }
        assertEquals("[]", server.get("/events?after=2&wait=1").body());
    }

    @Test
    void lets300WaitAtOnceWithoutAThreadEach() throws Exception {
        CompletableFuture<?>[] waiting = new CompletableFuture<?>[300];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = server.sendLater(server.operator("/events?after=0&wait=10"));
        }
        assertEquals(200, server.get("/cluster").statusCode());
        server.node.happens("FIRST");
        CompletableFuture.allOf(waiting).get(15, TimeUnit.SECONDS);
    }

    @Test
    void showsTheConfigurationAsADocumentOrAsJson() throws Exception {
        HttpResponse<String> document = server.get("/configuration");
        assertEquals("group: campus\n", document.body());
        assertEquals("\"2.1\"", document.headers().firstValue("ETag").orElseThrow());
        HttpResponse<String> json =
                server.send(server.operator("/configuration").header("Accept", "application/json"));
        assertEquals("2.1", JSON.readTree(json.body()).get("version").asText());
    }

    @Test
    void appliesAConfiguration() throws Exception {
        HttpResponse<String> dry = server.put("/configuration?dryRun=true", "group: campus");
        assertFalse(JSON.readTree(dry.body()).get("applied").asBoolean());
        HttpResponse<String> done = putIfMatch("*");
        assertEquals(200, done.statusCode());
        assertEquals("\"2.2\"", done.headers().firstValue("ETag").orElseThrow());
    }

    @Test
    void listsEverythingThatIsWrongWithAConfiguration() throws Exception {
        JsonNode problem =
                problem(
                        422,
                        ErrorCode.INVALID_CONFIGURATION,
                        server.put("/configuration?dryRun=true", "nodes: [alpha]"));
        assertEquals("nodes", problem.get("problems").get(0).get("field").asText());
        assertEquals("Name two nodes.", problem.get("problems").get(0).get("mend").asText());
    }

    @Test
    void appliesOnlyToTheVersionThatTheCallerSaw() throws Exception {
        assertEquals(200, putIfMatch("\"2.1\"").statusCode());
        assertEquals(200, putIfMatch("*").statusCode());
        problem(412, ErrorCode.CONFIGURATION_CHANGED, putIfMatch("\"1.9\""));
        HttpResponse<String> blind = server.put("/configuration", "group: campus");
        problem(428, ErrorCode.CONDITION_MISSING, blind);
        problem(400, ErrorCode.MALFORMED_REQUEST, putIfMatch("2.1"));
        problem(400, ErrorCode.MALFORMED_REQUEST, putIfMatch("W/\"2.1\""));
    }

    @Test
    void takesAPairApartAndMakesOneAgain() throws Exception {
        server.node.shapes.clear();
        assertEquals(200, server.post("/groups/campus/unpair", "{}").statusCode());
        assertEquals(200, server.post("/groups/campus/unpair", "{\"keep\":\"beta\"}").statusCode());
        String beta = "{\"node\":\"beta\",\"home\":true}";
        assertEquals(200, server.post("/groups/campus/pair", beta).statusCode());
        assertTrue(server.node.shapes.get(0).startsWith("unpair campus - operator from"));
        assertTrue(server.node.shapes.get(1).startsWith("unpair campus beta operator"));
        assertTrue(server.node.shapes.get(2).startsWith("pair campus beta true operator"));
        HttpResponse<String> nobody = server.post("/groups/campus/pair", "{}");
        problem(400, ErrorCode.MALFORMED_REQUEST, nobody);
        HttpResponse<String> odd = server.post("/groups/campus/unpair", "{\"keep\":\"b_\"}");
        problem(400, ErrorCode.MALFORMED_REQUEST, odd);
    }

    @Test
    void removesAMemberAndAdmitsIt() throws Exception {
        server.node.shapes.clear();
        assertEquals(200, server.post("/members/alpha/remove", "{}").statusCode());
        HttpResponse<String> done = server.post("/members/alpha/remove", "{\"force\":true}");
        assertEquals("campus", JSON.readTree(done.body()).at("/groups/0/group").asText());
        assertEquals(200, server.post("/members/alpha/admit", "{}").statusCode());
        assertTrue(server.node.shapes.get(0).startsWith("remove alpha false operator from"));
        assertTrue(server.node.shapes.get(1).startsWith("remove alpha true operator from"));
        assertTrue(server.node.shapes.get(2).startsWith("admit alpha operator from"));
        problem(400, ErrorCode.MALFORMED_REQUEST, server.post("/members/b_/admit", "{}"));
    }

    @Test
    void resetsTheStoreAndReadmitsAVoter() throws Exception {
        HttpResponse<String> reset = server.post("/store/reset", "{}");
        assertEquals(200, reset.statusCode(), reset.body());
        assertTrue(JSON.readTree(reset.body()).get("reset").asBoolean());
        assertEquals(200, server.post("/instances/nms/readmit", "{}").statusCode());
        assertTrue(server.node.emergencies.get(0).startsWith("reset operator from 127."));
        assertTrue(server.node.emergencies.get(1).startsWith("readmit nms operator from 127."));
        problem(404, ErrorCode.UNKNOWN_INSTANCE, server.post("/instances/nix/readmit", "{}"));
    }

    @Test
    void startsAndStopsServicesByHandAndShowsTheirLog() throws Exception {
        assertEquals(202, server.post("/instances/nms/services/web/start", "{}").statusCode());
        assertEquals(
                202,
                server.post("/instances/nms/services/web/stop?confirm=true", "{}").statusCode());
        assertTrue(server.node.emergencies.get(0).contains("service=web, start=true"));
        assertTrue(server.node.emergencies.get(1).contains("start=false, confirmed=true"));
        HttpResponse<String> log = server.get("/instances/nms/services/web/log?lines=3");
        assertEquals("3 lines from -1\n", JSON.readTree(log.body()).get("text").asText());
        problem(
                400,
                ErrorCode.MALFORMED_REQUEST,
                server.get("/instances/nms/services/web/log?lines=5000"));
        problem(
                404,
                ErrorCode.UNKNOWN_INSTANCE,
                server.post("/instances/nix/services/web/stop", "{}"));
    }

    @Test
    void refusesAnEmergencyMeasureWithItsNextStep() throws Exception {
        server.node.refusal =
                new RefusedException(ErrorCode.REFUSED, "missing: beta.", "Start beta.");
        for (String path : new String[] {"/store/reset", "/instances/nms/readmit"}) {
            JsonNode problem = problem(409, ErrorCode.REFUSED, server.post(path, "{}"));
            assertEquals("missing: beta.", problem.get("detail").asText());
            assertEquals("Start beta.", problem.get("next").asText());
        }
        assertTrue(server.node.emergencies.isEmpty());
    }

    @Test
    void stopsTheNode() throws Exception {
        assertEquals(202, server.post("/node/stop", "{\"handOver\":true}").statusCode());
        assertEquals(202, server.post("/node/stop", "{}").statusCode());
        assertTrue(server.node.stops.get(0).startsWith("true operator from 127."));
        assertTrue(server.node.stops.get(1).startsWith("false operator"));
    }

    @Test
    void tellsReadinessInWords() throws Exception {
        JsonNode readiness = JSON.readTree(server.get("/node/readiness").body());
        assertEquals("Answers.", readiness.get("ready").get(0).get("words").asText());
    }

    @Test
    void givesTheTextsInTheReadersLanguageWithoutAToken() throws Exception {
        HttpResponse<String> answer =
                server.send(server.request("/texts").header("Accept-Language", "zh-Hant"));
        JsonNode texts = JSON.readTree(answer.body());
        assertEquals("zh-TW", texts.get("language").asText());
        assertEquals("正常", texts.get("texts").get("state.NORMAL").asText());
        assertEquals(5, texts.get("languages").size());
    }

    private HttpResponse<String> putIfMatch(String tag) throws Exception {
        return server.send(
                server.operator("/configuration")
                        .header("Content-Type", "text/yaml")
                        .header("If-Match", tag)
                        .PUT(HttpRequest.BodyPublishers.ofString("group: campus")));
    }

    private int anonymous(String path) throws Exception {
        return server.send(server.request(path)).statusCode();
    }

    static JsonNode problem(int status, ErrorCode code, HttpResponse<String> answer)
            throws IOException {
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse("none"));
        JsonNode problem = JSON.readTree(answer.body());
        assertEquals(code.name(), problem.get("code").asText());
        assertEquals(status, problem.get("status").asInt());
        assertFalse(problem.get("next").asText().isBlank());
        assertEquals("urn:understudy:error:" + code, problem.get("type").asText());
        return problem;
    }
}
