package io.understudy.core.address;

import io.understudy.core.address.HostInterface.Own;
import io.understudy.core.config.IpAddress;
import io.understudy.core.config.VirtualAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a virtual address can come to a host, by the host's interfaces. */
public final class HostRules {

    private HostRules() {}

    /**
     * Returns why the address cannot come to a host, as a clause without subject.
     *
     * @param interfaces of the host
     * @param virtuals the virtual addresses that the cluster has now: where one of them is on the
     *     host, it is there for a while only and no own address
     */
    public static Optional<Lack> lack(
            VirtualAddress address, List<HostInterface> interfaces, Set<IpAddress> virtuals) {
        Optional<HostInterface> device =
                interfaces.stream().filter(i -> i.name().equals(address.device())).findFirst();
        if (device.isEmpty()) {
            return Optional.of(
                    new Lack(
                            Kind.NO_INTERFACE,
                            "names " + address.device() + ", which is no interface there",
                            "write one of "
                                    + interfaces.stream()
                                            .map(HostInterface::name)
                                            .sorted()
                                            .collect(Collectors.joining(", "))));
        }
        boolean own =
                !virtuals.contains(address.address())
                        && interfaces.stream()
                                .flatMap(i -> i.own().stream())
                                .anyMatch(o -> o.address().equals(address.address()));
        if (own) {
            return Optional.of(
                    new Lack(
                            Kind.OWN,
                            "is an own address of that host",
                            "choose a free address: this one moves between the nodes"));
        }
        return subnet(address, device.get(), virtuals);
    }

    private static Optional<Lack> subnet(
            VirtualAddress address, HostInterface device, Set<IpAddress> virtuals) {
        List<Own> family =
                device.own().stream()
                        .filter(o -> o.address().isV6() == address.address().isV6())
                        .filter(o -> !virtuals.contains(o.address()))
                        .toList();
        boolean inside =
                family.stream()
                        .anyMatch(o -> o.address().sharesPrefix(address.address(), o.prefix()));
        if (!inside) {
            return Optional.of(
                    new Lack(
                            Kind.OTHER_SUBNET,
                            "is in no subnet of " + device.name() + " there (" + list(family) + ")",
                            "choose a free address of the nodes' subnet"));
        }
        boolean wider =
                family.stream()
                        .filter(o -> o.address().sharesPrefix(address.address(), o.prefix()))
                        .allMatch(o -> o.prefix() > address.prefix());
        return wider
                ? Optional.of(
                        new Lack(
                                Kind.WIDER_PREFIX,
                                "has a wider prefix than its subnet there (" + list(family) + ")",
                                "write the subnet's own prefix"))
                : Optional.empty();
    }

    private static String list(List<Own> addresses) {
        return addresses.isEmpty()
                ? "none of its family"
                : addresses.stream()
                        .map(o -> o.address() + "/" + o.prefix())
                        .collect(Collectors.joining(", "));
    }

    /** What kind of thing is in the way. */
    public enum Kind {
        /** The host has no interface of that name. */
        NO_INTERFACE,
        /** A host has the address for itself. */
        OWN,
        /** The interface has no address of the same subnet. */
        OTHER_SUBNET,
        /** Hosts of the subnet would be taken for others' or the other way round. */
        WIDER_PREFIX
    }

    /**
     * Why an address cannot come.
     *
     * @param kind in one word
     * @param problem in words, without subject
     * @param mend what to do
     */
    public record Lack(Kind kind, String problem, String mend) {}
}
