package io.understudy.ejb.recovery;

import io.understudy.cluster.heartbeat.Heartbeat;
import io.understudy.cluster.report.Reports;
import io.understudy.cluster.voters.LeaseAccess;
import io.understudy.cluster.voters.VoterState;
import io.understudy.cluster.witness.Version;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.explain.Causes;
import io.understudy.core.explain.LossPreview;
import io.understudy.core.explain.Takeovers;
import io.understudy.core.hold.Hold;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.recovery.Obstacle;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Situation;
import io.understudy.core.state.Buttons;
import io.understudy.core.state.Gravity;
import io.understudy.core.state.NodeFacts;
import io.understudy.core.state.NodeStatus;
import io.understudy.core.state.PairSituation;
import io.understudy.core.state.PairStates;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.Redundancy;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Puts together what faces show: configuration, situation, and what the peers told. */
final class ClusterViews {

    private final NodeConfiguration node;
    private final Recoveries recoveries;
    private final Configurations configurations;
    private final LeaseAccess leases;
    private final Heartbeat heartbeat;
    private final Reports reports;
    private final Maintenance maintenance;
    private final Moves moves;
    private final Predicate<NodeName> removed;
    private final LongSupplier nanos;
    private final Clock wall;

    ClusterViews(
            NodeConfiguration node,
            Recoveries recoveries,
            Configurations configurations,
            LeaseAccess leases,
            Heartbeat heartbeat,
            Reports reports,
            Maintenance maintenance,
            Moves moves,
            Predicate<NodeName> removed,
            LongSupplier nanos,
            Clock wall) {
        this.node = node;
        this.recoveries = recoveries;
        this.configurations = configurations;
        this.leases = leases;
        this.heartbeat = heartbeat;
        this.reports = reports;
        this.maintenance = maintenance;
        this.moves = moves;
        this.removed = removed;
        this.nanos = nanos;
        this.wall = wall;
    }

    VoterState voters() {
        return leases.state();
    }

    ClusterView view() {
        VoterState voters = voters();
        ClusterView view =
                new ClusterView(
                        node.clusterName(),
                        node.name().value(),
                        Version.current(),
                        OffsetDateTime.now(wall).truncatedTo(ChronoUnit.MILLIS).toString(),
                        configurations.version(),
                        voters.redundant(),
                        voters.problem().orElse(null),
                        node.members().stream().map(m -> member(m, voters)).toList(),
                        configurations.groups().stream().map(this::group).toList());
        return LossPreview.shownIn(view);
    }

    private ClusterView.Member member(NodeConfiguration.Member m, VoterState voters) {
        boolean votes =
                Optional.ofNullable(voters.voters().get(m.name()))
                        .map(VoterState.Voter::raftNodesReady)
                        .orElse(false);
        boolean seat = node.voters().contains(m.name());
        if (m.name().equals(node.name())) {
            return new ClusterView.Member(
                    m.name().value(),
                    node.role().name(),
                    m.address(),
                    "SELF",
                    null,
                    null,
                    null,
                    votes,
                    Version.current(),
                    seat,
                    false);
        }
        PeerFacts facts = heartbeat.facts(m.name());
        return new ClusterView.Member(
                m.name().value(),
                roleOf(m.name()),
                m.address(),
                facts.contact().name(),
                (nanos.getAsLong() - facts.since().nanos()) / 1_000_000,
                facts.meanResponse().map(PathViews::millis).orElse(null),
                facts.jitter().map(PathViews::millis).orElse(null),
                votes,
                heartbeat.version(m.name()).orElse(null),
                seat,
                removed.test(m.name()),
                PathViews.of(facts, nanos.getAsLong()));
    }

    /** By its own word; of one that was never heard: who serves in no group votes only. */
    private String roleOf(NodeName name) {
        boolean serves = configurations.groups().stream().anyMatch(g -> g.nodes().contains(name));
        return report(name)
                .map(NodeReport::role)
                .or(() -> heartbeat.role(name).map(Enum::name))
                .orElse(serves ? "SECONDARY" : "WITNESS");
    }

    /** A report is read once, however often it is asked for: it is as large as what it tells. */
    private Optional<NodeReport> report(NodeName name) {
        return reports.of(name).flatMap(recoveries.read()::of);
    }

    /** Returns who serves {@code i}, as this node sees it. Cheap; never blocks. */
    Optional<NodeName> active(InstanceConfiguration i) {
        return serves(i.home(), i)
                ? Optional.of(i.home())
                : serves(i.backup(), i) ? Optional.of(i.backup()) : Optional.empty();
    }

