package io.understudy.ejb.address;

import io.understudy.core.address.HostInterface;
import io.understudy.core.address.HostInterface.Own;
import io.understudy.core.config.IpAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** This host's network interfaces and their addresses. */
final class HostInterfaces {

    private static final System.Logger LOG = System.getLogger(HostInterfaces.class.getName());

    private HostInterfaces() {}

    /** Returns them as they are now; none if the kernel does not tell. */
    static List<HostInterface> read() {
        try {
            return NetworkInterface.networkInterfaces().map(HostInterfaces::of).toList();
        } catch (SocketException e) {
            LOG.log(System.Logger.Level.WARNING, "this host's interfaces cannot be read", e);
            return List.of();
        }
    }

    private static HostInterface of(NetworkInterface device) {
        List<Own> own =
                device.getInterfaceAddresses().stream()
                        .flatMap(
                                a ->
                                        number(a.getAddress())
                                                .map(n -> new Own(n, a.getNetworkPrefixLength()))
                                                .stream())
                        .toList();
        // Labels (eth0:1) are addresses of the same interface.
        List<Own> labelled = device.subInterfaces().flatMap(sub -> of(sub).own().stream()).toList();
        return new HostInterface(
                device.getName(), Stream.concat(own.stream(), labelled.stream()).toList());
    }

    private static Optional<IpAddress> number(InetAddress address) {
        return IpAddress.parse(address.getHostAddress().replaceFirst("%.*", ""));
    }
}
