package io.understudy.ejb.service;

import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.ejb.guard.Children;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What this host lacks for services that it would have to run: units, agents, parameters. */
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
     * A service that could not run here.
     *
     * @param service its name
     * @param sentence cause, object, next step
     */
    public record Lack(String service, String sentence) {}

    /** Returns what is lacking, in the order of the services; blocks some seconds at most each. */
    public List<Lack> lacks(InstanceConfiguration instance) {
        List<Lack> all = new ArrayList<>();
        for (ServiceConfiguration service : instance.services()) {
            try {
                for (String sentence : check(instance, service)) {
                    all.add(new Lack(service.name(), sentence));
                }
            } catch (IOException e) {
                all.add(new Lack(service.name(), String.valueOf(e.getMessage())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return all;
    }

    private List<String> check(InstanceConfiguration instance, ServiceConfiguration service)
            throws IOException, InterruptedException {
        return switch (service.kind()) {
            case PROCESS, PROBE -> List.of();
            case SYSTEMD -> {
                systemctl.requireRunning(LIMIT);
                Map<String, String> unit = systemctl.show(service.runBy().orElseThrow(), LIMIT);
                Optional<String> unfit = Systemctl.unfit(service.runBy().orElseThrow(), unit);
                yield unfit.stream().toList();
            }
            case OCF -> {
                OcfAgent agent = OcfAgent.of(service.runBy().orElseThrow());
                agent.require();
                ServiceCommands commands =
                        new ServiceCommands(
                                instance.name(), instance.home(), data, children, List::of);
                yield commands.metadata(agent, LIMIT).problems(service.parameters()).stream()
                        .map(problem -> "the agent " + agent.name() + " " + problem)
                        .toList();
            }
        };
    }
}