    /** Without a report of this node's own: this is asked for all instances, all the time. */
    private boolean serves(NodeName n, InstanceConfiguration i) {
        return n.equals(node.name())
                ? recoveries
                        .loop(i.name())
                        .filter(loop -> loop.situation().phase() == Phase.ACTIVE)
                        .isPresent()
                : serves(seen(n, i));
    }

    private ClusterView.Group group(GroupConfiguration g) {
        List<ClusterView.NodeState> states = new ArrayList<>();
        for (NodeName n : g.nodes()) {
            Optional<NodeStatus> worst = Optional.empty();
            for (InstanceConfiguration i : g.instances()) {
                if (i.concerns(n)) {
                    PairSituation pair = pair(i);
                    NodeStatus one = PairStates.derive(pair).of(pair, n);
                    worst = Optional.of(worst.map(w -> PairStates.graver(w, one)).orElse(one));
                }
            }
            worst.ifPresent(
                    s ->
                            states.add(
                                    new ClusterView.NodeState(
                                            n.value(),
                                            s.state().name(),
                                            s.pairState().name(),
                                            s.reason().name(),
                                            s.advice(),
                                            Gravity.of(s.state()).name(),
                                            Gravity.ofAdvice(s.advice()).name())));
        }
        return new ClusterView.Group(
                g.name(),
                g.description(),
                g.assignment().name(),
                g.failover().name(),
                g.fallback().name(),
                g.onQuorumLoss().name(),
                g.nodes().stream().map(NodeName::value).toList(),
                states,
                g.instances().stream().map(i -> instance(g, i)).toList(),
                g.timers().byKey());
    }

    private static List<ClusterView.Action> actions(List<Buttons.Offer> offers) {
        return offers.stream()
                .map(o -> new ClusterView.Action(o.action().name(), o.offered(), o.why()))
                .toList();
    }

    private PairSituation pair(InstanceConfiguration i) {
        // "none" spreads users by hand; the instances are looked after all the same.
        return PairSituation.of(
                i.home(),
                i.backup(),
                known(i).ledger(),
                holder(i),
                facts(i.home(), i),
                facts(i.backup(), i),
                true,
                voters().phase() != VoterState.Phase.NO_MAJORITY);
    }

    private NodeFacts facts(NodeName n, InstanceConfiguration i) {
        if (!n.equals(node.name()) && heartbeat.facts(n).contact() != Contact.HEARD) {
            return NodeFacts.unseen();
        }
        return ofInstance(n, i)
                .map(
                        of ->
                                new NodeFacts(
                                        Optional.of(NodePhases.of(of)),
                                        of.able() || of.phase() != Phase.STANDBY && !of.failed(),
                                        of.databaseFailed(),
                                        of.restarted()))
                .orElse(NodeFacts.unseen());
    }

    private Optional<NodeReport.OfInstance> ofInstance(NodeName n, InstanceConfiguration i) {
        if (n.equals(node.name())) {
            return recoveries.report(i.name());
        }
        return report(n).map(r -> r.instances().get(i.name().value()));
    }

    private Optional<NodeName> holder(InstanceConfiguration i) {
        Optional<InstanceLoop> loop = recoveries.loop(i.name());
        if (loop.filter(l -> l.situation().held()).isPresent()) {
            return Optional.of(node.name());
        }
        return known(i).holder();
    }

