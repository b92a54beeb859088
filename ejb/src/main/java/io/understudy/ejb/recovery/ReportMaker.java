package io.understudy.ejb.recovery;

import io.understudy.cluster.ledger.EntryText;
import io.understudy.cluster.report.Reports;
import io.understudy.core.config.DatabaseConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.database.DatabaseRole;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.Reason;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Situation;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.view.ClusterView;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Makes this node's report and publishes it: changes that matter at once, figures once a second.
 */
final class ReportMaker {

    private static final long FIGURES_NANOS = 1_000_000_000L;

    private final NodeConfiguration node;
    private final Reports reports;
    private final Recoveries recoveries;
    private final LongSupplier nanos;
    private final long started;
    private String shape = "";
    private long publishedAt;

    ReportMaker(
            NodeConfiguration node, Reports reports, Recoveries recoveries, LongSupplier nanos) {
        this.node = node;
        this.reports = reports;
        this.recoveries = recoveries;
        this.nanos = nanos;
        this.started = nanos.getAsLong();
    }

    synchronized void publish() {
        Map<String, NodeReport.OfInstance> all = new TreeMap<>();
        StringBuilder matters = new StringBuilder();
        recoveries
                .loops()
                .forEach(
                        (name, loop) -> {
                            NodeReport.OfInstance of = of(name, loop);
                            all.put(name.value(), of);
                            matters.append(name).append(essence(of)).append(';');
                        });
        long now = nanos.getAsLong();
        boolean changed = !matters.toString().equals(shape);
        if (changed || now - publishedAt > FIGURES_NANOS) {
            shape = matters.toString();
            publishedAt = now;
            reports.publish(ReportText.write(new NodeReport(node.role().name(), null, all)));
        }
    }

    private static String essence(NodeReport.OfInstance of) {
        StringBuilder text = new StringBuilder();
        text.append(of.phase()).append(of.able()).append(of.databasePrimary());
        text.append(of.databaseFailed()).append(of.failed()).append(of.epoch());
        text.append(of.restarted()).append(of.initializing()).append(of.ledger());
        of.services().forEach(s -> text.append(s.condition()));
        of.databases().forEach(d -> text.append(d.role()).append(d.replication()));
        return text.toString();
    }

    NodeReport.OfInstance of(InstanceName name, InstanceLoop loop) {
        Situation s = loop.situation();
        Observations.Observed seen = recoveries.observed(name);
        boolean databaseFailed =
                s.degraded().filter(r -> r == Reason.DATABASE_FAILURE).isPresent()
                        || seen.databases().stream().anyMatch(d -> d.role() == DatabaseRole.FAILED);
        return new NodeReport.OfInstance(
                s.phase(),
                s.able(),
                Recoveries.primary(seen.databases()),
                databaseFailed,
                s.failed(),
                s.restarted(),
                s.initializing(),
                s.epoch().value(),
                s.provisional() && s.phase() != Phase.STANDBY,
                started,
                services(seen.services()),
                databases(loop, seen.databases()),
                s.ledger().map(EntryText::of).orElse(null),
                s.record().map(LeaseRecord::encoded).orElse(null));
    }

    private List<ClusterView.Service> services(List<ServiceFacts> facts) {
        return facts.stream()
                .map(
                        f ->
                                new ClusterView.Service(
                                        f.name(),
                                        node.name().value(),
                                        f.critical(),
                                        f.condition().name(),
                                        f.restarts(),
                                        f.pid().orElse(null),
                                        f.problem().orElse(null)))
                .toList();
    }

    private List<ClusterView.Database> databases(InstanceLoop loop, List<DatabaseFacts> facts) {
        return facts.stream().map(f -> database(loop, f)).toList();
    }

    private ClusterView.Database database(InstanceLoop loop, DatabaseFacts f) {
        Optional<DatabaseConfiguration> configured =
                loop.parts().instance().databases().stream()
                        .filter(d -> d.name().equals(f.name()))
                        .findFirst();
        return new ClusterView.Database(
                f.name(),
                configured.map(d -> d.engine().name().toLowerCase(Locale.ROOT)).orElse(""),
                node.name().value(),
                f.role().name(),
                f.replication().name(),
                f.standbyAttached(),
                f.lagBytes().isPresent() ? f.lagBytes().getAsLong() : null,
                f.resyncPercent().isPresent() ? f.resyncPercent().getAsInt() : null,
                f.resyncLeft().map(Duration::toSeconds).orElse(null),
                f.position(),
                f.problem().orElse(null));
    }
}
