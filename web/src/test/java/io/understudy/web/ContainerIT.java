package io.understudy.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.instance.InstanceName;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.Readiness;
import io.understudy.ejb.control.RefusedException;
import io.understudy.web.security.AdminToken;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The finished WAR in a real Payara Micro, without a node file: what only a container can show. */
@ExtendWith(ArquillianExtension.class)
class ContainerIT {

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @Inject private NodeControl node;
    @ArquillianResource private URI base;

    @Deployment
    static WebArchive war() {
        return ShrinkWrap.create(ZipImporter.class, "understudy.war")
                .importFrom(new File("target/understudy.war"))
                .as(WebArchive.class)
                .addClasses(EchoResource.class, EchoResource.Echo.class);
    }

    @Test
    void theRecoveryManagerIsThereAndIdle() {
        RefusedException refused = assertThrows(RefusedException.class, node::view);
        assertEquals(ErrorCode.NOT_CONFIGURED, refused.code());
        assertFalse(node.active(InstanceName.of("nms")));
        Readiness readiness = node.readiness();
        assertFalse(Readiness.all(readiness.ready()));
        assertTrue(Readiness.all(readiness.live()));
    }

    @Test
    void refusalsCrossTheEjbContainerAsTheyAre() throws Exception {
        HttpResponse<String> answer = get("api/v1/cluster", true);
        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("\"code\":\"NOT_CONFIGURED\""), answer.body());
        assertEquals(
                "application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
    }

    @Test
    void theContainerDoesNotAnswerForUs() throws Exception {
        assertEquals(401, get("api/v1/cluster", false).statusCode());
        assertTrue(get("api/v1/nix", true).body().contains("\"code\":\"NOT_FOUND\""));
        HttpResponse<String> page = get("nix.html", false);
        assertEquals(404, page.statusCode());
        assertTrue(page.body().contains("\"code\":\"NOT_FOUND\""), page.body());
        assertEquals(503, get("api/v1/instances/nms/active", true).statusCode());
        assertEquals("no\n", get("api/v1/instances/nms/active", false).body());
    }

    @Test
    void jsonIsOursAndNotTheContainers() throws Exception {
        assertEquals("{\"text\":null}", get("api/v1/echo", true).body());
        HttpResponse<String> unknown =
                send(
                        request("api/v1/echo", true)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"tex\":1}")));
        assertEquals(400, unknown.statusCode());
        assertTrue(unknown.body().contains("MALFORMED_REQUEST"), unknown.body());
    }

    @Test
    void healthAnswersUnderNamesOfOurOwn() throws Exception {
        HttpResponse<String> live = get("health/live", false);
        assertEquals(200, live.statusCode());
        assertTrue(live.body().contains("understudy-live"), live.body());
        HttpResponse<String> ready = get("health/ready", false);
        assertEquals(503, ready.statusCode());
        assertTrue(ready.body().contains("understudy-ready"), ready.body());
        assertTrue(get("health/started", false).body().contains("understudy-started"));
    }

    @Test
    void openApiDescribesTheInterface() throws Exception {
        String document = get("openapi", false).body();
        assertTrue(document.contains("/api/v1/instances/{name}/{action}"), document);
        assertTrue(document.contains("bearer"), document);
    }

    @Test
    void thePageIsServedWithItsHeaders() throws Exception {
        HttpResponse<String> page = get("", false);
        assertEquals(200, page.statusCode());
        assertTrue(page.body().contains("page/page.js"));
        String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
        assertTrue(policy.contains("default-src 'none'"), policy);
        HttpResponse<String> script = get("page/page.js", false);
        assertTrue(
                script.headers()
                        .firstValue("Content-Type")
                        .orElse("")
                        .startsWith("text/javascript"));
        assertTrue(get("api/v1/texts?language=ko", false).body().contains("정상"));
    }

    @Test
    void eventsWaitWithoutBlocking() throws Exception {
        long begun = System.nanoTime();
        assertEquals("[]", get("api/v1/events?after=0&wait=1", true).body());
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(took.compareTo(Duration.ofMillis(900)) > 0, took.toString());
    }

    @Test
    void metricsAreReadUnderTheirDocumentedNames() throws Exception {
        String text = get("metrics", false).body();
        for (int i = 0; i < 40 && !text.contains("understudy_node_up"); i++) {
            Thread.sleep(250);
            text = get("metrics", false).body();
        }
        assertTrue(
                text.lines().anyMatch(line -> line.matches("understudy_node_up(\\{.*})? 0(\\.0)?")),
                text);
    }

    @Test
    void theEventStreamBeginsAndBeatsWithoutEvents() throws Exception {
        assertEquals(401, get("api/v1/events/stream", false).statusCode());
        HttpResponse<InputStream> stream =
                HttpClient.newHttpClient()
                        .send(
                                request("api/v1/events/stream", true).build(),
                                HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, stream.statusCode());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertEquals("retry: 2000", lines.readLine());
            assertEquals("", lines.readLine());
            assertEquals(": beat", lines.readLine());
        }
    }

    private HttpResponse<String> get(String path, boolean token) throws Exception {
        return send(request(path, token));
    }

    private HttpRequest.Builder request(String path, boolean token) throws IOException {
        if (System.getProperty(AdminToken.DATA_PROPERTY) == null) {
            // This runs inside the container: the data directory is the test's to name.
            Path data = Files.createTempDirectory("understudy-it");
            Files.writeString(data.resolve("token"), TOKEN);
            System.setProperty(AdminToken.DATA_PROPERTY, data.toString());
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(20));
        return token ? request.header("Authorization", "Bearer " + TOKEN) : request;
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
