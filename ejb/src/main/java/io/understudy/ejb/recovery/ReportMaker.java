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
import io.understudy.core.move.MoveFacts;
import io.understudy.core.move.MoveWatch;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Situation;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import io.understudy.core.view.ClusterView;
import io.understudy.ejb.service.ServiceRunner;
import io.understudy.ejb.service.ServiceUses;
import io.understudy.ejb.volume.VolumeState;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Makes this node's report and publishes it: changes that matter at once, figures once a second.
 */
final class ReportMaker {

    private static final long FIGURES_NANOS = 1_000_000_000L;

    /** Where nothing is used, nothing is told anew. */
    private static final long NO_SLOT = Long.MIN_VALUE;

    private static final long GIVING_MILLIS = MoveWatch.LONGEST_WAIT.toMillis();

    private final NodeConfiguration node;
    private final Reports reports;
    private final Recoveries recoveries;
    private final ServiceUses uses;
    private final Map<String, Told> told = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final long started;
    private String shape = "";
    private final Map<InstanceName, Made> made = new ConcurrentHashMap<>();
    private Map<String, NodeReport.OfInstance> published = Map.of();
    private long publishedAt;

    /** What a service was last said to use. */
    private record Told(long slot, Optional<Long> pid, ClusterView.Use use) {}

    /** What was told of an instance last, and what it was made of. */
    private record Made(
            Situation of, Observations.Observed seen, long slot, NodeReport.OfInstance told) {

        /** Whether it would be made the same again. A renewed lease makes no difference. */
        boolean stands(Situation now, Observations.Observed seenNow, long slotNow) {
            return seen == seenNow
                    && slot == slotNow
                    && of.phase() == now.phase()
                    && of.able() == now.able()
                    && of.failed() == now.failed()
                    && of.restarted() == now.restarted()
                    && of.initializing() == now.initializing()
                    && of.provisional() == now.provisional()
                    && of.held() == now.held()
                    && of.epoch().equals(now.epoch())
                    && of.degraded().equals(now.degraded())
                    && of.ledger().equals(now.ledger())
                    && isSameTenure(of.record(), now.record());
        }

        private static boolean isSameTenure(Optional<LeaseRecord> a, Optional<LeaseRecord> b) {
            if (a.isEmpty() || b.isEmpty()) {
                return a.isEmpty() && b.isEmpty();
            }
            return a.get().holder().equals(b.get().holder())
                    && a.get().epoch().equals(b.get().epoch())
                    && a.get().length().equals(b.get().length());
        }
    }

    ReportMaker(
            NodeConfiguration node,
            Reports reports,
            Recoveries recoveries,
            Executor workers,
            LongSupplier nanos) {
        this.uses = new ServiceUses(workers, nanos, this::runners);
        this.node = node;
        this.reports = reports;
        this.recoveries = recoveries;
        this.nanos = nanos;
        this.started = nanos.getAsLong();
    }

    private Map<InstanceName, ServiceRunner> runners() {
        Map<InstanceName, ServiceRunner> all = new HashMap<>();
        recoveries.loops().forEach((name, loop) -> all.put(name, loop.parts().runner()));
        return all;
    }

    synchronized void publish() {
        if (isPublished()) {
            return;
        }
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
        if (changed || now - publishedAt > FIGURES_NANOS && !all.equals(published)) {
            shape = matters.toString();
            publishedAt = now;
            published = all;
            told.values().removeIf(old -> old.slot() < slot(now) - 1);
            reports.publish(ReportText.write(new NodeReport(node.role().name(), null, all)));
        }
    }

    private static boolean primary(List<DatabaseFacts> databases) {
        return !databases.isEmpty()
                && databases.stream().allMatch(d -> d.role() == DatabaseRole.PRIMARY);
    }

    /** Nothing is new, as mostly: found out without making anything. */
    private boolean isPublished() {
        Map<InstanceName, InstanceLoop> loops = recoveries.loops();
        made.keySet().retainAll(loops.keySet());
        return loops.size() == published.size()
                && loops.entrySet().stream()
                        .allMatch(
                                e ->
                                        of(e.getKey(), e.getValue())
                                                == published.get(e.getKey().value()));
    }

    private static String essence(NodeReport.OfInstance of) {
        StringBuilder text = new StringBuilder();
        text.append(of.phase()).append(of.able()).append(of.databasePrimary());
        text.append(of.databaseFailed()).append(of.failed()).append(of.epoch());
        text.append(of.restarted()).append(of.initializing()).append(of.ledger());
        of.services().forEach(s -> text.append(s.condition()));
        of.databases().forEach(d -> text.append(d.role()).append(d.replication()));
        of.addresses().forEach(a -> text.append(a.address()).append(a.reached()).append(a.rival()));
        return text.toString();
    }

    /** Returns what is to be told; the very same object for as long as it is the same. */
    NodeReport.OfInstance of(InstanceName name, InstanceLoop loop) {
        Situation s = loop.situation();
        Observations.Observed seen = recoveries.observed(name);
        long slot = usesAnything(loop.parts(), seen) ? slot(nanos.getAsLong()) : NO_SLOT;
        Made before = made.get(name);
        if (before != null && before.stands(s, seen, slot) && !passes(loop, before.told())) {
            return before.told();
        }
        NodeReport.OfInstance fresh = make(name, loop, s, seen);
        boolean same = before != null && before.told().equals(fresh);
        made.put(name, new Made(s, seen, slot, same ? before.told() : fresh));
        return same ? before.told() : fresh;
    }

