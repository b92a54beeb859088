package io.understudy.ejb.service;

import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.ejb.database.DatabaseAccess;
import io.understudy.ejb.guard.ChildKind;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.process.Child;
import io.understudy.ejb.process.CommandResult;
import io.understudy.ejb.process.ControlGroup;
import io.understudy.ejb.process.Launch;
import io.understudy.ejb.process.LogFile;
import io.understudy.ejb.process.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
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

    /** The guard holds what lives in {@code group} to the lease from now on. */
    void hold(ControlGroup group) throws IOException {
        children.hold(instance, group);
    }

    /** Nothing lives in {@code group} any more. */
    void letGo(ControlGroup group) {
        children.guard().ungroup(group.directory());
    }

    /** Returns the name under which an agent knows the service; unique on a host. */
    String resource(ServiceConfiguration service) {
        return instance + "_" + service.name();
    }

    /** Asks an agent about itself. */
    OcfMetadata metadata(OcfAgent agent, Duration limit) throws IOException, InterruptedException {
        CommandResult result =
                children.run(
                        new Launch(
                                agent.name(),
                                List.of(agent.file().toString(), "meta-data"),
                                agent.environment("meta", Map.of()),
                                true,
                                data,
                                data.resolve("logs").resolve("agents.log"),
                                Optional.empty()),
                        "",
                        limit);
        try {
            return OcfMetadata.read(result.output());
        } catch (IOException e) {
            throw new IOException(
                    "the agent "
                            + agent.name()
                            + " does not describe itself"
                            + (result.timedOut()
                                    ? " within " + limit.toSeconds() + " s"
                                    : " (" + e.getMessage() + ")")
                            + "; mend or reinstall it",
                    e);
        }
    }

    /**
     * Has an agent look at its parameters and at this host, if it offers that.
     *
     * @param limit at most; the agent's own if that is shorter
     * @return why it could not work so, in the agent's own words; empty if it could
     */
    Optional<String> validate(
            ServiceConfiguration service,
            OcfAgent agent,
            OcfMetadata metadata,
            Epoch epoch,
            Duration limit)
            throws IOException, InterruptedException {
        String action = "validate-all";
        if (!metadata.actions().contains(action)) {
            return Optional.empty();
        }
        Duration own = metadata.timeout(action);
        Duration shorter = own.compareTo(limit) < 0 ? own : limit;
        CommandResult result =
                runLogged(
                        service,
                        List.of(agent.file().toString(), action),
                        agent.environment(service, resource(service), action, shorter),
                        epoch,
                        shorter);
        boolean refused =
                OcfCode.GENERIC.is(result.status())
                        || OcfCode.refuses(result.status())
                                && !OcfCode.UNIMPLEMENTED.is(result.status());
        return result.timedOut() || refused
                ? Optional.of(OcfCode.said(agent, action, result, shorter))
                : Optional.empty();
    }

    /**
     * @throws IOException if a program that the service names is not on this host
     */
    void requirePrograms(ServiceConfiguration service) throws IOException {
        List<List<String>> all = new ArrayList<>(List.of(service.start(), service.stop()));
        if (service.probe() instanceof Probe.Command command) {
            all.add(command.command());
        }
        for (List<String> command : all) {
            if (!command.isEmpty()) {
                Spawner.requireProgram(launch(service, command, Epoch.NONE));
            }
        }
    }

    /** Runs an action and keeps what it said in the service's log. */
    CommandResult runLogged(
            ServiceConfiguration service,
            List<String> command,
            Map<String, String> environment,
            Epoch epoch,
            Duration limit)
            throws IOException, InterruptedException {
        Launch plain = launch(service, command, epoch);
        Map<String, String> all = new TreeMap<>(plain.environment());
        all.putAll(environment);
        Launch launch =
                new Launch(plain.name(), command, all, true, data, plain.log(), Optional.empty());
        CommandResult result = children.run(launch, "", limit);
        if (!result.output().isBlank()) {
            Files.createDirectories(plain.log().getParent());
            Files.writeString(
                    plain.log(),
                    result.output(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        return result;
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
        return ServiceLog.file(data, instance, service.name());
    }
}
