package io.understudy.ejb.service;

import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.lease.Epoch;
import io.understudy.core.timing.Timers;

/** Looks at services: by the word of their kind, then by their probe. */
final class ServiceSteps {

    private final ServiceCommands commands;
    private final JdbcProber jdbc;
    private final Timers timers;

    ServiceSteps(ServiceCommands commands, JdbcProber jdbc, Timers timers) {
        this.commands = commands;
        this.jdbc = jdbc;
        this.timers = timers;
    }

    /** Blocks, within the limits of the kind and of the probe. */
    ProbeResult probe(SupervisedService service, Epoch asOf) throws InterruptedException {
        ServiceConfiguration configuration = service.configuration();
        try {
            commands.rotateLog(configuration);
            ProbeResult own = service.body().look(asOf, timers.probeLimit());
            if (!own.good()) {
                return own;
            }
            if (configuration.probe() instanceof Probe.Jdbc query) {
                return jdbc.ask(query, timers.probeLimit());
            }
            return Prober.ask(
                    configuration.probe(),
                    (command, limit) -> commands.run(configuration, command, asOf, limit),
                    timers.probeLimit());
        } catch (RuntimeException e) {
            return ProbeResult.bad("its probe cannot be run: " + e.getMessage());
        }
    }
}
