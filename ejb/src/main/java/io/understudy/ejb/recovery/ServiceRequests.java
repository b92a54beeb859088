package io.understudy.ejb.recovery;

import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.ManualStop;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.recovery.Phase;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.RefusedException;
import io.understudy.ejb.control.ServiceCommand;
import io.understudy.ejb.control.ServiceLogView;
import io.understudy.ejb.process.LogTail;
import io.understudy.ejb.service.ServiceLog;
import io.understudy.ejb.volume.VolumeWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What operators ask of single services: start, stop, the end of the log. */
final class ServiceRequests {

    private static final System.Logger LOG = System.getLogger(ServiceRequests.class.getName());

    private final NodeConfiguration node;
    private final Path data;
    private final Recoveries recoveries;
    private final Happenings happenings;

    ServiceRequests(
            NodeConfiguration node, Path data, Recoveries recoveries, Happenings happenings) {
        this.node = node;
        this.data = data;
        this.recoveries = recoveries;
        this.happenings = happenings;
    }

    /** Begins; the service's condition tells how it gets on. */
    void submit(ServiceCommand command) throws RefusedException {
        InstanceLoop loop = loop(command.instance());
        ServiceConfiguration service = service(loop, command.service());
        if (loop.situation().phase() != Phase.ACTIVE) {
            throw new RefusedException(
                    ErrorCode.WRONG_STATE,
                    "Instance " + command.instance() + " is not served by " + node.name() + ".",
                    loop.situation()
                            .record()
                            .flatMap(LeaseRecord::holder)
                            .map(holder -> "Say it to " + holder + ", which serves it.")
                            .orElse("Look at 'understudy status' for who serves it."));
        }
        if (VolumeWatch.isStanding(service) || !service.kind().isStarted()) {
            throw new RefusedException(
                    ErrorCode.WRONG_STATE,
                    "Service " + service.name() + " is only watched, not started or stopped here.",
                    "Start or stop it where it runs.");
        }
        boolean moves =
                !command.start()
                        && service.critical()
                        && service.manualStop() == ManualStop.MOVE
                        && loop.settings().automaticFailover();
        if (moves && !command.confirmed()) {
            throw new RefusedException(
                    ErrorCode.WRONG_STATE,
                    "Stopping the critical service "
                            + service.name()
                            + " would move instance "
                            + command.instance()
                            + " to the other node.",
                    "Repeat it with --yes (REST: confirm=true) if that is wanted.");
        }
        begin(loop.parts(), command);
    }

    private void begin(InstanceParts parts, ServiceCommand command) throws RefusedException {
        String operation = (command.start() ? "start " : "stop ") + command.service();
        happenings.asked(command.instance(), operation, command.by(), "");
        if (command.start()) {
            if (!parts.runner().startByHand(command.service())) {
                throw new RefusedException(
                        ErrorCode.WRONG_STATE,
                        "The services of " + command.instance() + " are not to run here now.");
            }
            return;
        }
        parts.runner()
                .stopByHand(command.service())
                .whenComplete(
                        (done, problem) -> {
                            if (problem != null) {
                                LOG.log(
                                        System.Logger.Level.WARNING,
                                        "service ''{0}'' was not stopped by hand: {1}",
                                        command.service(),
                                        problem.getMessage());
                            }
                        });
    }

    ServiceLogView log(InstanceName instance, String name, int lines, long from)
            throws RefusedException {
        ServiceConfiguration service = service(loop(instance), name);
        Path file = ServiceLog.file(data, instance, service.name());
        try {
            LogTail tail = from < 0 ? LogTail.last(file, lines) : LogTail.since(file, from);
            return new ServiceLogView(
                    instance.value(), name, node.name().value(), tail.text(), tail.next());
        } catch (IOException e) {
            throw new RefusedException(
                    ErrorCode.WRONG_STATE, "The log " + file + " cannot be read: " + e + ".");
        }
    }

    private InstanceLoop loop(InstanceName instance) throws RefusedException {
        return recoveries
                .loop(instance)
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        ErrorCode.UNKNOWN_INSTANCE,
                                        "Instance " + instance + " does not concern this node."));
    }

    private static ServiceConfiguration service(InstanceLoop loop, String name)
            throws RefusedException {
        InstanceConfiguration instance = loop.parts().instance();
        Optional<ServiceConfiguration> found =
                instance.services().stream().filter(s -> s.name().equals(name)).findFirst();
        return found.orElseThrow(
                () ->
                        new RefusedException(
                                ErrorCode.NOT_FOUND,
                                "Instance " + instance.name() + " has no service '" + name + "'.",
                                "It has "
                                        + instance.services().stream()
                                                .map(ServiceConfiguration::name)
                                                .toList()
                                        + "."));
    }
}
