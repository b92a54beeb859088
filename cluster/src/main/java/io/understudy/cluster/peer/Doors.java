package io.understudy.cluster.peer;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.understudy.core.config.NodeConfiguration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The addresses of its own at which a member answers its peers: {@code node.address}, which must be
 * there, and the direct link's, which is tried again until it is.
 */
final class Doors implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Doors.class.getName());
    private static final int BACKLOG = 64;
    private static final long TRY_MILLIS = 1000;

    private final Optional<InetSocketAddress> second;
    private final HttpHandler handler;
    private final Executor threads;
    private final ScheduledExecutorService timer;
    private final HttpServer main;
    private HttpServer direct;
    private boolean told;
    private boolean closed;

    /**
     * Binds the first; nothing is answered until {@link #start}.
     *
     * @param threads answer; owned by the caller, as is {@code timer}
     * @throws IOException if the port cannot be bound; the message names address and port
     */
    Doors(
            NodeConfiguration node,
            int port,
            HttpHandler handler,
            Executor threads,
            ScheduledExecutorService timer)
            throws IOException {
        this.handler = handler;
        this.threads = threads;
        this.timer = timer;
        // The guard is asked at its main address only: what is proven there counts.
        this.second =
                node.directAddress()
                        .filter(address -> port == node.peerPort())
                        .map(address -> new InetSocketAddress(address, port));
        try {
            main = bound(new InetSocketAddress(node.address(), port));
        } catch (IOException e) {
            throw new IOException(
                    "The peer port "
                            + node.address()
                            + ":"
                            + port
                            + " cannot be bound ("
                            + e.getMessage()
                            + "). Is another process using it, or is node.address not an address of"
                            + " this host?",
                    e);
        }
    }

    private HttpServer bound(InetSocketAddress address) throws IOException {
        HttpServer server = HttpServer.create(address, BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", handler);
        return server;
    }

    void start() {
        main.start();
        openDirect();
    }

    private synchronized void openDirect() {
        if (second.isEmpty() || closed) {
            return;
        }
        try {
            direct = bound(second.get());
            direct.start();
        } catch (IOException e) {
            if (!told) {
                told = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "No calls by the direct link: {0} cannot be bound ({1}). It is tried again;"
                                + " look at node.direct-address and the interface.",
                        second.get(),
                        e.getMessage());
            }
            timer.schedule(this::openDirect, TRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Frees the ports at once, that of {@code node.address} last: it is what proves life. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (direct != null) {
                direct.stop(0);
            }
        }
        main.stop(0);
    }
}
