package io.understudy.core.config;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address that moves with an instance.
 *
 * @param address the address
 * @param prefix the length of its subnet's prefix in bits
 * @param device the network interface that carries it, the same on both nodes
 */
public record VirtualAddress(IpAddress address, int prefix, String device) {

    /** The form in words, for error messages. */
    public static final String FORM = "ADDRESS/PREFIX dev INTERFACE, like 10.77.0.100/24 dev eth0";

    // An interface's name: up to 15 bytes without '/' and white space (Linux, dev_valid_name).
    private static final Pattern TEXT =
            Pattern.compile("([0-9A-Fa-f:.]+)/([0-9]{1,3}) +dev +([A-Za-z0-9][^\\s/:]{0,14})");

    /** Refuses nulls. */
    public VirtualAddress {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(device, "device");
    }

    /**
     * Reads an address.
     *
     * @return empty if {@code text} is not of {@link #FORM}
     */
    public static Optional<VirtualAddress> parse(String text) {
        Matcher matcher = TEXT.matcher(text.trim());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(matcher.group(2));
        return IpAddress.parse(matcher.group(1))
                .filter(a -> prefix >= 1 && prefix <= a.bits())
                .map(a -> new VirtualAddress(a, prefix, matcher.group(3)));
    }

    /** Returns why no host may have this address, if so: multicast, the subnet's own numbers. */
    Optional<String> whyNoHost() {
        if (!address.isHost()) {
            return Optional.of("is no address of a host");
        }
        boolean reserves = prefix < address.bits() - 1;
        if (reserves && address.hostBitsAre(prefix, false)) {
            return Optional.of("is the address of the subnet itself");
        }
        if (reserves && !address.isV6() && address.hostBitsAre(prefix, true)) {
            return Optional.of("is the broadcast address of its subnet");
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return address + "/" + prefix + " dev " + device;
    }
}
