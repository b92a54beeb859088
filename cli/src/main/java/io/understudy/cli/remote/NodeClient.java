package io.understudy.cli.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Speaks REST to one of several nodes: the first that takes the connection. Keys that this version
 * does not know are ignored, so that it can show what a newer node says.
 */
public final class NodeClient {

    /** Reads and writes the bodies; also for {@code --json}. */
    public static final ObjectMapper JSON =
            new ObjectMapper()
                    .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                    .enable(SerializationFeature.INDENT_OUTPUT);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

    private final List<Endpoints.Entry> nodes;
    private final Console console;
    private final HttpClient http;

    /**
     * @param nodes which, in the order to try them; at least one
     * @param console for the texts of failures
     */
    public NodeClient(List<Endpoints.Entry> nodes, Console console) {
        this.nodes = List.copyOf(nodes);
        this.console = console;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_LIMIT)
                        .build();
    }

    /**
     * Gets a resource.
     *
     * @param path after the node's base address, with query
     * @throws Failure if no node answers, or the one that does refuses
     */
    public JsonNode get(String path) {
        return call("GET", path, HttpRequest.BodyPublishers.noBody(), "application/json");
    }

    /** Posts {@code body}, written as JSON. */
    public JsonNode post(String path, Object body) {
        try {
            return call(
                    "POST",
                    path,
                    HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)),
                    "application/json");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + body, e);
        }
    }

    /** Deletes a resource; returns what the node says of it. */
    public JsonNode delete(String path) {
        return call("DELETE", path, HttpRequest.BodyPublishers.noBody(), "application/json");
    }

    /**
     * Puts a YAML document.
     *
     * @param condition the header If-Match: a version in double quotes, or {@code *}
     */
    public JsonNode put(String path, String yaml, String condition) {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(yaml);
        return call("PUT", path, body, "application/yaml", "If-Match", condition);
    }

    /**
     * Opens a stream of server-sent events, which the caller closes.
     *
     * @param path after the node's base address, with query
     * @throws Failure if no node answers, or the one that does refuses
     */
    public EventStream stream(String path) {
        return atOneOf(
                node -> {
                    EventStream stream = new EventStream();
                    HttpResponse<String> answer =
                            http.send(
                                    request(node, path)
                                            .header("Accept", "text/event-stream")
                                            .GET()
                                            .build(),
                                    head ->
                                            head.statusCode() == 200
                                                    ? lines(stream)
                                                    : HttpResponse.BodySubscribers.ofString(
                                                            StandardCharsets.UTF_8));
                    if (answer.statusCode() != 200) {
                        read(node, answer);
                    }
                    return stream;
                });
    }

    /** Is there as soon as the head is; the lines go to the stream as they come. */
    private static HttpResponse.BodySubscriber<String> lines(EventStream stream) {
        HttpResponse.BodySubscriber<Void> whole =
                HttpResponse.BodySubscribers.fromLineSubscriber(stream);
        return new HttpResponse.BodySubscriber<>() {
            @Override
            public CompletionStage<String> getBody() {
                return CompletableFuture.completedFuture("");
            }

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                whole.onSubscribe(subscription);
            }

            @Override
            public void onNext(List<ByteBuffer> bytes) {
                whole.onNext(bytes);
            }

            @Override
            public void onError(Throwable gone) {
                whole.onError(gone);
            }

            @Override
            public void onComplete() {
                whole.onComplete();
            }
        };
    }

    /** Turns an answer into one of the view records. */
    public <T> T as(JsonNode node, Class<T> type) {
        try {
            return JSON.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw console.failure(ExitCode.FAILED, "client.strange", nodes.get(0).url());
        }
    }

    private JsonNode call(
            String method,
            String path,
            HttpRequest.BodyPublisher body,
            String contentType,
            String... headers) {
        return atOneOf(
                node -> {
                    HttpRequest.Builder request =
                            request(node, path)
                                    .header("Accept", "application/json, application/problem+json")
                                    .header("Content-Type", contentType)
                                    .header("X-Operator", operator())
                                    .method(method, body);
                    if (headers.length > 0) {
                        request.headers(headers);
                    }
                    return read(
                            node, http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
                });
    }

    private HttpRequest.Builder request(Endpoints.Entry node, String path) {
        return HttpRequest.newBuilder(URI.create(node.url() + path))
                .timeout(ANSWER_LIMIT)
                .header("Authorization", "Bearer " + token(node.tokenFile()))
                .header("Accept-Language", console.messages().language());
    }

    /** What is asked of one node. */
    private interface Question<T> {
        T ask(Endpoints.Entry node) throws IOException, InterruptedException, NotUp;
    }

    private <T> T atOneOf(Question<T> question) {
        List<String> tried = new ArrayList<>();
        Failure booting = null;
        for (Endpoints.Entry node : nodes) {
            try {
                return question.ask(node);
            } catch (NotUp e) {
                booting = e.failure();
            } catch (ConnectException | HttpConnectTimeoutException e) {
                tried.add(node.url());
            } catch (IOException e) {
                // Sent perhaps: trying the next node could do it twice.
                throw console.failure(ExitCode.UNREACHABLE, "client.no-answer", node.url(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw console.failure(ExitCode.UNREACHABLE, "client.no-answer", node.url(), e);
            }
        }
        throw booting != null
                ? booting
                : console.failure(
                        ExitCode.UNREACHABLE, "client.unreachable", String.join(", ", tried));
    }

    /** Who asks, for the event log: noted there, not trusted. */
    private static String operator() {
        return System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._@-]", "_");
    }

    private String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "client.token-unreadable", file);
        }
    }

    /** The node's server is up and the application is not: nothing was done, ask the next one. */
    private static final class NotUp extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Failure failure;

        NotUp(Failure failure) {
            super(failure);
            this.failure = failure;
        }

        Failure failure() {
            return failure;
        }
    }

    private JsonNode read(Endpoints.Entry node, HttpResponse<String> answer) throws NotUp {
        JsonNode body = null;
        try {
            body = JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            if (answer.statusCode() < 400) {
                throw console.failure(ExitCode.FAILED, "client.strange", node.url());
            }
        }
        if (answer.statusCode() < 400 && body != null && !body.isMissingNode()) {
            return body;
        }
        boolean asked = answer.request().method().equals("GET");
        throw refusal(node, answer.statusCode(), body, asked);
    }

    /**
     * A node that boots answers 404, 503, a 500 of the server's own and even an empty 200 before
     * the application is there. Of what was to be done a 500 may be the end.
     */
    private Failure refusal(Endpoints.Entry node, int status, JsonNode body, boolean asked)
            throws NotUp {
        if (body == null || !body.isObject() || !body.has("code")) {
            if (status == 404 || status == 503 || status == 200 || status == 500 && asked) {
                throw new NotUp(
                        console.failure(ExitCode.UNREACHABLE, "client.not-up", node.url(), status));
            }
            return console.failure(ExitCode.FAILED, "client.status", node.url(), status);
        }
        String cause = text(body, "detail", text(body, "title", "HTTP " + status));
        List<String> details = new ArrayList<>();
        for (String list : new String[] {"errors", "problems"}) {
            for (JsonNode problem : body.path(list)) {
                String field = text(problem, "field", "");
                details.add(
                        (field.isEmpty() ? "" : field + " ")
                                + text(problem, "problem", "")
                                + ": "
                                + text(problem, "mend", ""));
            }
        }
        return new Failure(
                ExitCode.FAILED,
                cause + " [" + text(body, "code", "") + "]",
                text(body, "next", ""),
                details);
    }

    private static String text(JsonNode node, String field, String otherwise) {
        String value = node.path(field).asText("");
        return value.isEmpty() || value.equals("null") ? otherwise : value;
    }
}
