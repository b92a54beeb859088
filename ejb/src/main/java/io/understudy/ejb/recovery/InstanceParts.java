package io.understudy.ejb.recovery;

import io.understudy.core.config.Hook;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.database.DatabaseRole;
import io.understudy.core.database.ReplicationMode;
import io.understudy.core.lease.Epoch;
import io.understudy.core.peer.PathFacts;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Settings;
import io.understudy.core.recovery.Step;
import io.understudy.core.recovery.StepOutcome;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.address.AddressException;
import io.understudy.ejb.address.VirtualAddresses;
import io.understudy.ejb.database.DatabaseEngine;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.Progress;
import io.understudy.ejb.database.StaleEpochException;
import io.understudy.ejb.database.StandbyResult;
import io.understudy.ejb.database.StopResult;
import io.understudy.ejb.database.Upstream;
import io.understudy.ejb.hook.HookRunner;
import io.understudy.ejb.service.ServiceRunner;
import io.understudy.ejb.volume.VolumeState;
import io.understudy.ejb.volume.VolumeWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The databases and services of one instance on this node, and the steps on them. */
final class InstanceParts implements AutoCloseable {

    /** Making replication synchronous stalls writers while it lasts: not for long. */
    private static final Duration JOIN_LIMIT = Duration.ofMillis(1500);