    private static boolean usesAnything(InstanceParts parts, Observations.Observed seen) {
        boolean any = parts.watchesVolumes();
        for (ServiceFacts service : seen.services()) {
            any |= service.pid().isPresent();
        }
        return any;
    }

    /** Whether something is told that changes with time, or at the guard's word. */
    private boolean passes(InstanceLoop loop, NodeReport.OfInstance told) {
        InstanceParts parts = loop.parts();
        return !parts.addresses().here().isEmpty()
                || !parts.wanted().ports().isEmpty()
                || giving(loop).isPresent()
                || !told.addresses().isEmpty()
                || told.ports() != null
                || told.givingMillis() != null;
    }

    private NodeReport.OfInstance make(
            InstanceName name, InstanceLoop loop, Situation s, Observations.Observed seen) {
        boolean databaseFailed =
                s.degraded().filter(r -> r == Reason.DATABASE_FAILURE).isPresent()
                        || seen.databases().stream().anyMatch(d -> d.role() == DatabaseRole.FAILED);
        return new NodeReport.OfInstance(
                s.phase(),
                s.able(),
                primary(seen.databases()),
                databaseFailed,
                s.failed(),
                s.restarted(),
                s.initializing(),
                s.epoch().value(),
                s.provisional() && s.phase() != Phase.STANDBY,
                started,
                services(name, loop.parts(), seen.services()),
                databases(loop, seen.databases()),
                loop.parts().addresses().views(node.name(), new Moment(nanos.getAsLong())),
                loop.parts()
                        .addresses()
                        .portView(loop.parts().wanted().ports(), node.name(), s.held())
                        .orElse(null),
                s.ledger().map(EntryText::of).orElse(null),
                s.record().map(ReportMaker::tenure).orElse(null),
                giving(loop).map(g -> age(g.began())).orElse(null),
                giving(loop).flatMap(MoveFacts.Giving::decided).map(this::age).orElse(null));
    }

    /**
     * The number of renewals is left out: with it every report would be news to all members. That a
     * lease was released still comes after that it was held.
     */
    private static String tenure(LeaseRecord record) {
        long order = record.holder().isPresent() ? 0 : 1;
        return new LeaseRecord(record.holder(), record.epoch(), order, record.length()).encoded();
    }

    /** For as long as the other node may need it: an age makes every report news. */
    private Optional<MoveFacts.Giving> giving(InstanceLoop loop) {
        return loop.timing().own().filter(g -> age(g.began()) < GIVING_MILLIS);
    }

    private Long age(Moment moment) {
        return (nanos.getAsLong() - moment.nanos()) / 1_000_000;
    }

    private List<ClusterView.Service> services(
            InstanceName instance, InstanceParts parts, List<ServiceFacts> facts) {
        return facts.stream().map(f -> service(instance, parts, f)).toList();
    }

    private ClusterView.Service service(
            InstanceName instance, InstanceParts parts, ServiceFacts f) {
        boolean stopped =
                f.condition() == ServiceCondition.STOPPED
                        || f.condition() == ServiceCondition.FAILED;
        return new ClusterView.Service(
                f.name(),
                node.name().value(),
                f.critical(),
                f.condition().name(),
                f.restarts(),
                f.pid().orElse(null),
                f.problem().orElse(null),
                parts.runner().service(f.name()).map(s -> s.mode().name()).orElse(null),
                stopped && f.byHand() && f.problem().isPresent(),
                use(instance, parts, f));
    }

    private static long slot(long now) {
        return Math.floorDiv(now, ServiceUses.EVERY.toNanos());
    }

    /** What is used is told anew every few seconds only: a report that is the same is not sent. */
    private ClusterView.Use use(InstanceName instance, InstanceParts parts, ServiceFacts f) {
        long slot = slot(nanos.getAsLong());
        String key = instance + "/" + f.name();
        Told before = told.get(key);
        if (before != null && before.slot() == slot && before.pid().equals(f.pid())) {
            return before.use();
        }
        ClusterView.Use use = useNow(instance, parts, f);
        told.put(key, new Told(slot, f.pid(), use));
        return use;
    }

    private ClusterView.Use useNow(InstanceName instance, InstanceParts parts, ServiceFacts f) {
        Optional<VolumeState> volume = parts.volume(f.name());
        if (volume.isPresent()) {
            return volume.get().known() ? use(volume.get()) : null;
        }
        return f.pid().flatMap(pid -> uses.of(instance, f.name())).map(this::use).orElse(null);
    }

    private ClusterView.Use use(VolumeState volume) {
        return new ClusterView.Use(
                null,
                null,
                null,
                volume.latencyNanos() == 0 ? null : tenths(volume.latencyNanos() / 1e6),
                volume.usedPercent().isPresent() ? volume.usedPercent().getAsInt() : null);
    }

    private ClusterView.Use use(ServiceUses.Use use) {
        return new ClusterView.Use(
                use.started().truncatedTo(ChronoUnit.SECONDS).toString(),
                use.cpuPercent().isPresent() ? tenths(use.cpuPercent().getAsDouble()) : null,
                use.memoryBytes(),
                null,
                null);
    }

    private static Double tenths(double value) {
        return Math.round(value * 10) / 10.0;
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
