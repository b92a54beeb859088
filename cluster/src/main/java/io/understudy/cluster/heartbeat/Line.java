package io.understudy.cluster.heartbeat;

import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Path;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The heartbeat's sockets on one network: one to receive, and a connected one per peer to send,
 * because only a connected one is told when the peer's kernel says that nobody listens there. All
 * are bound to this member's own address.
 */
final class Line implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Line.class.getName());

    /** What a sending socket's key carries. */
    record Sender(NodeName peer, Path path) {}

    private final Selector selector;
    private final Path path;
    private final InetAddress own;
    private final int port;
    private final DatagramChannel receiver;
    private final Map<NodeName, DatagramChannel> senders = new HashMap<>();
    private final Set<NodeName> troubled = new HashSet<>();
    private final ByteBuffer nothing = ByteBuffer.allocate(1);

    /**
     * @throws IOException if this host does not have the address, or the port is taken
     */
    Line(Selector selector, Path path, InetAddress own, int port) throws IOException {
        this.selector = selector;
        this.path = path;
        this.own = own;
        this.port = port;
        this.receiver = DatagramChannel.open();
        try {
            receiver.bind(new InetSocketAddress(own, port));
            receiver.configureBlocking(false);
            receiver.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            receiver.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    /** Begins to send to a peer, at another address than before if it had one. */
    void connect(NodeName peer, InetAddress to) throws IOException {
        disconnect(peer);
        DatagramChannel sender = DatagramChannel.open();
        try {
            sender.bind(new InetSocketAddress(own, 0));
            sender.connect(new InetSocketAddress(to, port));
            sender.configureBlocking(false);
            sender.register(selector, SelectionKey.OP_READ, new Sender(peer, path));
        } catch (IOException e) {
            sender.close();
            throw e;
        }
        senders.put(peer, sender);
    }

    /** Sends to a peer no more. */
    void disconnect(NodeName peer) {
        DatagramChannel sender = senders.remove(peer);
        if (sender != null) {
            try {
                sender.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "closing a sending socket", e);
            }
        }
    }

    /** Fills the buffer with the next datagram; returns who sent it, null if there is none. */
    InetAddress receive(ByteBuffer buffer) throws IOException {
        buffer.clear();
        SocketAddress from = receiver.receive(buffer);
        buffer.flip();
        return from == null ? null : ((InetSocketAddress) from).getAddress();
    }

    boolean reaches(NodeName peer) {
        return senders.containsKey(peer);
    }

    void send(NodeName peer, ByteBuffer datagram) throws IOException {
        senders.get(peer).write(datagram);
        if (troubled.remove(peer)) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "Heartbeats to {0} can be sent again ({1}).",
                    peer,
                    path);
        }
    }

    /** Says once that sending does not work; it is tried again with every beat. */
    void problem(NodeName peer, IOException e) {
        if (troubled.add(peer)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Heartbeats to {0} cannot be sent ({1}): {2}. Check the route to its address.",
                    peer,
                    path,
                    e.getMessage());
        }
    }

    /** Takes what a sending socket was told by the peer's kernel. */
    boolean isUnreachable(NodeName peer) {
        DatagramChannel sender = senders.get(peer);
        if (sender == null) {
            return false;
        }
        nothing.clear();
        try {
            sender.read(nothing);
            return false;
        } catch (PortUnreachableException e) {
            return true;
        } catch (IOException e) {
            problem(peer, e);
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        receiver.close();
        for (DatagramChannel sender : senders.values()) {
            sender.close();
        }
    }
}
