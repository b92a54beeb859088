package io.understudy.cluster.heartbeat;

import io.understudy.core.config.IpAddress;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.DirectLink;
import io.understudy.core.peer.Path;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The heartbeat's networks. The one of {@code node.address} must be there at the start; the direct
 * link may be missing, and is tried again until it is there.
 */
final class Datagrams implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Datagrams.class.getName());
    private static final long TRY_EVERY = 1_000_000_000L;

    private final Selector selector;
    private final NodeConfiguration node;
    private final Map<NodeName, InetAddress> direct = new HashMap<>();
    private final List<Line> lines = new ArrayList<>();
    private boolean missing;
    private long triedAt;

    /** Takes a datagram. */
    interface Taker {
        void take(Path path, InetAddress from);
    }

    Datagrams(NodeConfiguration node, long now) throws IOException {
        this.node = node;
        selector = Selector.open();
        try {
            Line main =
                    new Line(
                            selector,
                            Path.MAIN,
                            InetAddress.getByName(node.address()),
                            node.peerPort());
            lines.add(main);
            for (NodeConfiguration.Member member : node.members()) {
                if (!member.name().equals(node.name())) {
                    main.connect(member.name(), InetAddress.getByName(member.address()));
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
        if (node.directAddress().isPresent()) {
            triedAt = now;
            openDirect();
        }
    }

    Selector selector() {
        return selector;
    }

    /** Opens the direct link if it has to be and can be; at most once a second. */
    void lookAfterDirect(long now) {
        if (node.directAddress().isPresent() && now - triedAt > TRY_EVERY) {
            triedAt = now;
            if (missing) {
                openDirect();
            } else {
                connectAll();
            }
        }
    }

    private void connectAll() {
        for (Line line : lines) {
            for (Map.Entry<NodeName, InetAddress> peer : direct.entrySet()) {
                if (line.path() == Path.DIRECT && !line.reaches(peer.getKey())) {
                    try {
                        line.connect(peer.getKey(), peer.getValue());
                    } catch (IOException e) {
                        line.problem(peer.getKey(), e);
                    }
                }
            }
        }
    }

    private void openDirect() {
        String address = node.directAddress().get();
        try {
            Line line =
                    new Line(
                            selector, Path.DIRECT, InetAddress.getByName(address), node.peerPort());
            lines.add(line);
            missing = false;
            connectAll();
        } catch (IOException e) {
            if (!missing) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "No beats by the direct link: {0} port {1} cannot be bound ({2}). It is"
                                + " tried again; look at node.direct-address and the interface.",
                        address,
                        Integer.toString(node.peerPort()),
                        e.getMessage());
            }
            missing = true;
        }
    }

    /**
     * Begins to send to a peer by the direct link too, if it is on this member's.
     *
     * @param address what it says; empty: it has none
     * @return where it is reached; empty: there is no link between the two
     */
    Optional<InetAddress> direct(NodeName peer, String address) {
        direct.remove(peer);
        for (Line line : lines) {
            if (line.path() == Path.DIRECT) {
                line.disconnect(peer);
            }
        }
        Optional<IpAddress> own = node.directAddress().flatMap(IpAddress::parse);
        Optional<IpAddress> theirs = IpAddress.parse(address);
        if (own.isEmpty()
                || theirs.isEmpty()
                || !DirectLink.joins(own.get(), prefix(), theirs.get())) {
            return Optional.empty();
        }
        try {
            InetAddress to = InetAddress.getByName(address);
            direct.put(peer, to);
            connectAll();
            return Optional.of(to);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("it was read as an address: " + address, e);
        }
    }

    /** Returns how many bits of the direct address name its network, if this host has it. */
    private OptionalInt prefix() {
        try {
            InetAddress own = InetAddress.getByName(node.directAddress().orElseThrow());
            NetworkInterface device = NetworkInterface.getByInetAddress(own);
            if (device != null) {
                for (InterfaceAddress each : device.getInterfaceAddresses()) {
                    if (each.getAddress().equals(own)) {
                        return OptionalInt.of(each.getNetworkPrefixLength());
                    }
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "looking for the direct link's network", e);
        }
        return OptionalInt.empty();
    }

    /** Gives every datagram that is there to {@code taker}, in {@code buffer}. */
    void receive(ByteBuffer buffer, Taker taker) throws IOException {
        for (Line line : lines) {
            InetAddress from;
            while ((from = line.receive(buffer)) != null) {
                taker.take(line.path(), from);
            }
        }
    }

    /** Returns the peers whose kernel says that nobody listens at their main address. */
    List<NodeName> unreachable() {
        List<NodeName> found = new ArrayList<>();
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.attachment() instanceof Line.Sender sender) {
                for (Line line : lines) {
                    if (line.path() == sender.path()
                            && line.isUnreachable(sender.peer())
                            && line.path() == Path.MAIN) {
                        found.add(sender.peer());
                    }
                }
            }
        }
        selector.selectedKeys().clear();
        return found;
    }

    /** Returns the networks. */
    List<Line> lines() {
        return lines;
    }

    @Override
    public void close() {
        try {
            for (Line line : lines) {
                line.close();
            }
            selector.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "closing the heartbeat's sockets", e);
        }
    }
}
