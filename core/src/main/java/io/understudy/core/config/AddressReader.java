package io.understudy.core.config;

import io.understudy.core.node.NodeName;
import io.understudy.core.time.DurationText;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code addresses} of an instance: only what can be honoured. */
final class AddressReader {

    private final List<NodeName> nodes;
    private final Timers timers;
    private final Surroundings surroundings;

    AddressReader(List<NodeName> nodes, Timers timers, Surroundings surroundings) {
        this.nodes = nodes;
        this.timers = timers;
        this.surroundings = surroundings;
    }

    private void checkLease(Section section) {
        Duration least = AddressArithmetic.leastLease(timers);
        if (timers.lease().compareTo(least) < 0) {
            section.report(
                    "addresses",
                    "need a lease of "
                            + DurationText.format(least)
                            + ", and it is "
                            + DurationText.format(timers.lease())
                            + ": the kernel keeps an address for whole seconds, and one second of"
                            + " the lease must be left also "
                            + DurationText.format(timers.renewEvery())
                            + " (renew-every) after its renewal",
                    "write timers: { lease: "
                            + DurationText.format(least)
                            + " } or more, or a shorter renew-every");
        }
    }

    List<String> read(Section section) {
        List<String> texts = section.texts("addresses");
        if (!texts.isEmpty()) {
            checkLease(section);
        }
        Set<IpAddress> seen = new HashSet<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String key = "addresses[" + i + "]";
            Optional<VirtualAddress> address = VirtualAddress.parse(texts.get(i));
            if (address.isEmpty()) {
                section.report(key, "is '" + texts.get(i) + "'", "write " + VirtualAddress.FORM);
                continue;
            }
            if (!seen.add(address.get().address())) {
                section.report(
                        key, "is " + address.get().address() + " again", "name each address once");
            }
            checkAddress(section, key, address.get());
            addresses.add(address.get().toString());
        }
        return addresses;
    }

    private void checkAddress(Section section, String key, VirtualAddress virtual) {
        virtual.whyNoHost()
                .ifPresent(
                        why ->
                                section.report(
                                        key, "'" + virtual + "' " + why, "choose a free address"));
        surroundings.members().stream()
                .filter(m -> IpAddress.parse(m.address()).equals(Optional.of(virtual.address())))
                .findFirst()
                .ifPresent(
                        m ->
                                section.report(
                                        key,
                                        "is "
                                                + virtual.address()
                                                + ", the own address of "
                                                + m.name(),
                                        "choose a free address: this one moves between the nodes"));
        for (NodeName node : nodes) {
            surroundings
                    .addressOf(node)
                    .filter(own -> own.isV6() == virtual.address().isV6())
                    .filter(own -> !own.sharesPrefix(virtual.address(), virtual.prefix()))
                    .ifPresent(
                            own ->
                                    section.report(
                                            key,
                                            "'"
                                                    + virtual
                                                    + "' is not in the subnet of "
                                                    + node
                                                    + " ("
                                                    + own
                                                    + ")",
                                            "choose a free address of the nodes' subnet, with its prefix"));
        }
    }
}
