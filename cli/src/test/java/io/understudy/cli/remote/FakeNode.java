package io.understudy.cli.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A node's REST interface with answers that a test has prepared. */
public final class FakeNode implements AutoCloseable {

    /** The token it accepts. */
    public static final String TOKEN = "0123456789abcdef";

    private final HttpServer server;
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    private record Answer(int status, String body) {}

    /** Listens on a free port of an address of this test's own. */
    public FakeNode() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.84.1.1", 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    /** Returns the base address. */
    public String url() {
        return "http://127.84.1.1:" + server.getAddress().getPort();
    }

    /** Prepares the next answer to METHOD /PATH; the last one prepared is given for ever. */
    public FakeNode answers(String call, int status, String body) {
        answers.computeIfAbsent(call, c -> new ArrayDeque<>()).add(new Answer(status, body));
        return this;
    }

    /** Returns what was asked so far: METHOD /PATH BODY. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            calls.add((call + " " + body).strip());
            Answer answer = next(call);
            if (!("Bearer " + TOKEN)
                    .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer =
                        new Answer(
                                401,
                                "{\"code\":\"UNAUTHENTICATED\",\"detail\":\"The request carries no"
                                        + " valid token.\",\"next\":\"Send it.\"}");
            }
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Answer next(String call) {
        Deque<Answer> prepared = answers.get(call);
        if (prepared == null) {
            return new Answer(404, "");
        }
        return prepared.size() > 1 ? prepared.poll() : prepared.peek();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
