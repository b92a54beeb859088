package io.understudy.core.explain;

import static io.understudy.core.explain.Sentences.of;
import static io.understudy.core.explain.Sentences.span;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.database.DatabaseRole;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.node.NodeName;
import io.understudy.core.recovery.Evidence;
import io.understudy.core.recovery.Obstacle;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Replication;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.timing.Timers;
import io.understudy.core.view.ExplanationView.NodePart;
import io.understudy.core.view.ExplanationView.Sentence;
import io.understudy.core.view.ExplanationView.WhyNot;
import io.understudy.core.view.PromotableView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One node's word on an instance: what it knows, and why it does not do what it does not do. */
public final class NodeExplainer {

    private final Evidence e;
    private final String node;
    private final String peer;
    private final String instance;
    private final List<Sentence> facts = new ArrayList<>();
    private final List<WhyNot> whyNot = new ArrayList<>();

    private NodeExplainer(Evidence evidence) {
        this.e = evidence;
        this.node = evidence.settings().self().value();
        this.peer = evidence.settings().peer().value();
        this.instance = evidence.settings().instance().value();
    }

    /**
     * Explains one node. Whether it is promotable is its own word only: {@link Explainer} adds what
     * is to be known of the voters and of the other copy.
     */
    public static NodePart explain(Evidence evidence) {
        NodeExplainer one = new NodeExplainer(evidence);
        one.facts();
        one.takeOver();
        one.fallBack();
        one.giveAway();
        one.sync();
        one.services();
        return new NodePart(
                one.node, true, evidence.phase().name(), one.promotable(), one.facts, one.whyNot);
    }

    /** Returns what stands for a node that was asked and did not answer. */
    public static NodePart silent(String instance, String node) {
        PromotableView silentOne =
                new PromotableView(
                        instance,
                        node,
                        false,
                        false,
                        List.of("NOT_SEEN"),
                        null,
                        null,
                        false,
                        null,
                        null);
        return new NodePart(
                node,
                false,
                null,
                silentOne,
                List.of(of("fact.no-answer", "node", node)),
                List.of());
    }

    private PromotableView promotable() {
        boolean serves = e.phase() == Phase.ACTIVE;
        Set<Obstacle> found = new TreeSet<>(e.takeOver());
        // The holder's living is what a failover waits for, not what hinders it.
        found.remove(Obstacle.HOLDER_LIVES);
        found.remove(Obstacle.PEERS_TURN);
        boolean lossless =
                !e.settings().data().present()
                        || e.ledger().isEmpty()
                        || e.ledger().get().inSync().contains(e.settings().self());
        Timers timers = e.settings().timers();
        return new PromotableView(
                instance,
                node,
                serves,
                found.isEmpty(),
                found.stream().map(Enum::name).toList(),
                serves ? null : Takeovers.expectedMillis(timers),
                serves ? null : Takeovers.longestMillis(timers),
                lossless,
                null,
                null);
    }

    private void fact(String key, Object... values) {
        facts.add(of(key, values));
    }

    private void facts() {
        fact("fact.phase", "node", node, "phase", e.phase(), "instance", instance);
        fact("fact.contact", "node", node, "peer", peer, "contact", e.contact());
        if (!e.storeAnswers()) {
            fact("fact.store-silent", "node", node);
        }
        lease();
        ledger();
        e.running().ifPresent(s -> fact("fact.step", "step", s));
        Timers timers = e.settings().timers();
        fact(
                "fact.timers",
                "lease",
                span(timers.lease()),
                "challenge",
                span(timers.challengeWait()),
                "silence",
                span(timers.heartbeatSilence()));
        e.databases().forEach(this::database);
        e.services().stream()
                .filter(s -> s.problem().isPresent() || s.condition() == ServiceCondition.FAILED)
                .forEach(this::service);
    }

    private void lease() {
        if (e.held()) {
            fact(
                    e.beyond()
                            ? "fact.lease-beyond"
                            : e.provisional() ? "fact.lease-provisional" : "fact.lease-own",
                    "node",
                    node,
                    "epoch",
                    e.epoch(),
                    "left",
                    span(e.leaseLeft().orElse(Duration.ZERO)),
                    "age",
                    span(e.tenureAge().orElse(Duration.ZERO)));
            return;
        }
        Optional<NodeName> holder = e.record().flatMap(LeaseRecord::holder);
        if (!e.everRead()) {
            fact("fact.lease-unread", "node", node);
        } else if (holder.isPresent()) {
            fact(
                    "fact.lease-holder",
                    "holder",
                    holder.get(),
                    "epoch",
                    e.record().orElseThrow().epoch(),
                    "age",
                    span(e.recordAge()));
        } else {
            fact("fact.lease-free", "age", span(e.recordAge()));
        }
    }