    private ClusterView.Instance instance(GroupConfiguration g, InstanceConfiguration i) {
        Optional<InstanceLoop> loop = recoveries.loop(i.name());
        Optional<Situation> s = loop.map(InstanceLoop::situation);
        Optional<LedgerEntry> ledger = known(i).ledger();
        boolean held = s.filter(Situation::held).isPresent();
        Optional<NodeReport.OfInstance> home = seen(i.home(), i);
        Optional<NodeReport.OfInstance> backup = i.alone() ? Optional.empty() : seen(i.backup(), i);
        Optional<NodeName> active =
                serves(home)
                        ? Optional.of(i.home())
                        : serves(backup) ? Optional.of(i.backup()) : Optional.empty();
        boolean homeAlone = backup.isEmpty() && home.isPresent();
        // Where nobody serves: of whom there is something to tell.
        NodeName standby = active.map(i::peerOf).orElse(homeAlone ? i.home() : i.backup());
        Set<String> obstacles = i.alone() ? Set.of() : obstacles(i, standby, active, ledger, loop);
        List<Buttons.Offer> offers = Buttons.offers(pair(i));
        boolean automatic = g.failover() == GroupConfiguration.Mode.AUTOMATIC;
        List<ClusterView.Service> services = new ArrayList<>();
        List<ClusterView.Database> databases = new ArrayList<>();
        List<NodeReport.OfInstance> told = Stream.concat(home.stream(), backup.stream()).toList();
        told.forEach(o -> services.addAll(o.services()));
        told.forEach(o -> databases.addAll(o.databases()));
        return new ClusterView.Instance(
                i.name().value(),
                i.home().value(),
                i.backup().value(),
                ledger.map(e -> e.assigned().value()).orElse(i.home().value()),
                holder(i).map(NodeName::value).orElse(null),
                active.map(NodeName::value).orElse(null),
                known(i).epoch().value(),
                s.filter(Situation::held).map(Situation::provisional).orElse(false),
                held ? (s.get().validUntil().nanos() - nanos.getAsLong()) / 1_000_000 : null,
                s.map(x -> x.phase().name()).orElse(null),
                ledger.map(LedgerEntry::reason).orElse(Reason.NORMAL).name(),
                ledger.map(LedgerEntry::parked).orElse(false),
                maintenance.of(i.name()).map(this::hold).orElse(null),
                Instances.protection(i, ledger),
                ledger.map(e -> e.inSyncSorted().stream().map(NodeName::value).sorted().toList())
                        .orElse(List.of()),
                i.alone() ? null : standby.value(),
                !i.alone() && obstacles.isEmpty(),
                Causes.first(obstacles),
                i.addresses(),
                told.stream().flatMap(o -> o.addresses().stream()).toList(),
                told.stream().flatMap(o -> Stream.ofNullable(o.ports())).toList(),
                actions(offers),
                services,
                databases,
                Takeovers.of(
                        g.timers(),
                        Instances.mayServe(i, standby, ledger),
                        active.map(NodeName::value).orElse(null),
                        databases),
                moves.last(i.name()).orElse(null),
                Instances.withoutStandby(i),
                List.of(),
                Buttons.remedy(offers, active.isPresent(), automatic).map(Enum::name).orElse(null));
    }

    private Known known(InstanceConfiguration i) {
        return Known.of(
                recoveries.loop(i.name()), ofInstance(i.home(), i), ofInstance(i.backup(), i));
    }

    private ClusterView.Hold hold(Hold hold) {
        return new ClusterView.Hold(
                hold.by(),
                hold.reason(),
                hold.since().toString(),
                hold.until().toString(),
                Duration.between(wall.instant(), hold.until()).toMillis());
    }

    private Optional<NodeReport.OfInstance> seen(NodeName n, InstanceConfiguration i) {
        return n.equals(node.name()) || heartbeat.facts(n).contact() == Contact.HEARD
                ? ofInstance(n, i)
                : Optional.empty();
    }

    private static boolean serves(Optional<NodeReport.OfInstance> of) {
        return of.filter(o -> o.phase() == Phase.ACTIVE).isPresent();
    }

    /** What would keep the standby from taking over if the active one failed now. */
    private Set<String> obstacles(
            InstanceConfiguration i,
            NodeName standby,
            Optional<NodeName> active,
            Optional<LedgerEntry> ledger,
            Optional<InstanceLoop> loop) {
        Set<String> found = new TreeSet<>();
        if (active.filter(a -> !survivesWithout(a)).isPresent()) {
            found.add("NOT_REDUNDANT");
        }
        if (standby.equals(node.name()) && loop.isPresent()) {
            for (Obstacle o : loop.get().obstacles()) {
                found.add(o.name());
            }
            if (active.isPresent()) {
                // The holder's living is what failover waits for, not what hinders it.
                found.remove(Obstacle.HOLDER_LIVES.name());
            }
            if (voters().phase() == VoterState.Phase.NO_MAJORITY) {
                // Proof of the holder's death lets it try, but without a majority to no avail.
                found.add(Obstacle.NO_MAJORITY.name());
            }
            return found;
        }
        if (maintenance.of(i.name()).isPresent()) {
            found.add(Obstacle.HELD.name());
        }
        Optional<NodeReport.OfInstance> of = seen(standby, i);
        if (of.isEmpty()) {
            found.add("PEER_NOT_HEARD");
        } else if (!of.get().able()) {
            found.add("PEER_NOT_ABLE");
            // Nothing else is meant to run on a standby, so nothing else can have failed there.
            if (of.get().services().stream()
                    .anyMatch(s -> s.critical() && s.condition().equals("FAILED"))) {
                found.add(Obstacle.VOLUME_FAILED.name());
            }
        }
        if (!Instances.mayServe(i, standby, ledger)) {
            boolean data = !i.databases().isEmpty();
            found.add((data ? Obstacle.NOT_IN_SYNC : Obstacle.PINNED).name());
        }
        return found;
    }

    private boolean survivesWithout(NodeName active) {
        return Redundancy.survives(
                voters().voters().entrySet().stream()
                        .filter(e -> e.getValue().raftNodesReady())
                        .map(e -> e.getKey().value())
                        .toList(),
                active.value());
    }
}
