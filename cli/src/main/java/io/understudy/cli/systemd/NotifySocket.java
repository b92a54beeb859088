package io.understudy.cli.systemd;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The datagram socket that {@code NOTIFY_SOCKET} names (sd_notify(3), "Notes"). Java's own sockets
 * of this family are streams.
 */
final class NotifySocket implements Notifications {

    private static final int UNIX = 1;
    private static final int DATAGRAM = 2;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int NEVER_WAIT = 0x40;

    private final Calls calls;
    private final int socket;
    private final byte[] address;

    /** libc's. */
    interface Calls extends Library {

        /** See socket(2). */
        int socket(int family, int type, int protocol) throws LastErrorException;

        /** See sendto(2). */
        int sendto(int socket, byte[] bytes, long length, int flags, byte[] to, int toLength)
                throws LastErrorException;

        /** See close(2). */
        int close(int socket) throws LastErrorException;
    }

    /**
     * Opens a socket.
     *
     * @param name the receiver's path, or its abstract name behind {@code @}
     * @throws IOException if the kernel or this virtual machine refuses it
     */
    NotifySocket(String name) throws IOException {
        address = address(name);
        try {
            calls = Native.load("c", Calls.class);
            socket = calls.socket(UNIX, DATAGRAM | CLOSE_ON_EXEC, 0);
        } catch (LastErrorException | LinkageError e) {
            throw new IOException("no socket to systemd: " + e.getMessage(), e);
        }
    }

    private static byte[] address(String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 107 || bytes.length < 2 || bytes[0] != '@' && bytes[0] != '/') {
            throw new IOException("NOTIFY_SOCKET is neither a path nor an abstract name: " + name);
        }
        if (bytes[0] == '@') {
            bytes[0] = 0;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(
                ByteBuffer.allocate(2)
                        .order(ByteOrder.nativeOrder())
                        .putShort((short) UNIX)
                        .array());
        whole.writeBytes(bytes);
        return whole.toByteArray();
    }

    @Override
    public void send(String assignments) throws IOException {
        byte[] bytes = assignments.getBytes(StandardCharsets.UTF_8);
        try {
            calls.sendto(socket, bytes, bytes.length, NEVER_WAIT, address, address.length);
        } catch (LastErrorException e) {
            throw new IOException("systemd does not take notifications: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        calls.close(socket);
    }
}
