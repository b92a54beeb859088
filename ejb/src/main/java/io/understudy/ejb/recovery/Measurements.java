package io.understudy.ejb.recovery;

import io.understudy.cluster.heartbeat.Heartbeat;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.metric.Metric;
import io.understudy.core.metric.Sample;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.EventView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** What is measured of this node; {@link Metric} says what each value means. */
final class Measurements {

    /** How often {@link #look} wants to be called. */
    static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final NodeConfiguration node;
    private final ClusterViews views;
    private final Configurations configurations;
    private final Heartbeat heartbeat;
    private final LongSupplier decisions;
    private final BooleanSupplier guarded;
    private final LongSupplier nanos;
    private final OutageWatch outages = new OutageWatch();
    private final Map<List<String>, Long> events = new TreeMap<>(Measurements::compare);

    Measurements(
            NodeConfiguration node,
            ClusterViews views,
            Configurations configurations,
            Heartbeat heartbeat,
            LongSupplier decisions,
            BooleanSupplier guarded,
            LongSupplier nanos) {
        this.node = node;
        this.views = views;
        this.configurations = configurations;
        this.heartbeat = heartbeat;
        this.decisions = decisions;
        this.guarded = guarded;
        this.nanos = nanos;
    }

    private static int compare(List<String> a, List<String> b) {
        return String.join(" ", a).compareTo(String.join(" ", b));
    }

    /** Counts an event; called on the event log's thread. */
    void happened(EventView event) {
        synchronized (events) {
            events.merge(List.of(event.severity(), event.code()), 1L, Long::sum);
        }
    }

    /** Looks who serves; cheap, never blocks. */
    void look() {
        long now = nanos.getAsLong();
        for (GroupConfiguration group : configurations.groups()) {
            for (InstanceConfiguration instance : group.instances()) {
                Optional<NodeName> active = views.active(instance);
                Optional<Long> heard =
                        active.isPresent()
                                ? Optional.empty()
                                : outages.last(instance.name()).flatMap(this::silentSince);
                outages.look(instance.name(), active, now, heard);
            }
        }
    }

    private Optional<Long> silentSince(NodeName name) {
        return name.equals(node.name()) || heartbeat.facts(name).contact() == Contact.HEARD
                ? Optional.empty()
                : Optional.of(heartbeat.facts(name).since().nanos());
    }

    /** Returns all values, each metric and each set of tags once. */
    List<Sample> samples() {
        ClusterView view = views.view();
        List<Sample> samples = new ArrayList<>();
        samples.add(Sample.of(Metric.NODE_UP, true));
        samples.add(Sample.of(Metric.REDUNDANT, view.redundant()));
        samples.add(Sample.of(Metric.GUARD, guarded.getAsBoolean()));
        samples.add(Sample.of(Metric.DECISIONS, (double) decisions.getAsLong()));
        synchronized (events) {
            events.forEach((tags, count) -> samples.add(new Sample(Metric.EVENTS, tags, count)));
        }
        view.members().forEach(m -> member(m, samples));
        HashSet<String> seen = new HashSet<>();
        for (ClusterView.Group group : view.groups()) {
            for (ClusterView.Instance instance : group.instances()) {
                if (seen.add(instance.name())) {
                    instance(instance, samples);
                }
            }
        }
        return samples;
    }

    private static void member(ClusterView.Member member, List<Sample> samples) {
        String name = member.name();
        if (member.contact().equals("SELF")) {
            return;
        }
        samples.add(Sample.of(Metric.PEER_HEARD, member.contact().equals("HEARD"), name));
        if (member.sinceMillis() != null) {
            samples.add(Sample.of(Metric.PEER_SINCE, member.sinceMillis() / 1000.0, name));
        }
        if (member.meanResponseMillis() != null) {
            samples.add(
                    Sample.of(Metric.PEER_RESPONSE, member.meanResponseMillis() / 1000.0, name));
        }
        if (member.jitterMillis() != null) {
            samples.add(Sample.of(Metric.PEER_JITTER, member.jitterMillis() / 1000.0, name));
        }
        for (ClusterView.Path path : member.paths()) {
            path(name, path, samples);
        }
    }

    private static void path(String peer, ClusterView.Path path, List<Sample> samples) {
        String name = path.path().toLowerCase(Locale.ROOT);
        if (!path.state().equals("UNKNOWN")) {
            samples.add(Sample.of(Metric.PATH_UP, path.state().equals("UP"), peer, name));
        }
        if (path.meanResponseMillis() != null) {
            samples.add(
                    Sample.of(
                            Metric.PATH_RESPONSE, path.meanResponseMillis() / 1000.0, peer, name));
        }
        if (path.jitterMillis() != null) {
            samples.add(Sample.of(Metric.PATH_JITTER, path.jitterMillis() / 1000.0, peer, name));
        }
    }

    private void instance(ClusterView.Instance instance, List<Sample> samples) {
        String name = instance.name();
        InstanceName key = InstanceName.of(name);
        boolean here = node.name().value().equals(instance.active());
        samples.add(Sample.of(Metric.ACTIVE, here, name));
        samples.add(Sample.of(Metric.SERVED, instance.active() != null, name));
        samples.add(Sample.of(Metric.EPOCH, (double) instance.epoch(), name));
        samples.add(Sample.of(Metric.PROMOTABLE, instance.promotable(), name));
        boolean both =
                instance.inSync().contains(instance.home())
                        && instance.inSync().contains(instance.backup());
        samples.add(Sample.of(Metric.IN_SYNC, both || instance.databases().isEmpty(), name));
        samples.add(Sample.of(Metric.FAILOVERS, (double) outages.moves(key), name));
        outages.lastOutage(key)
                .ifPresent(n -> samples.add(Sample.of(Metric.LAST_OUTAGE, n / 1e9, name)));
        if (instance.lastMove() != null) {
            Moves.measure(instance.lastMove(), samples);
        }
        if (instance.leaseLeftMillis() != null) {
            samples.add(Sample.of(Metric.LEASE_LEFT, instance.leaseLeftMillis() / 1000.0, name));
        }
        for (ClusterView.Database database : instance.databases()) {
            String[] tags = {name, database.name(), database.node()};
            if (database.lagBytes() != null) {
                samples.add(Sample.of(Metric.LAG, (double) database.lagBytes(), tags));
            }
            if (database.resyncPercent() != null) {
                samples.add(Sample.of(Metric.RESYNC, (double) database.resyncPercent(), tags));
            }
        }
    }
}
