package io.understudy.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.web.security.OpenToAll;
import io.understudy.web.security.OperatorsOnly;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, who does not. */
class SecurityTest {

    @TempDir java.nio.file.Path data;
    private java.nio.file.Path token;
    private RestServer server;

    @BeforeEach
    void start() throws IOException {
        token = data.resolve("token");
        Files.writeString(token, RestServer.TOKEN + "\n");
        server = new RestServer(token);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyResourceMethodSaysWhoMayCallIt() {
        List<String> silent = new ArrayList<>();
        int seen = 0;
        for (Class<?> resource : resources()) {
            for (Method method : resource.getDeclaredMethods()) {
                if (isEndpoint(method)) {
                    seen++;
                    boolean operators = method.isAnnotationPresent(OperatorsOnly.class);
                    boolean everybody = method.isAnnotationPresent(OpenToAll.class);
                    if (operators == everybody) {
                        silent.add(resource.getSimpleName() + "." + method.getName());
                    }
                }
            }
        }
        assertTrue(seen >= 10, "found only " + seen + " resource methods");
        assertEquals(
                List.of(),
                silent,
                "Annotate each of these with @OperatorsOnly, or with @OpenToAll if strangers may"
                        + " call it; not with both:");
    }

    @Test
    void everythingElseNeedsTheToken() throws Exception {
        for (String path :
                List.of(
                        "/cluster",
                        "/events",
                        "/configuration",
                        "/operations/1",
                        "/node/readiness")) {
            HttpResponse<String> answer = server.send(server.request(path));
            RestTest.problem(401, ErrorCode.UNAUTHENTICATED, answer);
            assertTrue(answer.headers().firstValue("WWW-Authenticate").isPresent());
        }
        HttpResponse<String> options =
                server.send(
                        server.request("/cluster")
                                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        RestTest.problem(401, ErrorCode.UNAUTHENTICATED, options);
    }

    @Test
    void wrongTokensDoNotPassNorDoBodiesBeforeThem() throws Exception {
        for (String header :
                List.of(
                        "Bearer " + RestServer.TOKEN.substring(1),
                        "Bearer " + RestServer.TOKEN + "0",
                        "Bearer ",
                        "Basic " + RestServer.TOKEN,
                        RestServer.TOKEN)) {
            HttpResponse<String> answer =
                    server.send(
                            server.request("/instances/nms/failover")
                                    .header("Authorization", header)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString("{broken")));
            RestTest.problem(401, ErrorCode.UNAUTHENTICATED, answer);
        }
        assertTrue(server.node.commands.isEmpty());
    }

    @Test
    void anEmptyOrMissingTokenFileLetsNobodyIn() throws Exception {
        Files.writeString(token, "");
        RestTest.problem(
                503,
                ErrorCode.NO_TOKEN,
                server.send(server.request("/cluster").header("Authorization", "Bearer x")));
        Files.delete(token);
        RestTest.problem(503, ErrorCode.NO_TOKEN, server.get("/cluster"));
    }

    @Test
    void aNewTokenCountsAtOnce() throws Exception {
        Files.writeString(token, "f".repeat(64));
        assertEquals(401, server.get("/cluster").statusCode());
    }

    @Test
    void guessingIsSlowedDownAndTheRightTokenStillPasses() throws Exception {
        int refused = 0;
        HttpResponse<String> last = null;
        for (int i = 0; i < 12; i++) {
            last =
                    server.send(
                            server.request("/cluster").header("Authorization", "Bearer guess" + i));
            refused += last.statusCode() == 429 ? 1 : 0;
        }
        assertEquals(2, refused);
        RestTest.problem(429, ErrorCode.TOO_MANY_ATTEMPTS, last);
        int wait = Integer.parseInt(last.headers().firstValue("Retry-After").orElseThrow());
        assertTrue(wait > 0 && wait <= 61, "Retry-After " + wait);
        assertEquals(200, server.get("/cluster").statusCode());
    }

    @Test
    void theTokenIsNeverLogged() throws Exception {
        List<String> lines = new ArrayList<>();
        Handler handler = new Collecting(lines);
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        try {
            server.get("/cluster");
            server.send(server.request("/cluster").header("Authorization", "Bearer wrong-secret"));
        } finally {
            root.removeHandler(handler);
        }
        assertTrue(lines.stream().anyMatch(line -> line.contains("Wrong token")), lines.toString());
        assertFalse(lines.stream().anyMatch(line -> line.contains("wrong-secret")));
        assertFalse(lines.stream().anyMatch(line -> line.contains(RestServer.TOKEN)));
    }

    private static boolean isEndpoint(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .anyMatch(type -> type.isAnnotationPresent(HttpMethod.class));
    }

    private static List<Class<?>> resources() {
        List<Class<?>> found = new ArrayList<>();
        for (JavaClass one :
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.understudy.web")) {
            if (one.isAnnotatedWith(Path.class)) {
                found.add(one.reflect());
            }
        }
        return found;
    }

    private static final class Collecting extends Handler {

        private final List<String> lines;

        private Collecting(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(String.valueOf(line.getMessage()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
