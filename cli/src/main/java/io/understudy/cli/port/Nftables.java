package io.understudy.cli.port;

import com.sun.jna.LastErrorException;
import io.understudy.cli.address.Sockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * One table of nf_tables, spoken to by netlink: no process, and no command nft. Shown by {@code nft
 * list table inet NAME}:
 *
 * <pre>
 * set guarded { type inet_service }
 * set open    { type inet_service; flags timeout }
 * chain input { type filter hook input priority -10; policy accept;
 *     iif lo accept
 *     tcp dport @guarded tcp dport != @open reject with tcp reset
 *     udp dport @guarded udp dport != @open drop }
 * </pre>
 */
final class Nftables implements PortKernel {

    private static final int NETFILTER = 12;
    private static final int NEW_TABLE = 0;
    private static final int DELETE_TABLE = 2;
    private static final int NEW_CHAIN = 3;
    private static final int NEW_RULE = 6;
    private static final int NEW_SET = 9;
    private static final int NEW_ELEMENT = 12;
    private static final int DELETE_ELEMENT = 14;
    private static final int CREATE = 0x400;
    private static final int APPEND = 0x800;
    private static final int ERROR = 2;
    private static final int LIST_ELEMENT = 1;
    private static final int INET_SERVICE = 13;
    private static final int TIMEOUT_FLAG = 0x10;
    private static final int META_IIF = 4;
    private static final int META_L4PROTO = 16;
    private static final int LOOPBACK = 1;
    private static final byte TCP = 6;
    private static final byte UDP = 17;
    private static final int BEFORE_OTHERS = -10;
    private static final String GUARDED = "guarded";
    private static final String OPEN = "open";
    private static final String CHAIN = "input";
    private static final int CAPACITY = 1 << 18;
    private static final int PIECE = 500;
    private static final long ANSWER_LIMIT_MILLIS = 1_000;

    private final Sockets sockets;
    private final int socket;
    private final String table;
    private final byte[] answer = new byte[8192];
    private int sequence = 1;

    /**
     * Opens the socket.
     *
     * @param table its name, of letters, digits, dashes and underscores
     * @throws IOException if the kernel refuses it
     */
    Nftables(Sockets sockets, String table) throws IOException {
        this.sockets = sockets;
        this.table = table;
        try {
            socket =
                    sockets.socket(
                            Sockets.AF_NETLINK, Sockets.SOCK_RAW | Sockets.CLOEXEC, NETFILTER);
            sockets.receiveLimit(socket, ANSWER_LIMIT_MILLIS);
        } catch (LastErrorException e) {
            throw sockets.failure("no netfilter socket", e);
        }
    }

    @Override
    public void guard(Set<Integer> guarded) throws IOException {
        NetlinkBatch batch = batch();
        // Added so that it can be deleted, whatever was there.
        batch.message(NEW_TABLE, CREATE).text(1, table);
        batch.message(DELETE_TABLE, 0).text(1, table);
        batch.message(NEW_TABLE, CREATE).text(1, table);
        set(batch, GUARDED, 0, 1);
        set(batch, OPEN, TIMEOUT_FLAG, 2);
        elements(batch, GUARDED, guarded, port -> {});
        batch.message(NEW_CHAIN, CREATE).text(1, table).text(3, CHAIN);
        batch.nest(4).number(1, 1).number(2, BEFORE_OTHERS).end();
        batch.number(5, 1).text(7, "filter");
        rule(batch);
        meta(batch, META_IIF);
        compare(batch, native32(LOOPBACK));
        verdict(batch, 1);
        batch.end();
        rule(batch);
        closed(batch, TCP);
        expression(batch, "reject").number(1, 1).raw(2, (byte) 0).end().end();
        batch.end();
        rule(batch);
        closed(batch, UDP);
        verdict(batch, 0);
        batch.end();
        carryOut(batch);
    }

    @Override
    public void open(Map<Integer, Long> millis) throws IOException {
        NetlinkBatch batch = batch();
        // Without elements: all of them. The kernel does not lengthen the time of one that is
        // there.
        batch.message(DELETE_ELEMENT, 0).text(1, table).text(2, OPEN);
        elements(batch, OPEN, millis.keySet(), port -> batch.number64(4, millis.get(port)));
        carryOut(batch);
    }

