package io.understudy.core.address;

import io.understudy.core.config.IpAddress;
import java.util.List;
import java.util.Objects;

/**
 * A network interface of a host.
 *
 * @param name as the kernel calls it
 * @param own the addresses on it
 */
public record HostInterface(String name, List<Own> own) {

    /** Refuses nulls; copies the list. */
    public HostInterface {
        Objects.requireNonNull(name, "name");
        own = List.copyOf(own);
    }

    /**
     * An address and its subnet.
     *
     * @param address the address
     * @param prefix the length of the subnet's prefix in bits
     */
    public record Own(IpAddress address, int prefix) {}
}
