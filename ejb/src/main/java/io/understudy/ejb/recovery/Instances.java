package io.understudy.ejb.recovery;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.core.config.DatabaseConfiguration;
import io.understudy.core.config.DatabaseConfiguration.Protection;
import io.understudy.core.config.DatabaseConfiguration.WithoutStandby;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.config.QuorumLoss;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.node.NodeName;
import io.understudy.core.recovery.Settings;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.address.VirtualAddresses;
import io.understudy.ejb.database.DatabaseEngine;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.Upstream;
import io.understudy.ejb.database.postgresql.PostgresBinaries;
import io.understudy.ejb.database.postgresql.PostgresEngine;
import io.understudy.ejb.database.postgresql.PostgresPlace;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.hook.HookRunner;
import io.understudy.ejb.service.JdbcProber;
import io.understudy.ejb.service.ServiceBodies;
import io.understudy.ejb.service.ServiceListener;
import io.understudy.ejb.service.ServiceRunner;
import io.understudy.ejb.service.Ticks;
import io.understudy.ejb.volume.VolumeWatch;
import io.understudy.ejb.volume.Volumes;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Makes the parts of instances from their configuration. */
final class Instances {

    /** What parts are made of. */
    record Materials(
            NodeConfiguration node,
            Path data,
            Children children,
            PeerClient peers,
            BiFunction<NodeName, String, List<String>> addressesOf,
            Function<String, String> passwordFor,
            Ticks ticks,
            ExecutorService workers,
            LongSupplier nanos,
            Volumes volumes,
            JdbcProber jdbc,
            Runnable addressesCame,
            HookRunner.Listener hooks) {}

    private final Materials materials;

    Instances(Materials materials) {
        this.materials = materials;
    }

    /** Returns by which settings this node decides about an instance. */
    static Settings settings(
            NodeName self, GroupConfiguration group, InstanceConfiguration instance) {
        return new Settings(
                self,
                instance.name(),
                instance.home(),
                instance.backup(),
                group.timers(),
                group.failover() == GroupConfiguration.Mode.AUTOMATIC,
                group.fallback() == GroupConfiguration.Mode.AUTOMATIC,
                data(instance.databases()),
                group.onQuorumLoss() == QuorumLoss.CONTINUE);
    }

    /** Several databases move together, so the most careful of their settings counts for all. */
    private static Settings.Data data(List<DatabaseConfiguration> databases) {
        if (databases.isEmpty()) {
            return Settings.Data.NONE;
        }
        boolean all = databases.stream().allMatch(d -> d.protection() == Protection.SYNCHRONOUS);
        if (!all) {
            return Settings.Data.ASYNCHRONOUS;
        }
        boolean wait = databases.stream().anyMatch(d -> d.withoutStandby() == WithoutStandby.WAIT);
        return wait ? Settings.Data.WAIT : Settings.Data.CONTINUE;
    }

    /** Returns how its data is kept by the ledger's word. */
    static String protection(InstanceConfiguration i, Optional<LedgerEntry> ledger) {
        if (i.databases().isEmpty()) {
            return "NONE";
        }
        if (i.alone()) {
            return "ALONE";
        }
        boolean both =
                ledger.filter(e -> e.inSync().containsAll(Set.of(i.home(), i.backup())))
                        .isPresent();
        return both ? "SYNCHRONOUS" : "UNPROTECTED";
    }

    /** Returns whether the ledger lets a node serve; what never ran has no data anywhere. */
    static boolean mayServe(InstanceConfiguration i, NodeName node, Optional<LedgerEntry> ledger) {
        boolean data = !i.databases().isEmpty();
        return ledger.map(entry -> entry.mayServe(node, data)).orElse(!data);
    }

    /** Returns what its databases do without the standby, the most careful; null without any. */
    static String withoutStandby(InstanceConfiguration instance) {
        return instance.databases().stream()
                .map(DatabaseConfiguration::withoutStandby)
                .reduce((a, b) -> a == WithoutStandby.WAIT ? a : b)
                .map(Enum::name)
                .orElse(null);
    }