    @Override
    public void clear() throws IOException {
        NetlinkBatch batch = batch();
        batch.message(NEW_TABLE, CREATE).text(1, table);
        batch.message(DELETE_TABLE, 0).text(1, table);
        carryOut(batch);
    }

    private NetlinkBatch batch() {
        return new NetlinkBatch(CAPACITY, sequence);
    }

    private void set(NetlinkBatch batch, String name, int flags, int id) {
        batch.message(NEW_SET, CREATE).text(1, table).text(2, name).number(3, flags);
        batch.number(4, INET_SERVICE).number(5, 2).number(10, id);
    }

    /** A list's length is of 16 bits, so a long one is given in pieces. */
    private void elements(
            NetlinkBatch batch, String set, Collection<Integer> ports, IntConsumer more) {
        int inPiece = 0;
        for (int port : ports) {
            if (inPiece++ % PIECE == 0) {
                if (inPiece > 1) {
                    batch.end();
                }
                batch.message(NEW_ELEMENT, CREATE).text(1, table).text(2, set).nest(3);
            }
            batch.nest(LIST_ELEMENT).nest(1).raw(1, (byte) (port >> 8), (byte) port).end();
            more.accept(port);
            batch.end();
        }
        if (inPiece > 0) {
            batch.end();
        }
    }

    private void rule(NetlinkBatch batch) {
        batch.message(NEW_RULE, CREATE | APPEND).text(1, table).text(2, CHAIN).nest(4);
    }

    private static NetlinkBatch expression(NetlinkBatch batch, String name) {
        return batch.nest(LIST_ELEMENT).text(1, name).nest(2);
    }

    private static void meta(NetlinkBatch batch, int what) {
        expression(batch, "meta").number(1, 1).number(2, what).end().end();
    }

    private static void compare(NetlinkBatch batch, byte... value) {
        expression(batch, "cmp").number(1, 1).number(2, 0).nest(3).raw(1, value).end().end().end();
    }

    /** A port of that protocol that is guarded and not open. */
    private static void closed(NetlinkBatch batch, byte protocol) {
        meta(batch, META_L4PROTO);
        compare(batch, protocol);
        expression(batch, "payload").number(1, 1).number(2, 2).number(3, 2).number(4, 2);
        batch.end().end();
        expression(batch, "lookup").text(1, GUARDED).number(2, 1).number(4, 1).end().end();
        expression(batch, "lookup").text(1, OPEN).number(2, 1).number(4, 2).number(5, 1);
        batch.end().end();
    }

    private static void verdict(NetlinkBatch batch, int code) {
        expression(batch, "immediate").number(1, 0);
        batch.nest(2).nest(2).number(1, code).end().end().end().end();
    }

    private static byte[] native32(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
    }

    /** Sends the transaction and waits for its answers: as a whole or not at all. */
    private void carryOut(NetlinkBatch batch) throws IOException {
        byte[] all = batch.finish();
        sequence = batch.nextSequence();
        try {
            sockets.send(socket, all, all.length, 0);
            int waiting = batch.answers();
            while (waiting > 0) {
                int length = sockets.recv(socket, answer, answer.length, 0);
                waiting -= good(batch, length);
            }
        } catch (LastErrorException e) {
            throw sockets.failure("nf_tables does not answer", e);
        }
    }

    private int good(NetlinkBatch batch, int length) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(answer, 0, length).order(ByteOrder.nativeOrder());
        int count = 0;
        for (int at = 0; at + 20 <= length; at += Math.max(in.getInt(at) + 3 & ~3, 16)) {
            if (in.getShort(at + 4) != ERROR || !batch.isOurs(in.getInt(at + 8))) {
                continue;
            }
            int error = -in.getInt(at + 16);
            if (error != 0) {
                throw new IOException("nf_tables refuses it: " + sockets.strerror(error));
            }
            count++;
        }
        return count;
    }

    @Override
    public void close() {
        sockets.close(socket);
    }
}