    private void ledger() {
        if (e.ledger().isEmpty()) {
            fact(e.ledgerKnown() ? "fact.ledger-empty" : "fact.ledger-unread", "node", node);
            return;
        }
        LedgerEntry entry = e.ledger().get();
        fact(
                entry.parked() ? "fact.ledger-parked" : "fact.ledger",
                "epoch",
                entry.epoch(),
                "revision",
                entry.revision(),
                "assigned",
                entry.assigned(),
                "reason",
                entry.reason(),
                "nodes",
                entry.inSyncSorted().stream()
                        .map(NodeName::value)
                        .collect(Collectors.joining(", ")));
    }

    private void database(DatabaseFacts d) {
        if (d.problem().isPresent()) {
            fact(
                    "fact.database-problem",
                    "database",
                    d.name(),
                    "role",
                    d.role(),
                    "problem",
                    d.problem().get());
        } else if (d.role() == DatabaseRole.RESYNCING && d.resyncPercent().isPresent()) {
            fact(
                    "fact.database-resync",
                    "database",
                    d.name(),
                    "percent",
                    d.resyncPercent().getAsInt());
        } else {
            fact("fact.database", "database", d.name(), "role", d.role());
        }
    }

    private void service(ServiceFacts s) {
        fact(
                "fact.service",
                "service",
                s.name(),
                "condition",
                s.condition(),
                "problem",
                s.problem().orElse("-"));
    }

    private void stop(String action, String obstacle, String key, Optional<Duration> left) {
        whyNot.add(
                new WhyNot(
                        action,
                        obstacle,
                        Stops.rule(obstacle),
                        left.map(Duration::toMillis).orElse(null),
                        of(
                                key,
                                "node",
                                node,
                                "peer",
                                peer,
                                "left",
                                left.map(Sentences::span).orElse("-"))));
    }

    private void takeOver() {
        for (Obstacle obstacle : new TreeSet<>(e.takeOver())) {
            stop(
                    "TAKE_OVER",
                    obstacle.name(),
                    "obstacle." + obstacle.name(),
                    Optional.ofNullable(e.left().get(obstacle)).filter(d -> !d.isZero()));
        }
    }

    private boolean away() {
        return e.phase() == Phase.ACTIVE && !e.settings().self().equals(e.settings().home());
    }

    private void fallBack() {
        if (!away()) {
            return;
        }
        Optional<Duration> held = Optional.ofNullable(e.left().get(Obstacle.HELD));
        if (held.isPresent()) {
            stop("FALL_BACK", Obstacle.HELD.name(), "obstacle.HELD", held);
        }
        if (!e.settings().automaticFallback()) {
            stop("FALL_BACK", "FALLBACK_MANUAL", "stop.FALLBACK_MANUAL", Optional.empty());
        } else if (e.giveAway().isEmpty()) {
            Duration wanted = e.settings().timers().fallbackHealthy();
            Duration left = wanted.minus(e.homeReadyFor().orElse(Duration.ZERO));
            stop(
                    "FALL_BACK",
                    "FALLBACK_HEALTHY",
                    "stop.FALLBACK_HEALTHY",
                    Optional.of(left.isNegative() ? Duration.ZERO : left));
        }
    }

    private void giveAway() {
        e.giveAway()
                .ifPresent(
                        r ->
                                stop(
                                        away() ? "FALL_BACK" : "GIVE_AWAY",
                                        r.name(),
                                        "refusal." + r.name(),
                                        Optional.empty()));
    }

    private void sync() {
        boolean kept = e.settings().data().synchronous();
        if (e.phase() != Phase.ACTIVE || !kept || e.replication() == Replication.TOGETHER) {
            return;
        }
        String state = e.replication().name();
        if (e.replication() == Replication.ALONE) {
            boolean attached =
                    !e.databases().isEmpty()
                            && e.databases().stream().allMatch(DatabaseFacts::standbyAttached);
            state = attached ? "CATCHING_UP" : "NO_STREAM";
        }
        stop("SYNC", state, "stop." + state, Optional.empty());
    }

    private void services() {
        if (e.services().isEmpty()) {
            return;
        }
        if (e.phase() == Phase.STANDBY) {
            stop("START_SERVICE", "STANDBY_HERE", "stop.STANDBY_HERE", Optional.empty());
        } else if (e.degraded().isPresent()) {
            stop("START_SERVICE", "DEGRADED", "stop.DEGRADED", e.retryIn());
        }
    }
}
