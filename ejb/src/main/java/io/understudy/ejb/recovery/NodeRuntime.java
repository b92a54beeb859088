package io.understudy.ejb.recovery;

import com.hazelcast.core.HazelcastInstance;
import io.understudy.cluster.configuration.ReplicatedConfiguration;
import io.understudy.cluster.heartbeat.Heartbeat;
import io.understudy.cluster.ledger.QuorumLedger;
import io.understudy.cluster.member.Peering;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.Secret;
import io.understudy.cluster.report.Reports;
import io.understudy.cluster.witness.Version;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.address.AddressChecks;
import io.understudy.ejb.beat.Beat;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.guard.GuardLink;
import io.understudy.ejb.guard.SocketGuardLink;
import io.understudy.ejb.info.NodeInfos;
import io.understudy.ejb.process.Spawner;
import io.understudy.ejb.service.HostChecks;
import io.understudy.ejb.service.JdbcProber;
import io.understudy.ejb.service.ServiceChecks;
import io.understudy.ejb.service.ServiceRunner;
import io.understudy.ejb.service.Ticks;
import io.understudy.ejb.volume.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Everything a node is made of, put together once at its start and taken apart in the reverse order
 * at its end: the parts of the cluster, the children, the loops.
 */
final class NodeRuntime implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(NodeRuntime.class.getName());
    private static final Duration STORE_LIMIT = Duration.ofMillis(1500);
    private static final Duration GUARD_LIMIT = Duration.ofSeconds(5);
    private static final Duration ALIVE_EVERY = Duration.ofMillis(200);
    private static final int WORKERS = 24;

    /** Steps wait for what workers do, and must not take their threads. */
    private static final int STEPS = 48;

    private static final Duration SAVE_EVERY = Duration.ofSeconds(10);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final NodeConfiguration node;
    private final LongSupplier nanos = System::nanoTime;
    private final Clock wall = Clock.systemDefaultZone();
    private final Recoveries recoveries;
    private final Operations operations;
    private final Configurations configurations;
    private final Happenings happenings;
    private final Requests requests;
    private final ServiceRequests serviceRequests;
    private final Emergencies emergencies;
    private final Maintenance maintenance;
    private final ClusterViews views;
    private final NodeInfos infos;
    private final Explanations explanations;
    private final Measurements measurements;
    private final Moves moves;
    private final Shapes shapes;
    private final Departures departures;

    /**
     * Starts everything; returns when this node takes part.
     *
     * @param node its node file
     * @param data its data directory
     * @param secretFile the cluster's secret
     * @param hazelcast this process's member, already started; owned by the app server
     * @param whenStopped run once all instances are down after {@link Recoveries#stop}
     * @throws IOException if a port, a file or the guard cannot be had: cause, next step
     */
    NodeRuntime(
            NodeConfiguration node,
            Path data,
            Path secretFile,
            HazelcastInstance hazelcast,
            Runnable whenStopped)
            throws IOException {
        this.node = node;
        try {
            Secret secret = Secret.load(secretFile);
            Peering peering =
                    keep(
                            new Peering(
                                    node,
                                    data,
                                    secret,
                                    Version.current(),
                                    Timers.FAST,
                                    this::alarm));
            PeerClient client = peering.client();
            QuorumLedger ledger = peering.ledger();
            ReplicatedConfiguration replicated = peering.configuration();
            configurations =
                    new Configurations(node, replicated, () -> witnesses(peering.heartbeat()));
            happenings = new Happenings(node, peering.events());
            Heartbeat heartbeat = peering.heartbeat();
            moves = new Moves(peer -> heartbeat.facts(peer).lastBeat(), happenings::moved);
            peering.events().listen(moves::happened);
            Reports reports = peering.reports();
            Leases leases = keep(Leases.of(node, hazelcast, peering, STORE_LIMIT));
            emergencies =
                    new Emergencies(node, leases.voters(), ledger, replicated, peering, happenings);
            maintenance = new Maintenance(peering.holds(), happenings, wall, nanos);
            operations = new Operations(nanos);
            DecisionRecorder recorder = keep(new DecisionRecorder(data.resolve("decisions"), wall));
            ScheduledExecutorService timer =
                    Executors.newSingleThreadScheduledExecutor(Pools.named("understudy-timer"));
            keep(timer::shutdownNow);
            ThreadPoolExecutor steps = Pools.of("understudy-step", STEPS);
            keep(steps::shutdownNow);
            ThreadPoolExecutor workers = Pools.of("understudy-worker", WORKERS);
            keep(workers::shutdownNow);
            Spawner spawner = keep(new Spawner());
            GuardLink guard = keep(guard(data));
            Children children = new Children(data.resolve("run"), spawner, guard);
            configurations.checkHosts(
                    new ServiceChecks(
                            node.name(), new HostChecks(children, data), peering.server(), client));
            configurations.checkAddresses(new AddressChecks(node.name(), peering.server(), client));
            Volumes volumes =
                    keep(
                            new Volumes(
                                    children,
                                    "volume-" + node.name(),
                                    timer,
                                    workers,
                                    nanos,
                                    happenings));
            JdbcProber jdbc = keep(new JdbcProber());
            AddressWatch addresses =
                    new AddressWatch(
                            node, heartbeat, client, guard, happenings, timer, workers, nanos);
            DecisionThread decisions = keep(new DecisionThread());
            Instances instances =
                    new Instances(
                            new Instances.Materials(
                                    node,
                                    data,
                                    children,
                                    client,
                                    (peer, main) ->
                                            heartbeat
                                                    .observed(peer)
                                                    .map(facts -> facts.addresses(main))
                                                    .orElse(List.of(main)),
                                    secret::deriveHex,
                                    new Ticks(timer, ServiceRunner.TICK),
                                    workers,
                                    nanos,
                                    volumes,
                                    jdbc,
                                    addresses::soon,
                                    happenings::hookFailed));
            recoveries =
                    keep(
                            new Recoveries(
                                    new Recoveries.Surroundings(
                                            node,
                                            leases.access(),
                                            ledger,
                                            guard,
                                            decisions,
                                            steps,
                                            workers,
                                            timer,
                                            nanos,
                                            recorder,
                                            moves,
                                            heartbeat,
                                            peering.proof(),
                                            reports,
                                            operations,
                                            happenings,
                                            instances,
                                            maintenance,
                                            new LeftCopies(
                                                    data.resolve("databases"), wall, happenings),
                                            whenStopped)));
            peering.proof().fenceWhere(recoveries::wouldReplace);
            Beat.every(timer, ALIVE_EVERY, guard::alive);
            serviceRequests = new ServiceRequests(node, data, recoveries, happenings);
            requests =
                    new Requests(
                            node,
                            recoveries,
                            maintenance,
                            operations,
                            happenings,
                            peering.server(),
                            client);
            views =
                    new ClusterViews(
                            node,
                            recoveries,
                            configurations,
                            leases.access(),
                            heartbeat,
                            reports,
                            maintenance,
                            moves,
                            name -> peering.removals().of(name).isPresent(),
                            nanos,
                            wall);
            measurements =
                    new Measurements(
                            node,
                            views,
                            configurations,
                            heartbeat,
                            recorder::made,
                            guard::guarded,
                            nanos);
            peering.events().listen(measurements::happened);
            Beat.every(timer, Measurements.LOOK_EVERY, measurements::look);
            addresses.start(recoveries);
            infos = keep(new NodeInfos(node, data, views::view, configurations::groups, wall));
            Beat.every(timer, SAVE_EVERY, () -> infos.saveOn(workers));
            explanations =
                    new Explanations(
                            node,
                            recoveries,
                            configurations,
                            views,
                            happenings,
                            recorder,
                            peering.server(),
                            client,
                            wall);
            maintenance.start(timer);
            workers.execute(() -> moves.recall(happenings));
            shapes = new Shapes(configurations, views, happenings);
            departures =
                    new Departures(
                            node, configurations, views, shapes, peering.removals(), happenings);
            Seeds.serve(peering.server(), recoveries::engine);
            peering.start();
            replicated.listen(document -> configure());
            configure();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** What is in force is read under the lock: of two at once the later one has the newer. */
    private void configure() {
        synchronized (recoveries) {
            recoveries.configure(configurations.groups());
        }
    }

    /** Members say their roles to one another; one that was never met is not known as a witness. */
    private static Set<NodeName> witnesses(Heartbeat heartbeat) {
        return heartbeat.facts().stream()
                .map(PeerFacts::name)
                .filter(
                        peer ->
                                heartbeat
                                        .role(peer)
                                        .equals(Optional.of(NodeConfiguration.Role.WITNESS)))
                .collect(Collectors.toSet());
    }

    private GuardLink guard(Path data) throws IOException {
        Path socket = data.resolve("run").resolve("guard.sock");
        if (!Files.exists(socket)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no guard listens at {0}: this node runs without one; start it with"
                            + " 'understudy node'",
                    socket);
            return GuardLink.none();
        }
        return SocketGuardLink.connect(socket, GUARD_LIMIT, this::guardLost);
    }

    private void guardLost() {
        alarm("the guard of this node is gone: it hands over and ends; start it anew");
        Recoveries present = recoveries;
        if (present != null) {
            present.stop(true, "guard lost");
        }
    }

    private void alarm(String sentence) {
        LOG.log(System.Logger.Level.ERROR, sentence);
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    NodeConfiguration node() {
        return node;
    }

    Recoveries recoveries() {
        return recoveries;
    }

    Operations operations() {
        return operations;
    }

    Configurations configurations() {
        return configurations;
    }

    Happenings happenings() {
        return happenings;
    }

    ServiceRequests serviceRequests() {
        return serviceRequests;
    }

    Requests requests() {
        return requests;
    }

    Emergencies emergencies() {
        return emergencies;
    }

    Explanations explanations() {
        return explanations;
    }

    Maintenance maintenance() {
        return maintenance;
    }

    Shapes shapes() {
        return shapes;
    }

    Departures departures() {
        return departures;
    }

    ClusterViews views() {
        return views;
    }

    NodeInfos infos() {
        return infos;
    }

    Moves moves() {
        return moves;
    }

    Measurements measurements() {
        return measurements;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "a part did not stop in good order", e);
            }
        }
    }
}
