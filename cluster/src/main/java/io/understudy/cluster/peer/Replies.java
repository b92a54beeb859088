package io.understudy.cluster.peer;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads the envelope of a call and signs what is answered. */
final class Replies {

    private final byte[] key;

    Replies(byte[] key) {
        this.key = key;
    }

    /** Returns what a call says of itself; null if it is no call of a member. */
    static Envelope envelope(HttpExchange exchange) {
        var headers = exchange.getRequestHeaders();
        try {
            return new Envelope(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    text(headers.getFirst(Envelope.FROM)),
                    text(headers.getFirst(Envelope.TO)),
                    text(headers.getFirst(Envelope.MEMBER)),
                    text(headers.getFirst(Envelope.SESSION)),
                    Long.parseLong(text(headers.getFirst(Envelope.COUNTER))),
                    text(headers.getFirst(Envelope.CHALLENGE)),
                    text(headers.getFirst(Envelope.NONCE)));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String text(String header) {
        return header == null ? "" : header;
    }

    void refuse(HttpExchange exchange, Envelope envelope, String why) throws IOException {
        reason(exchange, envelope, 409, why);
    }

    void reason(HttpExchange exchange, Envelope envelope, int status, String why)
            throws IOException {
        byte[] text = String.valueOf(why).getBytes(StandardCharsets.UTF_8);
        reply(exchange, envelope, status, Envelope.KIND_REPLY, text);
    }

    void reply(HttpExchange exchange, Envelope envelope, int status, String kind, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set(Envelope.KIND, kind);
        exchange.getResponseHeaders().set(Envelope.MAC, envelope.replyMac(key, status, kind, body));
        send(exchange, status, body);
    }

    /** Refuses somebody who may be a stranger: tells nothing, and ends the connection. */
    static void unsigned(HttpExchange exchange, int status, String why) throws IOException {
        exchange.getResponseHeaders().set("Connection", "close");
        send(exchange, status, why.getBytes(StandardCharsets.US_ASCII));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
