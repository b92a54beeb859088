package io.understudy.ejb.service;

import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.lease.Epoch;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.process.Account;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What this host lacks to serve an instance: programs, units, agents, parameters, an account. */
public final class HostChecks {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Children children;
    private final Path data;
    private final Systemctl systemctl;

    /**
     * Checks nothing yet.
     *
     * @param data the data directory
     * @param children runs agents and systemctl
     */
    public HostChecks(Children children, Path data) {
        this.children = children;
        this.data = data;
        this.systemctl = new Systemctl(children, data);
    }

    /**
     * What could not run here.
     *
     * @param field where in the group file: the instance, a dot, and what of it
     * @param sentence cause, object, next step
     */
    public record Lack(String field, String sentence) {}

    /** Returns what is lacking, in the order of the services; blocks some seconds at most each. */
    public List<Lack> lacks(InstanceConfiguration instance) {
        List<Lack> all = new ArrayList<>();
        for (ServiceConfiguration service : instance.services()) {
            String field = instance.name() + ".services[" + service.name() + "]";
            try {
                for (String sentence : check(instance, service)) {
                    all.add(new Lack(field, sentence));
                }
            } catch (IOException e) {
                all.add(new Lack(field, String.valueOf(e.getMessage())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (!instance.databases().isEmpty()) {
            try {
                Account.unprivileged();
            } catch (IOException e) {
                all.add(new Lack(instance.name() + ".databases", e.getMessage()));
            }
        }
        return all;
    }

    private List<String> check(InstanceConfiguration instance, ServiceConfiguration service)
            throws IOException, InterruptedException {
        ServiceCommands commands =
                new ServiceCommands(instance.name(), instance.home(), data, children, List::of);
        commands.requirePrograms(service);
        return switch (service.kind()) {
            case PROCESS, PROBE -> List.of();
            case SYSTEMD -> {
                systemctl.requireRunning(LIMIT);
                Map<String, String> unit = systemctl.show(service.runBy().orElseThrow(), LIMIT);
                Optional<String> unfit = Systemctl.unfit(service.runBy().orElseThrow(), unit);
                yield unfit.stream().toList();
            }
            case OCF -> agent(commands, service);
        };
    }

    private static List<String> agent(ServiceCommands commands, ServiceConfiguration service)
            throws IOException, InterruptedException {
        OcfAgent agent = OcfAgent.of(service.runBy().orElseThrow());
        agent.require();
        OcfMetadata metadata = commands.metadata(agent, LIMIT);
        List<String> wrong =
                metadata.problems(service.parameters()).stream()
                        .map(problem -> "the agent " + agent.name() + " " + problem)
                        .toList();
        return wrong.isEmpty()
                ? commands.validate(service, agent, metadata, Epoch.NONE, LIMIT).stream().toList()
                : wrong;
    }
}
