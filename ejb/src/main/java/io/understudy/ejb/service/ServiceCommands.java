package io.understudy.ejb.service;

import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.ejb.database.DatabaseAccess;
import io.understudy.ejb.guard.ChildKind;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.process.Child;
import io.understudy.ejb.process.CommandResult;
import io.understudy.ejb.process.Launch;
import io.understudy.ejb.process.LogFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Runs what the services of an instance consist of: their start, stop and probe commands. */
final class ServiceCommands {

    private static final System.Logger LOG = System.getLogger(ServiceCommands.class.getName());

    private final InstanceName instance;
    private final NodeName node;
    private final Path data;
    private final Children children;
    private final Supplier<List<DatabaseAccess>> databases;

    ServiceCommands(
            InstanceName instance,
            NodeName node,
            Path data,
            Children children,
            Supplier<List<DatabaseAccess>> databases) {
        this.instance = instance;
        this.node = Objects.requireNonNull(node, "node");
        this.data = Objects.requireNonNull(data, "data");
        this.children = Objects.requireNonNull(children, "children");
        this.databases = Objects.requireNonNull(databases, "databases");
    }

    Child start(ServiceConfiguration service, Epoch epoch)
            throws IOException, InterruptedException {
        return children.start(
                instance,
                "service." + service.name(),
                launch(service, service.start(), epoch),
                ChildKind.LEASED);
    }

    CommandResult run(
            ServiceConfiguration service, List<String> command, Epoch epoch, Duration limit)
            throws IOException, InterruptedException {
        return children.run(launch(service, command, epoch), "", limit);
    }

    /** Runs the stop command, if there is one, and waits for the process to obey. */
    void askToStop(ServiceConfiguration service, Child child, Epoch epoch, Duration limit)
            throws InterruptedException {
        if (service.stop().isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        try {
            run(service, service.stop(), epoch, limit);
            child.awaitEnd(limit.minusNanos(System.nanoTime() - begun));
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the stop command of service ''{0}'' did not run ({1}); it gets SIGTERM",
                    service.name(),
                    e.getMessage());
        }
    }

    void rotateLog(ServiceConfiguration service) {
        try {
            LogFile.rotate(log(service));
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the log of service ''{0}'' cannot be rotated ({1}); free space in the data"
                            + " directory",
                    service.name(),
                    e.getMessage());
        }
    }

    private Launch launch(ServiceConfiguration service, List<String> command, Epoch epoch) {
        Map<String, String> environment =
                new TreeMap<>(DatabaseAccess.environment(databases.get()));
        environment.put("UNDERSTUDY_INSTANCE", instance.value());
        environment.put("UNDERSTUDY_NODE", node.value());
        environment.put("UNDERSTUDY_EPOCH", epoch.toString());
        environment.putAll(service.environment());
        return new Launch(
                "service " + service.name() + " of instance " + instance,
                command,
                environment,
                true,
                data,
                log(service),
                Optional.empty());
    }

    private Path log(ServiceConfiguration service) {
        String file = instance + "-" + service.name().replaceAll("[^A-Za-z0-9._-]", "_");
        return data.resolve("logs").resolve(file + ".log");
    }
}
