package io.understudy.systemtests;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.OperationView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A node's REST, as an operator's tools use it. Thread safe. */
public final class NodeApi {

    private static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private static final String HOLD = "/api/v1/instances/" + Layout.INSTANCE + "/hold";

    private final String url;
    private final Path tokenFile;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(1))
                    .build();

    NodeApi(String url, Path tokenFile) {
        this.url = url;
        this.tokenFile = tokenFile;
    }

    /** An answer with its status. */
    public record Answer(int status, String body) {

        /** What asks for patience. */
        private static final Set<Integer> NOT_YET = Set.of(404, 408, 409, 412, 429);

        /**
         * Returns whether the same request will never be taken: it is the request that is wrong,
         * and the node itself says so. Before the application is up its server answers in HTML.
         */
        public boolean isFinal() {
            boolean problem = body.startsWith("{");
            return problem && status >= 400 && status < 500 && !NOT_YET.contains(status);
        }
    }

    /** Returns the whole state as this node sees it; empty if it does not answer now. */
    public Optional<ClusterView> view() {
        try {
            Answer answer = send("GET", "/api/v1/cluster", null, Duration.ofSeconds(3));
            return answer.status() == 200
                    ? Optional.of(JSON.readValue(answer.body(), ClusterView.class))
                    : Optional.empty();
        } catch (IOException down) {
            return Optional.empty();
        }
    }

    /** Returns how many characters the whole state has; 0 if it does not come. */
    public int size() {
        try {
            return send("GET", "/api/v1/cluster", null, Duration.ofSeconds(10)).body().length();
        } catch (IOException down) {
            return 0;
        }
    }

    /** Begins an action; the body is an {@link OperationView} or a problem. */
    public Answer act(String action) throws IOException {
        return act(Layout.INSTANCE, action);
    }

    /** Begins an action on an instance; the body is an {@link OperationView} or a problem. */
    public Answer act(String instance, String action) throws IOException {
        return send(
                "POST",
                "/api/v1/instances/" + instance + "/" + action,
                "{\"comment\":\"system test\"}",
                Duration.ofSeconds(5));
    }

    /** Changes the nodes of the group: {@code unpair} or {@code pair}. */
    public Answer shape(String action, String json) throws IOException {
        String path = "/api/v1/groups/" + Layout.INSTANCE + "/" + action;
        return send("POST", path, json, Duration.ofSeconds(12));
    }

    /** Holds the instance for so long, like {@code 5m}; the body is the hold or a problem. */
    public Answer hold(String lasts, String reason) throws IOException {
        return send(
                "POST",
                HOLD,
                "{\"for\":\"" + lasts + "\",\"reason\":\"" + reason + "\"}",
                Duration.ofSeconds(10));
    }

    /** Releases the instance. */
    public Answer release() throws IOException {
        return send("DELETE", HOLD, null, Duration.ofSeconds(10));
    }

    /** Changes who takes part: {@code remove} or {@code admit}. */
    public Answer member(String name, String action, String json) throws IOException {
        String path = "/api/v1/members/" + name + "/" + action;
        return send("POST", path, json, Duration.ofSeconds(30));
    }

    /** Returns how an operation is getting on. */
    public OperationView operation(String id) throws IOException {
        return operation(send("GET", "/api/v1/operations/" + id, null, Duration.ofSeconds(3)));
    }

    /** Reads an operation out of an answer. */
    static OperationView operation(Answer answer) throws IOException {
        return JSON.readValue(answer.body(), OperationView.class);
    }

    /** Makes the cluster's groups as {@code yaml} says. */
    public Answer apply(String yaml) throws IOException {
        return send("PUT", "/api/v1/configuration?dryRun=false", yaml, Duration.ofSeconds(10));
    }

    /**
     * Makes the cluster's groups as {@code yaml} says if the node is ready for it.
     *
     * @return whether it did; if not it may yet
     * @throws AssertionError with the node's words if it never will
     */
    public boolean takes(String yaml) {
        try {
            Answer answer = apply(yaml);
            if (answer.isFinal()) {
                throw new AssertionError("the node refuses the group: " + answer.body());
            }
            return answer.status() == 200;
        } catch (IOException notUp) {
            return false;
        }
    }

    /** Returns the events from the first on, as the node prints them. */
    public String events() throws IOException {
        return send("GET", "/api/v1/events", null, Duration.ofSeconds(3)).body();
    }

    /** Asks as a load balancer does, without a token: does this node serve the instance? */
    public boolean active() throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        url + "/api/v1/instances/" + Layout.INSTANCE + "/active"))
                        .timeout(Duration.ofSeconds(1))
                        .build();
        return send(request).status() == 200;
    }

    private Answer send(String method, String path, String body, Duration limit)
            throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(limit)
                        .header("Authorization", "Bearer " + Files.readString(tokenFile).strip())
                        .header("Accept", "application/json");
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            boolean yaml = method.equals("PUT");
            if (yaml) {
                request.header("If-Match", "*");
            }
            request.header("Content-Type", yaml ? "application/yaml" : "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return send(request.build());
    }

    private Answer send(HttpRequest request) throws IOException {
        try {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
