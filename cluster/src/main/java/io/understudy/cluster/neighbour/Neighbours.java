package io.understudy.cluster.neighbour;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerRefusal;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.core.address.Confirmation.Seen;
import io.understudy.core.config.IpAddress;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/**
 * Asks on the wire who has an address, for another member that wants to know whether its own is
 * reached. A datagram to a port where nothing listens makes this host's kernel find the hardware
 * address, by ARP or neighbour discovery; then its table says which. So the answer is where this
 * host really sends to, and no privilege is needed.
 */
public final class Neighbours {

    /** How long a question may take, the way to the member included. */
    public static final Duration LIMIT = Duration.ofMillis(900);

    private static final System.Logger LOG = System.getLogger(Neighbours.class.getName());
    private static final String PATH = "/neighbour";
    private static final Semaphore LOOKING = new Semaphore(4);
    private static final int DISCARD = 9;
    private static final int LOOK_MILLIS = 20;
    private static final long PATIENCE_NANOS = 300_000_000L;

    private Neighbours() {}

    /** On the wire: which address. */
    record Question(String address) {}

    /** On the wire: which hardware address, or why that cannot be said; both null: nobody. */
    record Answer(String mac, String cannot) {}

    /** Answers the other members from now on. */
    public static void serve(PeerServer server) {
        server.handle(PATH, request -> answer(request.as(Question.class)));
    }

    /** Asks a member; never exceptional: one that does not answer cannot say. */
    public static CompletionStage<Seen> ask(PeerClient client, NodeName member, IpAddress address) {
        return client.call(member, PATH, new Question(address.toString()), Answer.class, LIMIT)
                .handle(
                        (answer, error) ->
                                error != null || answer == null
                                        ? new Seen(
                                                member,
                                                Optional.empty(),
                                                Optional.of("does not answer"))
                                        : new Seen(
                                                member,
                                                Optional.ofNullable(answer.mac()),
                                                Optional.ofNullable(answer.cannot())));
    }

    private static Answer answer(Question question) throws PeerRefusal {
        IpAddress address =
                IpAddress.parse(String.valueOf(question.address()))
                        .orElseThrow(() -> new PeerRefusal("That is no address."));
        // The threads are those that the ledger needs, most of all when many instances move.
        if (!LOOKING.tryAcquire()) {
            return new Answer(null, "is busy with other questions");
        }
        try {
            return look(address);
        } catch (IOException e) {
            return new Answer(null, String.valueOf(e.getMessage()));
        } finally {
            LOOKING.release();
        }
    }

    /** Looks; blocks some hundred milliseconds at most. */
    static Answer look(IpAddress address) throws IOException {
        InetAddress wanted = InetAddress.getByAddress(address.bytes());
        NetworkInterface own = NetworkInterface.getByInetAddress(wanted);
        if (own != null && own.getHardwareAddress() != null) {
            // This host has it itself: just what whoever asks must know.
            return new Answer(HexFormat.ofDelimiter(":").formatHex(own.getHardwareAddress()), null);
        }
        Optional<InterfaceAddress> from = onTheSameWire(address);
        if (from.isEmpty()) {
            return new Answer(null, "is not in the same subnet");
        }
        Optional<String> cannot = NeighbourTable.cannot(address.isV6());
        if (cannot.isPresent()) {
            return new Answer(null, cannot.get());
        }
        return new Answer(resolve(address, wanted, from.get()).orElse(null), null);
    }

    private static Optional<String> resolve(
            IpAddress address, InetAddress wanted, InterfaceAddress from) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(from.getAddress(), 0))) {
            socket.connect(new InetSocketAddress(wanted, DISCARD));
            socket.setSoTimeout(LOOK_MILLIS);
            for (boolean first = true; ; first = false) {
                knock(socket, first);
                Optional<String> mac = NeighbourTable.find(address);
                if (mac.isPresent() || System.nanoTime() - end > 0) {
                    return mac;
                }
            }
        }
    }

    /** Sends a datagram, and waits a little for what comes back. */
    private static void knock(DatagramSocket socket, boolean send) {
        try {
            if (send) {
                socket.send(new DatagramPacket(new byte[1], 1));
            }
            socket.receive(new DatagramPacket(new byte[1], 1));
        } catch (IOException refusedOrNothing) {
            // Whatever it was, the table says what the kernel made of it.
            LOG.log(System.Logger.Level.TRACE, "knocking", refusedOrNothing);
        }
    }

    private static Optional<InterfaceAddress> onTheSameWire(IpAddress address)
            throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(Neighbours::isWire)
                .flatMap(device -> device.getInterfaceAddresses().stream())
                .filter(own -> shares(own, address))
                .findFirst();
    }

    private static boolean isWire(NetworkInterface device) {
        try {
            return !device.isLoopback() && device.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }

    private static boolean shares(InterfaceAddress own, IpAddress address) {
        return IpAddress.parse(own.getAddress().getHostAddress().replaceFirst("%.*", ""))
                .filter(a -> a.sharesPrefix(address, own.getNetworkPrefixLength()))
                .isPresent();
    }
}
