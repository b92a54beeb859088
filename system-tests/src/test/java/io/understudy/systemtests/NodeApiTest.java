package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node refuses for good is not asked for again and again. */
class NodeApiTest {

    private static final String WORDS = "{\"problems\":[\"line 3: no such node\"]}";

    @TempDir Path directory;

    @Test
    void aWrongGroupFailsAtOnceWithTheNodesWords() throws IOException {
        for (int status : new int[] {400, 401, 413, 422, 428}) {
            AssertionError refused = assertThrows(AssertionError.class, () -> asked(status, WORDS));
            assertTrue(refused.getMessage().contains(WORDS), refused::getMessage);
        }
    }

    @Test
    void aNodeThatIsNotReadyIsAskedAgain() throws IOException {
        for (int status : new int[] {404, 409, 412, 429, 500, 503}) {
            assertFalse(asked(status, WORDS), "" + status);
        }
        assertFalse(asked(403, "<html>not deployed yet</html>"));
        assertTrue(asked(200, "{}"));
        Path token = Files.writeString(directory.resolve("token"), "t");
        assertFalse(new NodeApi("http://127.0.0.1:1", token).takes("group: x"));
        assertFalse(new NodeApi("http://127.0.0.1:1", directory.resolve("none")).takes("x"));
    }

    private boolean asked(int status, String words) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "t");
        HttpServer node =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        node.createContext(
                "/",
                exchange -> {
                    byte[] body = words.getBytes(StandardCharsets.UTF_8);
                    assertEquals("PUT", exchange.getRequestMethod());
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        node.start();
        try {
            return new NodeApi("http://127.0.0.1:" + node.getAddress().getPort(), token)
                    .takes("group: x");
        } finally {
            node.stop(0);
        }
    }
}