    /**
     * Makes the parts of an instance; nothing is started.
     *
     * @throws DatabaseException if an engine cannot be prepared on this host
     */
    InstanceParts make(
            Settings settings,
            InstanceConfiguration instance,
            ServiceListener listener,
            InstanceParts.CopyListener copies)
            throws DatabaseException {
        Map<String, DatabaseEngine> engines = new LinkedHashMap<>();
        Member self = member(settings.self()).orElseThrow();
        AtomicReference<Optional<Member>> partner = new AtomicReference<>(partner(settings));
        for (DatabaseConfiguration database : instance.databases()) {
            engines.put(database.name(), engine(instance, database, self, partner::get));
        }
        BiFunction<InstanceConfiguration, Timers, ServiceRunner> runner =
                (configured, timers) ->
                        new ServiceRunner(
                                configured,
                                timers,
                                new ServiceBodies(
                                        configured.name(),
                                        settings.self(),
                                        materials.data(),
                                        materials.children(),
                                        materials.jdbc(),
                                        () ->
                                                engines.values().stream()
                                                        .map(DatabaseEngine::access)
                                                        .toList()),
                                materials.ticks(),
                                materials.workers(),
                                materials.nanos(),
                                listener);
        Function<InstanceConfiguration, VolumeWatch> volumes =
                configured ->
                        new VolumeWatch(
                                configured,
                                settings.timers(),
                                materials.data(),
                                materials.volumes(),
                                materials.nanos());
        Function<String, Upstream> upstream =
                name -> upstream(instance, name, partner.get().orElseThrow());
        return new InstanceParts(
                instance,
                settings,
                partner,
                engines,
                runner,
                volumes,
                upstream,
                copies,
                new VirtualAddresses(
                        instance.name(),
                        materials.children().guard(),
                        materials.nanos(),
                        materials.addressesCame()),
                new HookRunner(
                        settings.self(),
                        materials.data(),
                        materials.children(),
                        materials.workers(),
                        materials.hooks()));
    }

    /** Returns the other node of an instance's pair; empty for one that stands alone. */
    Optional<Member> partner(Settings settings) {
        return settings.alone() ? Optional.empty() : member(settings.peer());
    }

    private DatabaseEngine engine(
            InstanceConfiguration instance,
            DatabaseConfiguration database,
            Member self,
            Supplier<Optional<Member>> partner)
            throws DatabaseException {
        return switch (database.engine()) {
            case POSTGRESQL ->
                    new PostgresEngine(
                            new PostgresPlace(
                                    instance.name(),
                                    database,
                                    self,
                                    partner,
                                    materials.data(),
                                    !instance.addresses().isEmpty(),
                                    Stream.concat(
                                                    Stream.of(self.address()),
                                                    materials.node().directAddress().stream())
                                            .toList(),
                                    () -> partner.get().map(this::addresses).orElse(List.of()),
                                    materials.passwordFor()),
                            PostgresBinaries.unpacked(materials.data().resolve("cache")),
                            materials.children(),
                            Seeds.of(
                                    materials.peers(),
                                    () -> partner.get().orElseThrow().name(),
                                    instance.name(),
                                    database.name()),
                            materials.workers(),
                            materials.nanos());
        };
    }

    /** Where the other node is reached now, the best first. */
    private List<String> addresses(Member peer) {
        return materials.addressesOf().apply(peer.name(), peer.address());
    }

    private Upstream upstream(InstanceConfiguration instance, String name, Member peer) {
        int port =
                instance.databases().stream()
                        .filter(d -> d.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .port();
        return new Upstream(peer.name(), addresses(peer), port);
    }

    private Optional<Member> member(NodeName name) {
        return materials.node().members().stream().filter(m -> m.name().equals(name)).findFirst();
    }
}
