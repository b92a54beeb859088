package io.understudy.cli.address;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A filter in the kernel (classic BPF) that lets only frames pass in which a host may claim an
 * address: ARP, and neighbour advertisements, that this host did not send itself.
 */
final class ClaimFilter {

    private static final int SO_ATTACH_FILTER = 26;

    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_BYTE = 0x30;
    private static final int IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;

    /** The kernel's own offset for the type of a packet; 4 is outgoing (linux/filter.h). */
    private static final int PACKET_TYPE = 0xFFFFF000 + 4;

    private static final int OUTGOING = 4;

    /** Operation, jump if true, jump if not, operand. */
    private static final int[][] PROGRAM = {
        {LOAD_HALF, 0, 0, PACKET_TYPE},
        {IF_EQUAL, 8, 0, OUTGOING},
        {LOAD_HALF, 0, 0, 12},
        {IF_EQUAL, 5, 0, 0x0806},
        {IF_EQUAL, 0, 5, 0x86DD},
        {LOAD_BYTE, 0, 0, 20},
        {IF_EQUAL, 0, 3, 58},
        {LOAD_BYTE, 0, 0, 54},
        {IF_EQUAL, 0, 1, 136},
        {RETURN, 0, 0, 0x40000},
        {RETURN, 0, 0, 0},
    };

    private ClaimFilter() {}

    /** Attaches the filter to a packet socket. */
    static void attach(Sockets sockets, int socket) throws LastErrorException {
        int bytes = PROGRAM.length * 8;
        // The kernel copies the program during the call; the memory may go after it.
        try (Memory program = new Memory(bytes)) {
            ByteBuffer code = program.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
            for (int[] step : PROGRAM) {
                code.putShort((short) step[0]).put((byte) step[1]).put((byte) step[2]);
                code.putInt(step[3]);
            }
            ByteBuffer description = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
            description.putShort((short) PROGRAM.length).position(8);
            description.putLong(com.sun.jna.Pointer.nativeValue(program));
            sockets.setsockopt(
                    socket, Sockets.SOL_SOCKET, SO_ATTACH_FILTER, description.array(), 16);
        }
    }
}
