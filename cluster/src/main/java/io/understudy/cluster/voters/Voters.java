package io.understudy.cluster.voters;

import com.hazelcast.cluster.Address;
import io.understudy.core.node.NodeName;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The three voters by name, and where their members listen. */
final class Voters {

    private final Map<NodeName, Address> addresses;

    /**
     * @param hosts address of each voter
     * @param port TCP port of Hazelcast, the same on all
     * @throws IllegalArgumentException if an address is none
     */
    Voters(Map<NodeName, String> hosts, int port) {
        Map<NodeName, Address> result = new LinkedHashMap<>();
        hosts.forEach((name, host) -> result.put(name, address(name, host, port)));
        addresses = Collections.unmodifiableMap(result);
    }

    private static Address address(NodeName name, String host, int port) {
        try {
            return new Address(host, port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "address '%s' of voter %s is no IP address: mend cluster.members"
                            .formatted(host, name),
                    e);
        }
    }

    List<NodeName> names() {
        return List.copyOf(addresses.keySet());
    }

    List<Address> addresses() {
        return List.copyOf(addresses.values());
    }

    Optional<Address> addressOf(NodeName name) {
        return Optional.ofNullable(addresses.get(name));
    }

    Optional<NodeName> at(Address address) {
        return addresses.entrySet().stream()
                .filter(entry -> entry.getValue().equals(address))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
