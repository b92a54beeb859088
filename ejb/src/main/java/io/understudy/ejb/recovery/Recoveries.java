package io.understudy.ejb.recovery;

import io.understudy.cluster.heartbeat.DeathProof;
import io.understudy.cluster.heartbeat.Heartbeat;
import io.understudy.cluster.report.Report;
import io.understudy.cluster.report.Reports;
import io.understudy.cluster.voters.LeaseAccess;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.PathFacts;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Settings;
import io.understudy.core.time.Moment;
import io.understudy.ejb.beat.Beat;
import io.understudy.ejb.database.DatabaseEngine;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.guard.GuardLink;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** All instances of this node: their loops, fed with what is observed here and told by peers. */
final class Recoveries implements AutoCloseable, InstanceLoop.Announcements {

    private static final System.Logger LOG = System.getLogger(Recoveries.class.getName());
    private static final Duration OBSERVE_EVERY = Duration.ofMillis(200);
    private static final Duration TEND_EVERY = Duration.ofMillis(200);
    private static final Duration FIGURES_EVERY = Duration.ofSeconds(1);
    private static final Duration LEAD_EVERY = Duration.ofSeconds(2);
    private static final Duration REPORTS_APART = Duration.ofMillis(50);
    private static final Duration NUDGES_APART = Duration.ofMillis(20);

    /** What the instances stand in. */
    record Surroundings(
            NodeConfiguration node,
            LeaseAccess member,
            Ledger ledger,
            GuardLink guard,
            DecisionThread decisions,
            ExecutorService steps,
            ExecutorService workers,
            ScheduledExecutorService timer,
            LongSupplier nanos,
            DecisionRecorder recorder,
            Moves moves,
            Heartbeat heartbeat,
            DeathProof proof,
            Reports reports,
            Operations operations,
            Happenings happenings,
            Instances instances,
            Maintenance maintenance,
            LeftCopies copies,
            Runnable whenStopped) {}

    private final Surroundings around;
    private final Map<InstanceName, InstanceLoop> loops = new ConcurrentHashMap<>();
    private final Map<InstanceName, InstanceParts> parts = new ConcurrentHashMap<>();
    private final Observations observations;
    private final Set<InstanceName> stopping = ConcurrentHashMap.newKeySet();
    private final ReportMaker reporter;
    private final ReadReports read = new ReadReports();
    private final Tenures tenures;
    private final Asides asides;
    private final Coalesced report;
    private final Coalesced nudge;
    private final Map<NodeName, Coalesced> attention = new ConcurrentHashMap<>();
    private final Moment begun;
    private volatile boolean stoppingAll;
    private List<GroupConfiguration> configured = List.of();

    Recoveries(Surroundings around) {
        this.around = around;
        this.begun = new Moment(around.nanos().getAsLong());
        this.reporter =
                new ReportMaker(
                        around.node(), around.reports(), this, around.workers(), around.nanos());
        this.tenures = new Tenures(loops, around.member(), around.proof());
        this.asides = new Asides(around, loops);
        this.report = coalesced(REPORTS_APART, reporter::publish);
        this.nudge = coalesced(NUDGES_APART, around.heartbeat()::nudge);
        this.observations = new Observations(loops, parts::get, around.workers(), report::ask);
        around.moves().observe(observations::soon);
        around.heartbeat().listen(peers());
        around.reports().listen(this::reported);
        Beat.every(around.timer(), OBSERVE_EVERY, observations::all);
        Beat.every(around.timer(), FIGURES_EVERY, report::ask);
        Beat.every(around.timer(), LEAD_EVERY, tenures::leadAll);
        Beat.every(around.timer(), TEND_EVERY, tenures::tend);
    }

    Map<InstanceName, InstanceLoop> loops() {
        return loops;
    }

    Optional<InstanceLoop> loop(InstanceName instance) {
        return Optional.ofNullable(loops.get(instance));
    }

