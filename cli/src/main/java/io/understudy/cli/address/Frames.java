package io.understudy.cli.address;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Ethernet frames that announce an address, and what an ARP frame claims. Pure. */
final class Frames {

    static final int ETHERTYPE_ARP = 0x0806;
    private static final int ETHERTYPE_IPV6 = 0x86DD;
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERNET = 14;
    private static final int ARP = 28;
    private static final int REQUEST = 1;
    private static final int ANSWER = 2;
    private static final int ICMPV6 = 58;
    private static final int ADVERTISEMENT = 136;
    private static final int OVERRIDE = 0x20000000;
    private static final int TARGET_LINK_LAYER = 2;
    private static final int ADVERTISEMENT_BYTES = 32;
    private static final byte[] EVERYBODY = filled(6, (byte) 0xFF);
    private static final byte[] ALL_NODES = {
        (byte) 0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
    };
    private static final byte[] ALL_NODES_MAC = {0x33, 0x33, 0, 0, 0, 1};

    private Frames() {}

    /**
     * Who says that an IPv4 address is its own.
     *
     * @param mac the six bytes of its interface
     * @param address the four bytes of the address
     */
    record Claim(byte[] mac, byte[] address) {}

    /** Returns a gratuitous ARP request (RFC 5227: an announcement). */
    static byte[] arpRequest(byte[] mac, byte[] address) {
        return arp(mac, address, REQUEST, new byte[6]);
    }

    /** Returns a gratuitous ARP answer; some hosts learn only from answers. */
    static byte[] arpAnswer(byte[] mac, byte[] address) {
        return arp(mac, address, ANSWER, mac);
    }

    private static byte[] arp(byte[] mac, byte[] address, int operation, byte[] targetMac) {
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET + ARP);
        frame.put(EVERYBODY).put(mac).putShort((short) ETHERTYPE_ARP);
        frame.putShort((short) 1).putShort((short) ETHERTYPE_IPV4);
        frame.put((byte) 6).put((byte) 4).putShort((short) operation);
        frame.put(mac).put(address).put(targetMac).put(address);
        return frame.array();
    }

    /** Returns an unsolicited neighbour advertisement to all nodes, override flag set. */
    static byte[] advertisement(byte[] mac, byte[] address) {
        ByteBuffer message = ByteBuffer.allocate(ADVERTISEMENT_BYTES);
        message.put((byte) ADVERTISEMENT).put((byte) 0).putShort((short) 0).putInt(OVERRIDE);
        message.put(address).put((byte) TARGET_LINK_LAYER).put((byte) 1).put(mac);
        message.putShort(2, checksum(address, message.array()));
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET + 40 + ADVERTISEMENT_BYTES);
        frame.put(ALL_NODES_MAC).put(mac).putShort((short) ETHERTYPE_IPV6);
        frame.putInt(0x60000000).putShort((short) ADVERTISEMENT_BYTES);
        // A hop limit of 255 proves to the receiver that no router has forwarded it.
        frame.put((byte) ICMPV6).put((byte) 255).put(address).put(ALL_NODES);
        frame.put(message.array());
        return frame.array();
    }

    /** The Internet checksum over pseudo-header and message (RFC 4443 section 2.3). */
    private static short checksum(byte[] source, byte[] message) {
        ByteBuffer all = ByteBuffer.allocate(40 + message.length);
        all.put(source).put(ALL_NODES).putInt(message.length).putInt(ICMPV6).put(message).flip();
        long sum = 0;
        while (all.hasRemaining()) {
            sum += all.getShort() & 0xFFFF;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return (short) ~sum;
    }

    /** Returns what an ARP frame claims; empty if it is none, or a probe that claims nothing. */
    static Optional<Claim> claim(byte[] frame, int length) {
        if (length < ETHERNET + ARP) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(frame, 0, length);
        boolean arp =
                (in.getShort(12) & 0xFFFF) == ETHERTYPE_ARP
                        && (in.getShort(16) & 0xFFFF) == ETHERTYPE_IPV4
                        && in.get(18) == 6
                        && in.get(19) == 4;
        byte[] address = Arrays.copyOfRange(frame, 28, 32);
        if (!arp || Arrays.equals(address, new byte[4])) {
            return Optional.empty();
        }
        return Optional.of(new Claim(Arrays.copyOfRange(frame, 22, 28), address));
    }

    private static byte[] filled(int length, byte with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, with);
        return bytes;
    }
}
