package io.understudy.cli.address;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;

/** The kernel's sockets that Java has no class for: netlink and raw packets. */
public interface Sockets extends Library {

    int AF_NETLINK = 16;
    int AF_PACKET = 17;
    int SOCK_RAW = 3;
    int CLOEXEC = 0x80000;
    int SOL_SOCKET = 1;
    int RECEIVE_LIMIT = 20;

    /** Returns libc's functions. */
    static Sockets load() {
        return Native.load("c", Sockets.class);
    }

    /** See socket(2). */
    int socket(int family, int type, int protocol) throws LastErrorException;

    /** See bind(2). */
    int bind(int socket, byte[] address, int length) throws LastErrorException;

    /** See send(2). */
    int send(int socket, byte[] bytes, int length, int flags) throws LastErrorException;

    /** See sendto(2). */
    int sendto(int socket, byte[] bytes, int length, int flags, byte[] to, int toLength)
            throws LastErrorException;

    /** See recv(2). */
    int recv(int socket, byte[] bytes, int length, int flags) throws LastErrorException;

    /** See setsockopt(2). */
    int setsockopt(int socket, int level, int option, byte[] value, int length)
            throws LastErrorException;

    /** See close(2). */
    int close(int socket) throws LastErrorException;

    /** See strerror(3). */
    String strerror(int number);

    /** Returns the failed call as an exception of Java's. */
    default IOException failure(String what, LastErrorException e) {
        return new IOException(what + ": " + strerror(e.getErrorCode()), e);
    }

    /** Has {@code recv} end after {@code millis} without a packet (SO_RCVTIMEO). */
    default void receiveLimit(int socket, long millis) {
        byte[] time =
                java.nio.ByteBuffer.allocate(16)
                        .order(java.nio.ByteOrder.nativeOrder())
                        .putLong(millis / 1000)
                        .putLong(millis % 1000 * 1000)
                        .array();
        setsockopt(socket, SOL_SOCKET, RECEIVE_LIMIT, time, time.length);
    }
}
