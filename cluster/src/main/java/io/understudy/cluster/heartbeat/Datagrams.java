package io.understudy.cluster.heartbeat;

import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
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
 * The heartbeat's sockets: one to receive, and a connected one per peer to send, because only a
 * connected one is told when the peer's kernel says that nobody listens there.
 */
final class Datagrams implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Datagrams.class.getName());

    private final Selector selector;
    private final DatagramChannel receiver;
    private final Map<NodeName, DatagramChannel> senders = new HashMap<>();
    private final Set<NodeName> troubled = new HashSet<>();
    private final ByteBuffer nothing = ByteBuffer.allocate(1);

    Datagrams(NodeConfiguration node) throws IOException {
        selector = Selector.open();
        receiver = DatagramChannel.open();
        try {
            receiver.bind(new InetSocketAddress(node.address(), node.peerPort()));
            receiver.configureBlocking(false);
            receiver.register(selector, SelectionKey.OP_READ);
            for (NodeConfiguration.Member member : node.members()) {
                if (!member.name().equals(node.name())) {
                    DatagramChannel sender = DatagramChannel.open();
                    senders.put(member.name(), sender);
                    sender.bind(new InetSocketAddress(node.address(), 0));
                    sender.connect(new InetSocketAddress(member.address(), node.peerPort()));
                    sender.configureBlocking(false);
                    sender.register(selector, SelectionKey.OP_READ, member.name());
                }
            }
        } catch (IOException e) {
            close();
            throw new IOException(
                    "The heartbeat's UDP port "
                            + node.address()
                            + ":"
                            + node.peerPort()
                            + " cannot be bound ("
                            + e.getMessage()
                            + "). Is another process using it, or is node.address not an address of"
                            + " this host?",
                    e);
        }
    }

    Selector selector() {
        return selector;
    }

    /** Fills the buffer with the next datagram; returns who sent it, null if there is none. */
    InetAddress receive(ByteBuffer buffer) throws IOException {
        buffer.clear();
        SocketAddress from = receiver.receive(buffer);
        buffer.flip();
        return from == null ? null : ((InetSocketAddress) from).getAddress();
    }

    void send(NodeName peer, ByteBuffer datagram) throws IOException {
        senders.get(peer).write(datagram);
        if (troubled.remove(peer)) {
            LOG.log(System.Logger.Level.INFO, "Heartbeats to {0} can be sent again.", peer);
        }
    }

    /** Says once that sending does not work; it is tried again with every beat. */
    void problem(NodeName peer, IOException e) {
        if (troubled.add(peer)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Heartbeats to {0} cannot be sent: {1}. Check the route to its address.",
                    peer,
                    e.getMessage());
        }
    }

    /** Takes what a sending socket was told by the peer's kernel. */
    boolean isUnreachable(NodeName peer) {
        nothing.clear();
        try {
            senders.get(peer).read(nothing);
            return false;
        } catch (PortUnreachableException e) {
            return true;
        } catch (IOException e) {
            problem(peer, e);
            return false;
        }
    }

    @Override
    public void close() {
        try {
            receiver.close();
            for (DatagramChannel sender : senders.values()) {
                sender.close();
            }
            selector.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "closing the heartbeat's sockets", e);
        }
    }
}
