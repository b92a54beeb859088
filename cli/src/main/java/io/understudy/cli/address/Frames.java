package io.understudy.cli.address;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Ethernet frames that announce an address, and what an ARP frame claims. Pure. */
final class Frames {

    static final int ETHERTYPE_ARP = 0x0806;
    static final int ETHERTYPE_IPV6 = 0x86DD;
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERNET = 14;
    private static final int ARP = 28;
    private static final int REQUEST = 1;
    private static final int ANSWER = 2;
    private static final int ICMPV6 = 58;
    private static final int ADVERTISEMENT = 136;
    private static final int SOLICITATION = 135;
    private static final int SOLICITATION_BYTES = 24;
    private static final int IPV6_HEADER = 40;
    private static final byte[] SOLICITED_NODE = {
        (byte) 0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte) 0xFF, 0, 0, 0
    };
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
     * Who says that an address is its own.
     *
     * @param mac the six bytes of its interface
     * @param address the four or sixteen bytes of the address
     */
    record Claim(byte[] mac, byte[] address) {}

    /** Returns a gratuitous ARP request (RFC 5227: an announcement). */
    static byte[] arpRequest(byte[] mac, byte[] address) {
        return arp(mac, address, REQUEST, new byte[6]);
    }

    /** Returns an ARP probe: asks who has the address and claims nothing (RFC 5227 section 2.1). */
    static byte[] arpProbe(byte[] mac, byte[] address) {
        byte[] frame = arp(mac, address, REQUEST, new byte[6]);
        Arrays.fill(frame, 28, 32, (byte) 0);
        return frame;
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
        message.putShort(2, checksum(address, ALL_NODES, message.array()));
        return icmp(ALL_NODES_MAC, mac, address, ALL_NODES, message.array());
    }

    /**
     * Returns a neighbour solicitation from nobody, as of duplicate address detection (RFC 4862
     * section 5.4.2): who has the address answers to all nodes.
     */
    static byte[] solicitation(byte[] mac, byte[] address) {
        byte[] group = SOLICITED_NODE.clone();
        System.arraycopy(address, 13, group, 13, 3);
        byte[] groupMac = {0x33, 0x33, group[12], group[13], group[14], group[15]};
        byte[] nobody = new byte[16];
        ByteBuffer message = ByteBuffer.allocate(SOLICITATION_BYTES);
        message.put((byte) SOLICITATION).put((byte) 0).putShort((short) 0).putInt(0).put(address);
        message.putShort(2, checksum(nobody, group, message.array()));
        return icmp(groupMac, mac, nobody, group, message.array());
    }

    private static byte[] icmp(byte[] toMac, byte[] mac, byte[] from, byte[] to, byte[] message) {
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET + IPV6_HEADER + message.length);
        frame.put(toMac).put(mac).putShort((short) ETHERTYPE_IPV6);
        frame.putInt(0x60000000).putShort((short) message.length);
        // A hop limit of 255 proves to the receiver that no router has forwarded it.
        frame.put((byte) ICMPV6).put((byte) 255).put(from).put(to).put(message);
        return frame.array();
    }

    /** The Internet checksum over pseudo-header and message (RFC 4443 section 2.3). */
    private static short checksum(byte[] source, byte[] destination, byte[] message) {
        ByteBuffer all = ByteBuffer.allocate(40 + message.length);
        all.put(source).put(destination).putInt(message.length).putInt(ICMPV6).put(message).flip();
        long sum = 0;
        while (all.hasRemaining()) {
            sum += all.getShort() & 0xFFFF;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return (short) ~sum;
    }

    /**
     * Returns what an ARP frame or a neighbour advertisement claims; empty if it is neither, or a
     * probe that claims nothing.
     */
    static Optional<Claim> claim(byte[] frame, int length) {
        if (length >= ETHERNET + IPV6_HEADER + SOLICITATION_BYTES
                && (ByteBuffer.wrap(frame).getShort(12) & 0xFFFF) == ETHERTYPE_IPV6) {
            return advertised(frame, length);
        }
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

    private static Optional<Claim> advertised(byte[] frame, int length) {
        boolean advertisement =
                frame[20] == ICMPV6
                        && (frame[21] & 0xFF) == 255
                        && (frame[54] & 0xFF) == ADVERTISEMENT
                        && frame[55] == 0;
        if (!advertisement) {
            return Optional.empty();
        }
        int option = ETHERNET + IPV6_HEADER + SOLICITATION_BYTES;
        boolean named =
                length >= option + 8
                        && frame[option] == TARGET_LINK_LAYER
                        && frame[option + 1] == 1;
        byte[] mac =
                named
                        ? Arrays.copyOfRange(frame, option + 2, option + 8)
                        : Arrays.copyOfRange(frame, 6, 12);
        return Optional.of(new Claim(mac, Arrays.copyOfRange(frame, 62, 78)));
    }

    private static byte[] filled(int length, byte with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, with);
        return bytes;
    }
}
