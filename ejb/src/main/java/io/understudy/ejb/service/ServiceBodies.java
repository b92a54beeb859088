package io.understudy.ejb.service;

import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.database.DatabaseAccess;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.process.ControlGroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Makes what the services of an instance consist of, by their kinds. */
public final class ServiceBodies {

    /** Where control groups are looked for on a host that has none: then nothing starts in them. */
    private static final Path NO_MOUNT = Path.of("/sys/fs/cgroup");

    private final InstanceName instance;
    private final NodeName node;
    private final Path data;
    private final ServiceCommands commands;
    private final Systemctl systemctl;
    private final JdbcProber jdbc;

    /**
     * Starts nothing.
     *
     * @param instance whose services these are
     * @param node this node
     * @param data the data directory: logs go to {@code logs/}, services start in it
     * @param children starts processes
     * @param jdbc asks databases
     * @param databases asked at each start of a service: how it reaches its databases
     */
    public ServiceBodies(
            InstanceName instance,
            NodeName node,
            Path data,
            Children children,
            JdbcProber jdbc,
            Supplier<List<DatabaseAccess>> databases) {
        this(instance, node, data, children, jdbc, databases, new Systemctl(children, data));
    }

    /** For tests: another systemctl. */
    ServiceBodies(
            InstanceName instance,
            NodeName node,
            Path data,
            Children children,
            JdbcProber jdbc,
            Supplier<List<DatabaseAccess>> databases,
            Systemctl systemctl) {
        this.instance = instance;
        this.node = node;
        this.data = Objects.requireNonNull(data, "data");
        this.commands = new ServiceCommands(instance, node, data, children, databases);
        this.systemctl = systemctl;
        this.jdbc = jdbc;
    }

    ServiceCommands commands() {
        return commands;
    }

    JdbcProber jdbc() {
        return jdbc;
    }

    ServiceBody of(ServiceConfiguration service, Timers timers) {
        return switch (service.kind()) {
            case PROCESS -> new ProcessBody(service, commands);
            case SYSTEMD -> new SystemdBody(service, commands, timers, systemctl, mount());
            case OCF ->
                    new OcfBody(
                            service,
                            commands,
                            timers,
                            OcfAgent.of(service.runBy().orElseThrow()),
                            group(service));
            case PROBE -> new WatchedBody();
        };
    }

    private static Path mount() {
        return ControlGroup.mount().orElse(NO_MOUNT);
    }

    /** Several nodes may run on one host, also of the same name: their data directories differ. */
    private ControlGroup group(ServiceConfiguration service) {
        String home = Integer.toHexString(data.toAbsolutePath().normalize().hashCode());
        return new ControlGroup(
                mount().resolve("understudy-" + node + "-" + home)
                        .resolve(instance + "~" + service.name()));
    }
}
