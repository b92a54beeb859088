package io.understudy.cli.address;

import com.sun.jna.LastErrorException;
import io.understudy.core.config.VirtualAddress;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The kernel's addresses by rtnetlink(7). One request at a time; microseconds each. Used by one
 * thread at a time.
 */
final class Netlink implements Kernel, AutoCloseable {

    private static final int ROUTE = 0;
    private static final short NEW_ADDRESS = 20;
    private static final short DELETE_ADDRESS = 21;
    private static final short ERROR = 2;
    private static final short REQUEST = 1;
    private static final short ACKNOWLEDGE = 4;
    private static final short REPLACE = 0x100;
    private static final short CREATE = 0x400;
    private static final short ADDRESS = 1;
    private static final short LOCAL = 2;
    private static final short CACHE_INFO = 6;
    private static final short FLAGS = 8;

    /** The lease has settled whose it is; waiting for duplicate detection would cost a second. */
    private static final int NO_DUPLICATE_DETECTION = 2;

    private static final int NO_SUCH_ADDRESS = 99;
    private static final int NO_SUCH_DEVICE = 19;
    private static final long ANSWER_LIMIT_MILLIS = 1_000;

    private final Sockets sockets;
    private final int socket;
    private final ByteBuffer buffer = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
    private int sequence;

    /**
     * Opens the socket.
     *
     * @throws IOException if the kernel refuses it
     */
    Netlink(Sockets sockets) throws IOException {
        this.sockets = sockets;
        try {
            socket = sockets.socket(Sockets.AF_NETLINK, Sockets.SOCK_RAW | Sockets.CLOEXEC, ROUTE);
            sockets.receiveLimit(socket, ANSWER_LIMIT_MILLIS);
        } catch (LastErrorException e) {
            throw sockets.failure("no netlink socket", e);
        }
    }

    @Override
    public void install(VirtualAddress address, int seconds) throws IOException {
        begin(NEW_ADDRESS, (short) (REPLACE | CREATE), address);
        attribute(CACHE_INFO, 16);
        // Preferred for 0 s: never the source address of what this host itself begins.
        buffer.putInt(address.address().isV6() ? 0 : seconds).putInt(seconds).putInt(0).putInt(0);
        attribute(FLAGS, 4);
        buffer.putInt(NO_DUPLICATE_DETECTION);
        int error = exchange();
        if (error != 0) {
            throw new IOException(address + " cannot be installed: " + sockets.strerror(error));
        }
    }

    @Override
    public void remove(VirtualAddress address) throws IOException {
        begin(DELETE_ADDRESS, (short) 0, address);
        int error = exchange();
        if (error != 0 && error != NO_SUCH_ADDRESS && error != NO_SUCH_DEVICE) {
            throw new IOException(address + " cannot be removed: " + sockets.strerror(error));
        }
    }

    private void begin(short type, short flags, VirtualAddress address) throws IOException {
        NetworkInterface device = NetworkInterface.getByName(address.device());
        if (device == null) {
            throw new IOException("there is no interface " + address.device() + " on this host");
        }
        byte[] bytes = address.address().bytes();
        sequence++;
        buffer.clear();
        buffer.putInt(0).putShort(type).putShort((short) (REQUEST | ACKNOWLEDGE | flags));
        buffer.putInt(sequence).putInt(0);
        buffer.put((byte) (address.address().isV6() ? 10 : 2)).put((byte) address.prefix());
        buffer.put((byte) 0).put((byte) 0).putInt(device.getIndex());
        attribute(LOCAL, bytes.length);
        buffer.put(bytes);
        attribute(ADDRESS, bytes.length);
        buffer.put(bytes);
    }

    private void attribute(short type, int length) {
        buffer.putShort((short) (length + 4)).putShort(type);
    }

    /** Returns the error number of the answer to this very request; 0 for none. */
    private int exchange() throws IOException {
        buffer.putInt(0, buffer.position());
        byte[] bytes = buffer.array();
        try {
            sockets.send(socket, bytes, buffer.position(), 0);
            while (true) {
                int length = sockets.recv(socket, bytes, bytes.length, 0);
                boolean answer =
                        length >= 20 && buffer.getShort(4) == ERROR && buffer.getInt(8) == sequence;
                if (answer) {
                    return -buffer.getInt(16);
                }
            }
        } catch (LastErrorException e) {
            throw sockets.failure("the kernel does not answer", e);
        }
    }

    @Override
    public void close() {
        sockets.close(socket);
    }
}
