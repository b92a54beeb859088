package io.understudy.core.config;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import java.util.List;
import java.util.Objects;

/**
 * An instance: what moves as one.
 *
 * @param name unique in the cluster
 * @param home where it belongs
 * @param backup who takes over; the same as {@code home} for an instance that stands alone
 * @param addresses virtual addresses, {@code ADDRESS/PREFIX dev INTERFACE}
 * @param services in the order of their start
 * @param databases in the order of their start; they start before the services
 * @param ports which other hosts reach only where and while the instance may serve
 * @param hooks at most one for each moment
 */
public record InstanceConfiguration(
        InstanceName name,
        NodeName home,
        NodeName backup,
        List<String> addresses,
        List<ServiceConfiguration> services,
        List<DatabaseConfiguration> databases,
        List<Integer> ports,
        List<Hook> hooks) {

    /** Refuses nulls; copies lists. */
    public InstanceConfiguration {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(home, "home");
        Objects.requireNonNull(backup, "backup");
        addresses = List.copyOf(addresses);
        services = List.copyOf(services);
        databases = List.copyOf(databases);
        ports = List.copyOf(ports);
        hooks = List.copyOf(hooks);
    }

    /** One whose ports nobody guards, without hooks. */
    public InstanceConfiguration(
            InstanceName name,
            NodeName home,
            NodeName backup,
            List<String> addresses,
            List<ServiceConfiguration> services,
            List<DatabaseConfiguration> databases) {
        this(name, home, backup, addresses, services, databases, List.of(), List.of());
    }

    /** Returns {@link #addresses}, read. */
    public List<VirtualAddress> virtualAddresses() {
        return addresses.stream().map(a -> VirtualAddress.parse(a).orElseThrow()).toList();
    }

    /** Returns whether there is no other node: it stands alone, by choice. */
    public boolean alone() {
        return home.equals(backup);
    }

    /** Returns the same instance on another pair; with the same node twice it stands alone. */
    public InstanceConfiguration on(NodeName newHome, NodeName newBackup) {
        return new InstanceConfiguration(
                name, newHome, newBackup, addresses, services, databases, ports, hooks);
    }

    /** Returns the other node of the pair; the same one where there is no other. */
    public NodeName peerOf(NodeName node) {
        return node.equals(home) ? backup : home;
    }

    /** Returns whether {@code node} is one of the pair. */
    public boolean concerns(NodeName node) {
        return node.equals(home) || node.equals(backup);
    }
}
