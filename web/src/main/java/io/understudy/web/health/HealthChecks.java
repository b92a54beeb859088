package io.understudy.web.health;

import io.understudy.ejb.control.NodeControl;
import io.understudy.ejb.control.Readiness;
import io.understudy.web.node.NodeSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Startup;

/**
 * What /health/live, /ready and /started answer: yes or no under names of our own, because the
 * container says UP even where the application failed to deploy. The words behind it need the
 * token: GET /api/v1/node/readiness.
 */
@ApplicationScoped
public class HealthChecks {

    /** The name to look for at /health/live. */
    public static final String LIVE = "understudy-live";

    /** The name to look for at /health/ready. */
    public static final String READY = "understudy-ready";

    /** The name to look for at /health/started. */
    public static final String STARTED = "understudy-started";

    @Inject private NodeSource source;

    /** Whether a restart of the process would help: it would not where there is no node at all. */
    @Produces
    @ApplicationScoped
    @Liveness
    HealthCheck live() {
        return () -> answer(LIVE, true, Readiness::live);
    }

    /** Whether work may be sent here. */
    @Produces
    @ApplicationScoped
    @org.eclipse.microprofile.health.Readiness
    HealthCheck ready() {
        return () -> answer(READY, false, Readiness::ready);
    }

    /** Whether starting is over. */
    @Produces
    @ApplicationScoped
    @Startup
    HealthCheck started() {
        return () -> answer(STARTED, false, Readiness::started);
    }

    private HealthCheckResponse answer(
            String name, boolean withoutNode, Function<Readiness, List<Readiness.Check>> part) {
        boolean holds =
                source.ifPresent()
                        .map(NodeControl::readiness)
                        .map(part)
                        .map(Readiness::all)
                        .orElse(withoutNode);
        return HealthCheckResponse.named(name).status(holds).build();
    }
}
