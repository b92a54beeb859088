package io.understudy.cli.port;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A transaction of nf_tables in the form of the kernel (linux/netfilter/nfnetlink.h): messages
 * between a begin and an end, each with attributes that may hold others. Numbers in attributes are
 * big-endian, lengths and types native.
 */
final class NetlinkBatch {

    private static final int SUBSYSTEM = 10;
    private static final int BEGIN = 16;
    private static final int END = 17;
    private static final int REQUEST = 1;
    private static final int ACKNOWLEDGE = 4;
    private static final byte INET = 1;
    private static final int NESTED = 0x8000;

    private final ByteBuffer bytes;
    private final Deque<Integer> nests = new ArrayDeque<>();
    private final int first;
    private int sequence;
    private int message = -1;
    private int messages;

    /**
     * Begins a transaction.
     *
     * @param capacity in bytes; what does not fit is a mistake of the caller
     * @param sequence of its first message
     */
    NetlinkBatch(int capacity, int sequence) {
        this.bytes = ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder());
        this.first = sequence;
        this.sequence = sequence;
        header(BEGIN, REQUEST, (byte) 0, SUBSYSTEM);
        close();
    }

    /**
     * Begins a message of nf_tables, after closing the one before.
     *
     * @param type NFT_MSG_*
     * @param flags NLM_F_*, without those for every request
     */
    NetlinkBatch message(int type, int flags) {
        close();
        header(SUBSYSTEM << 8 | type, REQUEST | ACKNOWLEDGE | flags, INET, 0);
        messages++;
        return this;
    }

    private void header(int type, int flags, byte family, int resource) {
        message = bytes.position();
        bytes.putInt(0).putShort((short) type).putShort((short) flags).putInt(sequence++).putInt(0);
        bytes.put(family).put((byte) 0).put((byte) (resource >> 8)).put((byte) resource);
    }

    private void close() {
        if (message >= 0) {
            bytes.putInt(message, bytes.position() - message);
            message = -1;
        }
    }

    NetlinkBatch text(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.US_ASCII);
        bytes.putShort((short) (4 + text.length + 1)).putShort((short) type);
        bytes.put(text).put((byte) 0);
        return pad();
    }

    NetlinkBatch number(int type, int value) {
        bytes.putShort((short) 8).putShort((short) type);
        return big(value, 4);
    }

    NetlinkBatch number64(int type, long value) {
        bytes.putShort((short) 12).putShort((short) type);
        return big(value, 8);
    }

    NetlinkBatch raw(int type, byte... value) {
        bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        return pad();
    }

    /** Begins an attribute that holds others, until {@link #end}. */
    NetlinkBatch nest(int type) {
        nests.push(bytes.position());
        bytes.putShort((short) 0).putShort((short) (type | NESTED));
        return this;
    }

    NetlinkBatch end() {
        int from = nests.pop();
        bytes.putShort(from, (short) (bytes.position() - from));
        return this;
    }

    private NetlinkBatch big(long value, int length) {
        for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
            bytes.put((byte) (value >> shift));
        }
        return this;
    }

    private NetlinkBatch pad() {
        while (bytes.position() % 4 != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    /** Ends the transaction and returns it. */
    byte[] finish() {
        close();
        header(END, REQUEST, (byte) 0, SUBSYSTEM);
        close();
        byte[] all = new byte[bytes.position()];
        bytes.get(0, all);
        return all;
    }

    /** Returns how many answers there are to wait for. */
    int answers() {
        return messages;
    }

    /** Returns the first sequence number after this transaction. */
    int nextSequence() {
        return sequence;
    }

    /** Returns whether an answer with that sequence number is to this transaction. */
    boolean isOurs(int answered) {
        return answered - first >= 0 && answered - sequence < 0;
    }
}