    private static final System.Logger LOG = System.getLogger(InstanceParts.class.getName());
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);
    private static final Duration ADDRESS_LIMIT = Duration.ofSeconds(2);

    /** An orderly stop writes: on a disk that cannot be written it only costs time. */
    private static final Duration HOPELESS_LIMIT = Duration.ofMillis(500);

    private final BiFunction<InstanceConfiguration, Timers, ServiceRunner> runnerOf;
    private volatile InstanceConfiguration instance;
    private volatile InstanceConfiguration wanted;
    private volatile Timers ofServices;
    private volatile boolean handsOff;
    private volatile Settings settings;
    private volatile Timers timers;
    private final AtomicReference<Optional<Member>> partner;
    private final Map<String, DatabaseEngine> engines;
    private volatile ServiceRunner services;
    private final Function<InstanceConfiguration, VolumeWatch> volumesOf;
    private volatile VolumeWatch volumes;
    private final Function<String, Upstream> upstreamOf;
    private final DatabasePaths paths;
    private final CopyListener copies;
    private final VirtualAddresses addresses;
    private final HookRunner hooks;
    private volatile boolean coming;

    /** Hears how a copy came to follow. */
    interface CopyListener {
        void copied(String database, StandbyResult result);
    }

    /**
     * @param partner the other node of the pair, which the engines look at; set by {@link
     *     #configure}
     * @param engines by the database's name, in the order of the group file
     * @param runnerOf makes what runs the services of a configuration
     * @param volumesOf begins to watch the volumes of a configuration
     * @param upstreamOf the peer's address of a database
     * @param addresses come before the services and go after services and databases
     * @param hooks the operator's commands around both
     */
    InstanceParts(
            InstanceConfiguration instance,
            Settings settings,
            AtomicReference<Optional<Member>> partner,
            Map<String, DatabaseEngine> engines,
            BiFunction<InstanceConfiguration, Timers, ServiceRunner> runnerOf,
            Function<InstanceConfiguration, VolumeWatch> volumesOf,
            Function<String, Upstream> upstreamOf,
            CopyListener copies,
            VirtualAddresses addresses,
            HookRunner hooks) {
        this.instance = instance;
        this.settings = settings;
        this.timers = settings.timers();
        this.partner = partner;
        this.engines = engines;
        this.wanted = instance;
        this.runnerOf = runnerOf;
        this.services = runnerOf.apply(instance, timers);
        this.ofServices = timers;
        this.volumesOf = volumesOf;
        this.volumes = volumesOf.apply(instance);
        this.upstreamOf = upstreamOf;
        this.paths = new DatabasePaths(engines, upstreamOf);
        this.copies = copies;
        this.addresses = addresses;
        this.hooks = hooks;
        addresses.guardPorts(instance.ports());
    }

    InstanceConfiguration instance() {
        return instance;
    }

    /** Returns the instance as configured last; what runs may still be as before. */
    InstanceConfiguration wanted() {
        return wanted;
    }

    VirtualAddresses addresses() {
        return addresses;
    }

    List<DatabaseFacts> databases() {
        return engines.values().stream().map(DatabaseEngine::observe).toList();
    }

    List<ServiceFacts> services() {
        List<ServiceFacts> all = new ArrayList<>(services.facts());
        all.addAll(volumes.facts());
        all.addAll(addresses.facts(wanted));
        return all;
    }

    /** Returns what is known of the volume that is watched under a service's name, if one is. */
    Optional<VolumeState> volume(String service) {
        return volumes.state(service);
    }

    boolean watchesVolumes() {
        return volumes.watches();
    }

    /** Returns since when the addresses are here and announced; empty: there are none. */
    Optional<Moment> announced() {
        return addresses.hereSince();
    }

    ServiceRunner runner() {
        return services;
    }

    DatabaseEngine engine(String database) {
        return engines.get(database);
    }

    StepOutcome carryOut(Effect.Execute step) throws Exception {
        return switch (step.step()) {
            case DATABASE_CREATE, DATABASE_PRIMARY -> primary(step);
            case SERVICES_START -> startServices(step.epoch());
            case SERVICES_STOP -> stopServices(step.epoch());
            case DATABASE_STOP -> stopDatabases(step.epoch());
            case KILL -> kill(step.epoch());
            case DATABASE_STANDBY -> follow(step.epoch());
            case REPLICATE_SYNC -> replicate(step.epoch(), ReplicationMode.SYNCHRONOUS, JOIN_LIMIT);
            case REPLICATE_ASYNC ->
                    replicate(step.epoch(), ReplicationMode.ASYNCHRONOUS, timers.stopLimit());
        };
    }

    /**
     * Services and their timers as configured from now on, when they are started next; volumes and
     * the limits of steps at once. The other node is another one from now on.
     *
     * @return whether the other node changed, so that {@link #partnerChanged} is due
     */
    boolean configure(
            InstanceConfiguration newer, Settings newSettings, Optional<Member> newPartner) {
        timers = newSettings.timers();
        if (!newer.services().equals(wanted.services())) {
            VolumeWatch before = volumes;
            volumes = volumesOf.apply(newer);
            before.close();
        }
        addresses.guardPorts(newer.ports());
        wanted = newer;
        settings = newSettings;
        return !partner.getAndSet(newPartner).equals(newPartner);
    }

    /** Tells the databases; waits for them. */
    void partnerChanged() {
        for (DatabaseEngine engine : engines.values()) {
            try {
                engine.partnerChanged();
            } catch (DatabaseException e) {
                LOG.log(System.Logger.Level.WARNING, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Tells the databases that a path to the other node is lost or carries again. */
    void pathChanged(PathFacts path) {
        if (partner.get().isPresent()) {
            paths.changed(path);
        }
    }

    /** Leaves with each stopped copy how to start it by itself. */
    void leaveBehind() throws DatabaseException {
        for (DatabaseEngine engine : engines.values()) {
            engine.leaveBehind();
        }
    }

    /** While the instance is held for maintenance its services are watched and not restarted. */
    void handsOff(boolean hold) {
        handsOff = hold;
        services.handsOff(hold);
    }

    private StepOutcome startServices(Epoch epoch)
            throws InterruptedException, ExecutionException, IOException, AddressException {
        for (ServiceFacts volume : volumes.facts()) {
            if (volume.critical() && volume.condition() == ServiceCondition.FAILED) {
                throw new IOException(volume.problem().orElse(volume.name() + " has failed"));
            }
        }
        InstanceConfiguration newer = wanted;
        boolean idle =
                services.facts().stream().allMatch(f -> f.condition() == ServiceCondition.STOPPED);
        boolean other = !newer.services().equals(instance.services()) || !timers.equals(ofServices);
        if (idle && other) {
            services.close();
            services = runnerOf.apply(newer, timers);
            ofServices = timers;
            services.handsOff(handsOff);
        }
        if (idle) {
            instance = newer;
        }
        coming = true;
        hooks.run(instance, Hook.Moment.BEFORE_START, epoch);
        // Before the services, which may listen at them.
        addresses.take(instance.addresses(), ADDRESS_LIMIT);
        StepOutcome outcome = await(services.startAll(epoch), timers.startLimit());
        if (outcome == StepOutcome.DONE) {
            hooks.begin(instance, Hook.Moment.AFTER_START, epoch);
        }
        return outcome;
    }

    private StepOutcome stopServices(Epoch epoch) throws Exception {
        if (coming) {
            hooks.run(instance, Hook.Moment.BEFORE_STOP, epoch);
        }
        if (diskProblem().isEmpty()) {
            // What the databases can do beforehand clients need not wait for.
            for (DatabaseEngine engine : engines.values()) {
                engine.prepareStop(epoch, timers.stopLimit());
            }
        }
        StepOutcome outcome =
                await(
                        services.stopAll(io.understudy.ejb.service.StopMode.ORDERLY),
                        timers.stopLimit().plusSeconds(2));
        // Databases end their connections themselves, which only reaches clients from where they
        // are connected to. Without that they wait until they lose patience.
        if (engines.isEmpty()) {
            addresses.drop(instance.addresses(), ADDRESS_LIMIT);
            gone(epoch);
        }
        return outcome;
    }

    private StepOutcome primary(Effect.Execute step)
            throws InterruptedException, DatabaseException {
        // Answers come while the databases start.
        addresses.expect(wanted.addresses());
        ReplicationMode mode =
                settings.data() == Settings.Data.WAIT && !settings.alone()
                        ? ReplicationMode.SYNCHRONOUS
                        : ReplicationMode.ASYNCHRONOUS;
        boolean create = step.step() == Step.DATABASE_CREATE;
        for (DatabaseEngine engine : engines.values()) {
            try {
                engine.primary(step.epoch(), mode, create, timers.startLimit());
            } catch (StaleEpochException e) {
                return StepOutcome.FAILED;
            }
        }
        return StepOutcome.DONE;
    }

    private StepOutcome follow(Epoch epoch) throws DatabaseException, InterruptedException {
        for (Map.Entry<String, DatabaseEngine> e : engines.entrySet()) {
            Upstream upstream = upstreamOf.apply(e.getKey());
            StandbyResult result =
                    e.getValue().standby(epoch, upstream, timers.startLimit(), Progress.ignored());
            paths.since(e.getKey(), upstream);
            copies.copied(e.getKey(), result);
        }
        return StepOutcome.DONE;
    }

    private StepOutcome replicate(Epoch epoch, ReplicationMode mode, Duration limit)
            throws DatabaseException, InterruptedException {
        for (DatabaseEngine engine : engines.values()) {
            engine.replicate(epoch, mode, limit);
        }
        return StepOutcome.DONE;
    }

    private StepOutcome stopDatabases(Epoch epoch)
            throws DatabaseException, InterruptedException, AddressException {
        Optional<VolumeState> disk = volumes.state(VolumeWatch.OF_DATABASES);
        if (disk.filter(VolumeState::hangs).isPresent()) {
            // Nothing that writes would end: whoever asked kills.
            return StepOutcome.UNKNOWN;
        }
        Duration limit = diskProblem().isPresent() ? HOPELESS_LIMIT : timers.stopLimit();
        boolean complete = true;
        boolean orderly = true;
        for (DatabaseEngine engine : engines.values()) {
            boolean primary = engine.observe().role() == DatabaseRole.PRIMARY;
            StopResult result =
                    engine.stop(epoch, io.understudy.ejb.database.StopMode.ORDERLY, limit);
            orderly &= result.orderly();
            complete &= !primary || result.standbyHasAll();
        }
        addresses.drop(instance.addresses(), ADDRESS_LIMIT);
        gone(epoch);
        if (!orderly) {
            return StepOutcome.UNKNOWN;
        }
        return complete ? StepOutcome.DONE : StepOutcome.FAILED;
    }

    private Optional<String> diskProblem() {
        return volumes.state(VolumeWatch.OF_DATABASES).flatMap(VolumeState::problem);
    }

    private StepOutcome kill(Epoch epoch) throws Exception {
        addresses.drop(instance.addresses(), ADDRESS_LIMIT);
        CompletionStage<Void> killed = services.stopAll(io.understudy.ejb.service.StopMode.KILL);
        for (DatabaseEngine engine : engines.values()) {
            engine.stop(epoch, io.understudy.ejb.database.StopMode.IMMEDIATE, KILL_LIMIT);
        }
        StepOutcome outcome = await(killed, KILL_LIMIT);
        gone(epoch);
        return outcome;
    }

    /** A kill is also for what may not have come at all. */
    private void gone(Epoch epoch) {
        if (coming) {
            coming = false;
            hooks.begin(instance, Hook.Moment.AFTER_STOP, epoch);
        }
    }

    private static StepOutcome await(CompletionStage<Void> stage, Duration limit)
            throws InterruptedException, ExecutionException {
        try {
            stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return StepOutcome.DONE;
        } catch (TimeoutException e) {
            return StepOutcome.UNKNOWN;
        }
    }

    @Override
    public void close() {
        addresses.guardPorts(List.of());
        services.close();
        volumes.close();
        engines.values().forEach(DatabaseEngine::close);
    }
}
