package io.understudy.ejb.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it is told. */
final class FakeGuard implements AutoCloseable {

    final List<String> lines = new CopyOnWriteArrayList<>();
    private final ServerSocketChannel server;
    private volatile SocketChannel line;

    /** Does not read while this is true. */
    volatile boolean idle;

    FakeGuard(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(this::serve, "fake-guard");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        try (SocketChannel accepted = server.accept()) {
            line = accepted;
            accepted.write(ByteBuffer.wrap("ready\n".getBytes(UTF_8)));
            BufferedReader reader = new BufferedReader(Channels.newReader(accepted, UTF_8));
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                lines.add(text);
                while (idle) {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException e) {
            lines.add("closed");
        }
    }

    @Override
    public void close() throws IOException {
        if (line != null) {
            line.close();
        }
        server.close();
    }
}
