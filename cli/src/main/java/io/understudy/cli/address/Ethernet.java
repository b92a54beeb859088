package io.understudy.cli.address;

import com.sun.jna.LastErrorException;
import io.understudy.core.config.VirtualAddress;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Raw frames by packet(7): announces addresses, and hears what others claim, by ARP and by
 * neighbour advertisements. Announcing is for one thread at a time; two threads of its own, {@code
 * address-watch-4} and {@code -6}, listen until {@link #close}. The kernel passes claims on and
 * nothing else.
 */
final class Ethernet implements Wire, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Ethernet.class.getName());
    private static final int MAC_BYTES = 6;
    private static final long LISTEN_MILLIS = 300;
    private static final int LINK_ADDRESS_BYTES = 20;
    private static final int TRY_AGAIN = 11;
    private static final int INTERRUPTED = 4;

    private final Sockets sockets;
    private final int sending;
    private final List<Integer> hearing = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /**
     * Opens the sockets and listens.
     *
     * @param claims hears each ARP claim that this host receives, on the thread of this wire
     * @throws IOException if the kernel refuses them (CAP_NET_RAW)
     */
    Ethernet(Sockets sockets, Consumer<Frames.Claim> claims) throws IOException {
        this.sockets = sockets;
        try {
            int type = Sockets.SOCK_RAW | Sockets.CLOEXEC;
            sending = sockets.socket(Sockets.AF_PACKET, type, 0);
            hear(Frames.ETHERTYPE_ARP, "address-watch-4", claims);
            hear(Frames.ETHERTYPE_IPV6, "address-watch-6", claims);
        } catch (LastErrorException e) {
            throw sockets.failure("no packet socket", e);
        }
    }

    private void hear(int protocol, String name, Consumer<Frames.Claim> claims) {
        // Protocol 0 hears nothing before the filter is there; binding opens it.
        int socket = sockets.socket(Sockets.AF_PACKET, Sockets.SOCK_RAW | Sockets.CLOEXEC, 0);
        hearing.add(socket);
        sockets.receiveLimit(socket, LISTEN_MILLIS);
        ClaimFilter.attach(sockets, socket);
        sockets.bind(socket, everywhere(protocol), LINK_ADDRESS_BYTES);
        Thread thread = new Thread(() -> listen(socket, claims), name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    @Override
    public void announce(VirtualAddress address) throws IOException {
        NetworkInterface device = NetworkInterface.getByName(address.device());
        byte[] mac = device == null ? null : device.getHardwareAddress();
        if (mac == null || mac.length != MAC_BYTES) {
            // Loopback and tunnels: nobody to tell.
            return;
        }
        byte[] bytes = address.address().bytes();
        if (address.address().isV6()) {
            send(device.getIndex(), Frames.advertisement(mac, bytes));
        } else {
            send(device.getIndex(), Frames.arpRequest(mac, bytes));
            send(device.getIndex(), Frames.arpAnswer(mac, bytes));
        }
    }

    @Override
    public void probe(VirtualAddress address) throws IOException {
        NetworkInterface device = NetworkInterface.getByName(address.device());
        byte[] mac = device == null ? null : device.getHardwareAddress();
        if (mac != null && mac.length == MAC_BYTES) {
            byte[] bytes = address.address().bytes();
            send(
                    device.getIndex(),
                    address.address().isV6()
                            ? Frames.solicitation(mac, bytes)
                            : Frames.arpProbe(mac, bytes));
        }
    }

    /** A protocol on all interfaces (packet(7), struct sockaddr_ll). */
    private static byte[] everywhere(int protocol) {
        ByteBuffer address = ByteBuffer.allocate(LINK_ADDRESS_BYTES).order(ByteOrder.nativeOrder());
        address.putShort((short) Sockets.AF_PACKET);
        address.put((byte) (protocol >> 8)).put((byte) protocol);
        return address.array();
    }

    private void send(int device, byte[] frame) throws IOException {
        ByteBuffer to = ByteBuffer.allocate(LINK_ADDRESS_BYTES).order(ByteOrder.nativeOrder());
        to.putShort((short) Sockets.AF_PACKET).putShort((short) 0).putInt(device);
        to.putShort((short) 0).put((byte) 0).put((byte) MAC_BYTES).put(frame, 0, MAC_BYTES);
        try {
            sockets.sendto(sending, frame, frame.length, 0, to.array(), to.capacity());
        } catch (LastErrorException e) {
            throw sockets.failure("the announcement cannot be sent", e);
        }
    }

    private void listen(int socket, Consumer<Frames.Claim> claims) {
        byte[] frame = new byte[192];
        while (!closed) {
            try {
                int length = sockets.recv(socket, frame, frame.length, 0);
                Frames.claim(frame, Math.min(length, frame.length)).ifPresent(claims);
            } catch (LastErrorException e) {
                if (e.getErrorCode() != TRY_AGAIN && e.getErrorCode() != INTERRUPTED) {
                    // An interface that went down; whoever else is wrong must not spin.
                    LOG.log(System.Logger.Level.DEBUG, "listening for rivals", e);
                    pause();
                }
            }
        }
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(LISTEN_MILLIS * 1_000_000);
    }

    /** Ends the thread and closes the sockets. */
    @Override
    public void close() {
        closed = true;
        try {
            for (Thread thread : threads) {
                thread.join(4 * LISTEN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sockets.close(sending);
        hearing.forEach(sockets::close);
    }
}
