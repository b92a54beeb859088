package io.understudy.cli.guard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.LongSupplier;

/**
 * The Unix domain socket on which the app server speaks to its guard. One connection at a time;
 * when it closes, for whatever reason, the guard kills all children.
 */
public final class GuardSocket implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(GuardSocket.class.getName());

    /** The kernel's limit for the path of a Unix domain socket (sun_path), less the final zero. */
    public static final int LONGEST_PATH = 107;

    private final Guard guard;
    private final GuardProtocol protocol;
    private final LongSupplier nanos;
    private final Path path;
    private final ServerSocketChannel server;
    private final Thread thread;

    /**
     * Binds the socket and starts to listen, on a thread named {@code guard-socket}.
     *
     * @param guard what to tell
     * @param path where; an old socket there is replaced
     * @param nanos the guard's clock
     * @throws IOException if it cannot be bound
     */
    public GuardSocket(Guard guard, Path path, LongSupplier nanos) throws IOException {
        this.guard = guard;
        this.protocol = new GuardProtocol(guard);
        this.nanos = nanos;
        this.path = path;
        Files.deleteIfExists(path);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path), 1);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        thread = new Thread(this::serve, "guard-socket");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel connection = server.accept()) {
                converse(connection);
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "the guard's socket failed: " + path, e);
            }
        }
    }

    private void converse(SocketChannel connection) {
        try {
            guard.connectionOpened();
            connection.write(ByteBuffer.wrap("ready\n".getBytes(StandardCharsets.UTF_8)));
            BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(
                                    Channels.newInputStream(connection), StandardCharsets.UTF_8),
                            1024);
            String line;
            while ((line = lines.readLine()) != null) {
                for (String answer : protocol.obey(line, nanos.getAsLong())) {
                    connection.write(
                            ByteBuffer.wrap((answer + "\n").getBytes(StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the server's line to its guard broke: {0}",
                    e.getMessage());
        } finally {
            guard.connectionClosed();
        }
    }

    /** Stops listening and removes the socket. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot remove " + path, e);
        }
    }
}
