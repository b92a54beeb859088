package io.understudy.ejb.service;

import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.lease.Epoch;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.process.CommandResult;
import io.understudy.ejb.process.ControlGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A resource agent, run as it is. What it starts lives in a control group that the guard knows, so
 * that daemons end with the lease. An agent is believed when it says that something does not run
 * only after the control group is empty, and never when it says nothing.
 */
final class OcfBody implements ServiceBody {

    private static final System.Logger LOG = System.getLogger(OcfBody.class.getName());
    private static final Duration METADATA_LIMIT = Duration.ofSeconds(5);
    private static final Duration CLEAN_LIMIT = Duration.ofSeconds(3);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(1);

    /** A monitor action is a whole shell script: not as often as a probe of our own. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final ServiceConfiguration service;
    private final ServiceCommands commands;
    private final Timers timers;
    private final OcfAgent agent;
    private final ControlGroup group;
    private volatile boolean touched;
    private volatile boolean daemons;
    private volatile OcfMetadata metadata = OcfMetadata.UNKNOWN;

    OcfBody(
            ServiceConfiguration service,
            ServiceCommands commands,
            Timers timers,
            OcfAgent agent,
            ControlGroup group) {
        this.service = service;
        this.commands = commands;
        this.timers = timers;
        this.agent = agent;
        this.group = group;
    }

    @Override
    public void start(Epoch asOf) throws IOException, InterruptedException {
        agent.require();
        metadata = metadata();
        List<String> wrong = metadata.problems(service.parameters());
        if (!wrong.isEmpty()) {
            throw new IOException("the agent " + agent.name() + " " + wrong.get(0));
        }
        Optional<String> refused =
                commands.validate(service, agent, metadata, asOf, timers.startLimit());
        if (refused.isPresent()) {
            throw new IOException(refused.get());
        }
        group.make();
        commands.hold(group);
        clearOutside(asOf);
        touched = true;
        daemons = false;
        Duration limit = shorter(metadata.timeout("start"), timers.startLimit());
        CommandResult result = act(asOf, "start", limit, true);
        if (result.timedOut() || !OcfCode.SUCCESS.is(result.status())) {
            throw new IOException(said("start", result, limit));
        }
        daemons = group.populated();
    }

    /** What runs already was not started by us and would outlive the lease. */
    private void clearOutside(Epoch asOf) throws IOException, InterruptedException {
        Duration limit = shorter(metadata.timeout("monitor"), timers.startLimit());
        CommandResult found = act(asOf, "monitor", limit, false);
        if (!found.timedOut() && OcfCode.NOT_RUNNING.is(found.status())) {
            group.kill(KILL_LIMIT);
            return;
        }
        if (!found.timedOut() && OcfCode.refuses(found.status())) {
            throw new IOException(said("monitor", found, limit));
        }
        if (!found.timedOut() && OcfCode.SUCCESS.is(found.status()) && !group.populated()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "service ''{0}'' ran already, started by somebody else; it is stopped and"
                            + " started under the lease; do not start it at boot",
                    service.name());
        }
        end(asOf, timers.stopLimit());
    }

    @Override
    public Optional<String> ended() {
        if (!touched) {
            return Optional.of("it is not started");
        }
        return daemons && !group.populated()
                ? Optional.of("all of its processes are gone")
                : Optional.empty();
    }

    @Override
    public ProbeResult look(Epoch asOf, Duration limit) throws InterruptedException {
        Duration own = metadata.timeout("monitor");
        try {
            CommandResult result = act(asOf, "monitor", own, false);
            boolean good = !result.timedOut() && OcfCode.SUCCESS.is(result.status());
            daemons |= good && group.populated();
            return good ? ProbeResult.GOOD : ProbeResult.bad(said("monitor", result, own));
        } catch (IOException e) {
            return ProbeResult.bad(e.getMessage());
        }
    }

    @Override
    public void stop(Epoch asOf, Duration limit) throws IOException, InterruptedException {
        if (!touched) {
            return;
        }
        if (limit.isZero()) {
            group.kill(KILL_LIMIT);
        }
        end(asOf, limit.isZero() ? CLEAN_LIMIT : limit);
        touched = false;
        daemons = false;
        commands.letGo(group);
        group.remove();
    }

    private void end(Epoch asOf, Duration limit) throws IOException, InterruptedException {
        Duration own = shorter(metadata.timeout("stop"), limit);
        CommandResult result = act(asOf, "stop", own, false);
        boolean obeyed = !result.timedOut() && OcfCode.SUCCESS.is(result.status());
        if (group.populated()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "service ''{0}'': {1}; its processes are killed",
                    service.name(),
                    obeyed
                            ? "the agent says stopped, but processes live"
                            : said("stop", result, own));
            if (!group.kill(KILL_LIMIT)) {
                throw new IOException(
                        "processes "
                                + group.processes()
                                + " of service '"
                                + service.name()
                                + "' cannot be killed; restart the host");
            }
        }
        if (obeyed) {
            return;
        }
        Duration look = shorter(metadata.timeout("monitor"), CLEAN_LIMIT);
        CommandResult after = act(asOf, "monitor", look, false);
        if (after.timedOut() || !OcfCode.NOT_RUNNING.is(after.status())) {
            throw new IOException(
                    "service '"
                            + service.name()
                            + "' could not be stopped: "
                            + said("stop", result, own)
                            + "; then "
                            + said("monitor", after, look)
                            + "; stop it by hand, this node keeps the lease until then");
        }
    }

    @Override
    public void kill() throws InterruptedException {
        if (touched) {
            group.kill(KILL_LIMIT);
        }
    }

    @Override
    public List<Long> processes() {
        return group.processes();
    }

    @Override
    public Optional<Duration> interval() {
        return Optional.of(INTERVAL);
    }

    private OcfMetadata metadata() throws IOException, InterruptedException {
        return commands.metadata(agent, METADATA_LIMIT);
    }

    private CommandResult act(Epoch asOf, String action, Duration limit, boolean inside)
            throws IOException, InterruptedException {
        List<String> command = List.of(agent.file().toString(), action);
        CommandResult result =
                commands.runLogged(
                        service,
                        inside ? group.enter(command) : command,
                        agent.environment(service, commands.resource(service), action, limit),
                        asOf,
                        limit);
        if (result.timedOut() && inside) {
            group.kill(KILL_LIMIT);
        }
        return result;
    }

    private String said(String action, CommandResult result, Duration limit) {
        return OcfCode.said(agent, action, result, limit);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
