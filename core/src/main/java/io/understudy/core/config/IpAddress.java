package io.understudy.core.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address written as numbers. Parsed here and not by {@code java.net.InetAddress},
 * which takes a name for an address and asks the network about it.
 */
public final class IpAddress {

    private static final Pattern V4 = Pattern.compile("[0-9.]+");
    private static final Pattern HEXTET = Pattern.compile("[0-9A-Fa-f]{1,4}");
    private static final int V6_GROUPS = 8;

    private final byte[] bytes;
    private final String text;

    private IpAddress(byte[] bytes, String text) {
        this.bytes = bytes;
        this.text = text;
    }

    /**
     * Reads an address.
     *
     * @return empty if {@code text} is no numeric address (a name, a zone, a prefix, leading zeros)
     */
    public static Optional<IpAddress> parse(String text) {
        Optional<byte[]> bytes = V4.matcher(text).matches() ? v4(text) : v6(text);
        return bytes.map(b -> new IpAddress(b, text));
    }

    private static Optional<byte[]> v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            String part = parts[i];
            boolean number = part.length() >= 1 && part.length() <= 3;
            // A leading zero means octal to some programs and decimal to others.
            if (!number || part.length() > 1 && part.charAt(0) == '0') {
                return Optional.empty();
            }
            int value = Integer.parseInt(part);
            if (value > 255) {
                return Optional.empty();
            }
            bytes[i] = (byte) value;
        }
        return Optional.of(bytes);
    }

    private static Optional<byte[]> v6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        Optional<byte[]> head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        Optional<byte[]> tail =
                gap < 0 ? Optional.of(new byte[0]) : groups(text.substring(gap + 2), true);
        if (head.isEmpty() || tail.isEmpty()) {
            return Optional.empty();
        }
        int given = head.get().length + tail.get().length;
        if (gap < 0 ? given != 2 * V6_GROUPS : given > 2 * (V6_GROUPS - 1)) {
            return Optional.empty();
        }
        byte[] bytes = Arrays.copyOf(head.get(), 2 * V6_GROUPS);
        System.arraycopy(
                tail.get(), 0, bytes, 2 * V6_GROUPS - tail.get().length, tail.get().length);
        return Optional.of(bytes);
    }

    private static Optional<byte[]> groups(String text, boolean last) {
        if (text.isEmpty()) {
            return Optional.of(new byte[0]);
        }
        String[] parts = text.split(":", -1);
        byte[] bytes = new byte[2 * parts.length + 2];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean dotted = last && i == parts.length - 1 && parts[i].indexOf('.') >= 0;
            if (dotted) {
                Optional<byte[]> four = v4(V4.matcher(parts[i]).matches() ? parts[i] : "");
                if (four.isEmpty()) {
                    return Optional.empty();
                }
                System.arraycopy(four.get(), 0, bytes, length, 4);
                length += 4;
            } else if (HEXTET.matcher(parts[i]).matches()) {
                int value = Integer.parseInt(parts[i], 16);
                bytes[length++] = (byte) (value >> 8);
                bytes[length++] = (byte) value;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(Arrays.copyOf(bytes, length));
    }

    /** Returns the address in network order: 4 bytes, or 16. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns whether this is an IPv6 address. */
    public boolean isV6() {
        return bytes.length == 2 * V6_GROUPS;
    }

    /** Returns the number of bits: 32 or 128. */
    public int bits() {
        return bytes.length * 8;
    }

    /** Returns whether both are of one family and agree in the first {@code prefix} bits. */
    public boolean sharesPrefix(IpAddress other, int prefix) {
        if (bytes.length != other.bytes.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            if (bit(bit) != other.bit(bit)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether every bit after the first {@code prefix} bits is {@code value}. */
    public boolean hostBitsAre(int prefix, boolean value) {
        for (int bit = prefix; bit < bits(); bit++) {
            if (bit(bit) != value) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether a host may have this address: not the wildcard, not multicast, not broadcast.
     */
    public boolean isHost() {
        int first = bytes[0] & 0xff;
        boolean multicast = isV6() ? first == 0xff : first >= 224;
        return !multicast && !hostBitsAre(0, false);
    }

    private boolean bit(int index) {
        return (bytes[index / 8] >> (7 - index % 8) & 1) == 1;
    }

    /** Compares the numbers, not how they were written. */
    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns the address as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