    Observations.Observed observed(InstanceName instance) {
        return observations.of(instance);
    }

    Optional<DatabaseEngine> engine(InstanceName instance, String database) {
        return Optional.ofNullable(parts.get(instance)).map(p -> p.engine(database));
    }

    boolean stopping() {
        return stoppingAll;
    }

    /** Makes the loops as the groups say; called at the start and at each change. */
    synchronized void configure(List<GroupConfiguration> groups) {
        configured = groups;
        Set<InstanceName> wanted = new HashSet<>();
        NodeName self = around.node().name();
        for (GroupConfiguration group : groups) {
            for (InstanceConfiguration instance : group.instances()) {
                if (instance.concerns(self)) {
                    wanted.add(instance.name());
                    place(Instances.settings(self, group, instance), instance);
                }
            }
        }
        for (InstanceName name : loops.keySet()) {
            if (!wanted.contains(name)) {
                stopping.add(name);
                loops.get(name).post(new Event.Stop(false));
            }
        }
    }

    private void place(Settings settings, InstanceConfiguration instance) {
        InstanceLoop present = loops.get(instance.name());
        if (stopping.contains(instance.name())) {
            // Wanted again before it was down: it is made anew when it is.
            return;
        }
        if (present != null) {
            change(present, settings, instance);
            return;
        }
        try {
            InstanceParts made =
                    around.instances()
                            .make(
                                    settings,
                                    instance,
                                    (name, facts) -> observations.soon(name),
                                    (database, result) ->
                                            around.happenings()
                                                    .copied(instance.name(), database, result));
            parts.put(instance.name(), made);
        } catch (DatabaseException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "instance {0} cannot be prepared here: {1}",
                    instance.name(),
                    e.getMessage());
            return;
        }
        InstanceLoop loop =
                new InstanceLoop(settings, loopSurroundings(), () -> parts.get(instance.name()));
        loops.put(instance.name(), loop);
        around.maintenance().bind(instance.name(), loop);
        loop.begin();
        meet(loop, settings);
    }

    private void change(InstanceLoop loop, Settings settings, InstanceConfiguration instance) {
        InstanceParts made = loop.parts();
        boolean another = made.configure(instance, settings, around.instances().partner(settings));
        loop.settings(settings);
        if (another) {
            meet(loop, settings);
            around.workers().execute(made::partnerChanged);
        }
    }

    /** Tells what is known of the other node, if there is one. */
    private void meet(InstanceLoop loop, Settings settings) {
        if (settings.alone()) {
            loop.post(new Event.Wake(true));
            return;
        }
        PeerFacts facts = around.heartbeat().facts(settings.peer());
        loop.post(PeerWatch.event(facts));
        around.reports().of(settings.peer()).ifPresent(this::reported);
    }

    private InstanceLoop.Around loopSurroundings() {
        return new InstanceLoop.Around(
                around.member().leaseStore(),
                around.ledger(),
                around.guard(),
                around.decisions(),
                around.steps(),
                around.workers(),
                around.nanos(),
                begun,
                around.recorder(),
                around.moves(),
                this);
    }

    private Coalesced coalesced(Duration apart, Runnable work) {
        return new Coalesced(around.timer(), around.workers(), apart, around.nanos(), work);
    }

    private PeerWatch peers() {
        return new PeerWatch(
                around.happenings(),
                (peer, event) -> eachWith(peer, loop -> loop.post(event)),
                // What it told is forgotten with its silence, and it tells only what is new.
                peer -> around.reports().of(peer).ifPresent(this::reported),
                peer ->
                        attention
                                .computeIfAbsent(
                                        peer, p -> coalesced(NUDGES_APART, () -> wakeAll(p)))
                                .ask(),
                this::pathChanged);
    }

    /** Each on a thread of its own: a copy that is busy keeps no other from moving. */
    private void pathChanged(NodeName peer, PathFacts path) {
        eachWith(peer, loop -> around.workers().execute(() -> loop.parts().pathChanged(path)));
    }

    private void wakeAll(NodeName peer) {
        eachWith(peer, loop -> loop.post(new Event.Wake(true)));
    }

    private void eachWith(NodeName peer, Consumer<InstanceLoop> action) {
        loops.values().stream().filter(l -> l.settings().peer().equals(peer)).forEach(action);
    }

    /**
     * Returns whether this node is ready to take over everything that it stands by for and {@code
     * peer} holds, and there is something.
     */
    boolean wouldReplace(NodeName peer) {
        boolean any = false;
        for (InstanceLoop loop : loops.values()) {
            boolean holds =
                    loop.settings().peer().equals(peer)
                            && loop.situation().record().filter(r -> r.isHeldBy(peer)).isPresent();
            if (holds && !loop.wouldReplaceHolder()) {
                return false;
            }
            any |= holds;
        }
        return any;
    }

    private void reported(Report report) {
        if (report.node().equals(around.node().name())) {
            return;
        }
        Optional<NodeReport> content = read.of(report);
        if (content.isEmpty()) {
            return;
        }
        eachWith(
                report.node(),
                loop -> {
                    NodeReport.OfInstance of =
                            content.get().instances().get(loop.settings().instance().value());
                    if (of != null) {
                        loop.given(of);
                        loop.reported(
                                new Event.PeerReport(of.phase(), of.able(), of.databasePrimary()));
                    }
                });
    }

    @Override
    public void nudge() {
        nudge.ask();
    }

    @Override
    public void renewed() {
        asides.renewed();
    }

    @Override
    public void leadHere(InstanceName instance) {
        tenures.leadHere(instance);
    }

    @Override
    public void tell(InstanceName instance, Effect.Tell tell) {
        around.operations().phase(instance.value(), tell.code().name());
        around.happenings().tell(instance, tell);
    }

    @Override
    public void conclude(Effect.Conclude conclude) {
        around.operations().conclude(conclude);
    }

    @Override
    public void changed() {
        asides.say();
        report.ask();
    }

    @Override
    public void stopped(InstanceName instance) {
        report.ask();
        if (stopping.contains(instance)) {
            InstanceLoop loop = loops.remove(instance);
            InstanceParts made = parts.remove(instance);
            around.maintenance().unbind(instance);
            observations.forget(instance);
            loop.close();
            around.workers().execute(() -> leave(instance, made));
        }
        if (stoppingAll && allStopped()) {
            around.whenStopped().run();
        }
    }

    /** This node is none of the instance's any more: what it kept is set aside, to be of use. */
    private void leave(InstanceName instance, InstanceParts made) {
        made.close();
        around.copies().setAside(instance, made);
        synchronized (this) {
            stopping.remove(instance);
            configure(configured);
        }
    }

    private boolean allStopped() {
        return loops.values().stream().allMatch(l -> l.situation().phase() == Phase.STOPPED);
    }

    /** Stops every instance here, parked or handed over; {@code whenStopped} runs at the end. */
    void stop(boolean handOver, String by) {
        stoppingAll = true;
        around.happenings().stopping(by);
        if (loops.isEmpty()) {
            around.whenStopped().run();
        }
        loops.values().forEach(loop -> loop.post(new Event.Stop(handOver)));
    }

    /** Returns whether nothing of any instance is left to stop. */
    boolean down() {
        return loops.isEmpty() || allStopped();
    }

    /** Returns what this node tells of an instance. */
    Optional<NodeReport.OfInstance> report(InstanceName instance) {
        return loop(instance).map(loop -> reporter.of(instance, loop));
    }

    /** Returns the reader of peers' reports. */
    ReadReports read() {
        return read;
    }

    @Override
    public void close() {
        loops.values().forEach(InstanceLoop::close);
        parts.values().forEach(InstanceParts::close);
    }
}
