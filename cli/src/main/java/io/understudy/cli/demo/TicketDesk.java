package io.understudy.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The demo's service: hands out tickets and keeps them in the instance's database. {@code POST
 * /tickets} answers only when the ticket is safe, {@code GET /tickets} tells how many there are,
 * {@code GET /health} whether the desk is open.
 */
public final class TicketDesk {

    private static final System.Logger LOG = System.getLogger(TicketDesk.class.getName());
    private static final int LONGEST_TEXT = 1000;
    private static final int THREADS = 8;

    private final TicketStore store;

    TicketDesk(TicketStore store) {
        this.store = store;
    }

    /** Takes address and port; learns of the database by the environment that a node gives. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: TicketDesk ADDRESS PORT");
            System.exit(2);
        }
        InetSocketAddress address =
                new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        new TicketDesk(store(System.getenv())).open(address);
    }

    private static TicketStore store(Map<String, String> environment) {
        for (String prefix : new String[] {"UNDERSTUDY_DATABASE_1_", "UNDERSTUDY_DATABASE_0_"}) {
            if (environment.containsKey(prefix + "HOST")) {
                return new TicketStore(
                        "jdbc:postgresql://"
                                + environment.get(prefix + "HOST")
                                + ":"
                                + environment.get(prefix + "PORT")
                                + "/"
                                + environment.get(prefix + "NAME"),
                        environment.get(prefix + "USER"),
                        Path.of(environment.get(prefix + "PASSWORD_FILE")));
            }
        }
        throw new IllegalStateException(
                "no UNDERSTUDY_DATABASE_1_HOST in the environment: run it as a node's service");
    }

    HttpServer open(InetSocketAddress address) throws IOException {
        HttpServer server = HttpServer.create(address, 64);
        ExecutorService threads =
                Executors.newFixedThreadPool(THREADS, task -> new Thread(task, "ticket-desk"));
        server.setExecutor(threads);
        server.createContext("/health", exchange -> answer(exchange, 200, "open\n"));
        server.createContext("/tickets", this::tickets);
        server.start();
        LOG.log(System.Logger.Level.INFO, "open at {0}", address);
        return server;
    }

    private void tickets(HttpExchange exchange) throws IOException {
        try {
            switch (exchange.getRequestMethod()) {
                case "POST" -> {
                    byte[] body = exchange.getRequestBody().readNBytes(LONGEST_TEXT);
                    long id = store.add(new String(body, StandardCharsets.UTF_8));
                    answer(exchange, 201, "{\"id\":" + id + "}\n");
                }
                case "GET" -> answer(exchange, 200, store.summary() + "\n");
                default -> answer(exchange, 405, "GET or POST\n");
            }
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.WARNING, "the database refuses: {0}", e.getMessage());
            answer(exchange, 503, "{\"error\":\"The database is not available now.\"}\n");
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", text.startsWith("{") ? "application/json" : "text/plain");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
