package io.understudy.ejb.service;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcProberTest {

    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final String SECRET = "hunter2-very-secret";

    @TempDir Path directory;
    private final JdbcProber prober = new JdbcProber();

    @AfterEach
    void close() {
        prober.close();
    }

    private Probe.Jdbc probe(String url) throws Exception {
        Path password = directory.resolve("password");
        Files.writeString(password, SECRET + "\n");
        return new Probe.Jdbc(url, Optional.of("u"), Optional.of(password.toString()), "SELECT 1");
    }

    private static ServerSocket listen() throws Exception {
        return new ServerSocket(0, 5, InetAddress.getByName("127.94.1.1"));
    }

    /** Answers as PostgreSQL does: first the request for a clear password, then what is given. */
    private static void serve(ServerSocket server, byte[] then) {
        Thread thread =
                new Thread(
                        () -> {
                            try (Socket socket = server.accept();
                                    InputStream in = socket.getInputStream()) {
                                in.readNBytes(8);
                                socket.getOutputStream().write('N');
                                in.read();
                                socket.getOutputStream()
                                        .write(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 3});
                                in.read(new byte[4096]);
                                socket.getOutputStream().write(then);
                                in.read(new byte[4096]);
                            } catch (IOException e) {
                                // The client went away; the test looks at the client.
                            }
                        },
                        "fake-postgres");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void aDatabaseThatRefusesIsBadAndThePasswordIsNotSaid() throws Exception {
        byte[] words =
                "SFATAL\0C28P01\0Mpassword authentication failed\0\0"
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] error = new byte[words.length + 5];
        error[0] = 'E';
        error[4] = (byte) (words.length + 4);
        System.arraycopy(words, 0, error, 5, words.length);
        try (ServerSocket server = listen()) {
            serve(server, error);
            ProbeResult result =
                    prober.ask(
                            probe("jdbc:postgresql://127.94.1.1:" + server.getLocalPort() + "/x"),
                            Duration.ofSeconds(5));
            assertFalse(result.good());
            assertTrue(result.problem().contains("authentication failed"), result::problem);
            assertFalse(result.problem().contains(SECRET), result::problem);
        }
    }

    @Test
    void aDatabaseThatHangsIsBadInTime() throws Exception {
        try (ServerSocket server = listen()) {
            long begun = System.nanoTime();
            ProbeResult result =
                    prober.ask(
                            probe("jdbc:postgresql://127.94.1.1:" + server.getLocalPort() + "/x"),
                            LIMIT);
            assertFalse(result.good());
            assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(4));
        }
    }

    @Test
    void whoIsNotThereIsNamed() throws Exception {
        int port;
        try (ServerSocket server = listen()) {
            port = server.getLocalPort();
        }
        ProbeResult result =
                prober.ask(probe("jdbc:postgresql://127.94.1.1:" + port + "/x"), LIMIT);
        assertTrue(result.problem().contains("refused"), result::problem);
    }

    @Test
    void aDriverThatIsMissingIsNamed() throws Exception {
        assertTrue(
                prober.ask(probe("jdbc:mariadb://127.94.1.1/x"), LIMIT)
                        .problem()
                        .contains("org.mariadb.jdbc.Driver is not in this application"));
        assertTrue(
                prober.ask(probe("jdbc:oracle:thin:x"), LIMIT)
                        .problem()
                        .contains("no driver for 'oracle'"));
    }

    @Test
    void aPasswordFileThatIsMissingIsNamed() throws Exception {
        Probe.Jdbc probe =
                new Probe.Jdbc(
                        "jdbc:postgresql://127.94.1.1/x",
                        Optional.of("u"),
                        Optional.of(directory.resolve("no").toString()),
                        "SELECT 1");
        assertTrue(prober.ask(probe, LIMIT).problem().contains("password file"));
    }
}
