package io.understudy.ejb.recovery;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.explain.Explainer;
import io.understudy.core.explain.NodeExplainer;
import io.understudy.core.explain.Observed;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.DecisionsView;
import io.understudy.core.view.EventView;
import io.understudy.core.view.ExplanationView;
import io.understudy.core.view.ExplanationView.NodePart;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Why an instance is where it is: this node's word and its peers', put together by the core. */
final class Explanations {

    private static final System.Logger LOG = System.getLogger(Explanations.class.getName());
    private static final String PART = "/explanation";
    private static final String DECISIONS = "/decisions";
    private static final Duration LIMIT = Duration.ofMillis(800);
    private static final int EVENTS = 500;

    /** On the wire. */
    record Asked(String instance) {}

    /** On the wire: times in ISO 8601. */
    record Span(String instance, String from, String to) {}

    private final NodeConfiguration node;
    private final Recoveries recoveries;
    private final Configurations configurations;
    private final ClusterViews views;
    private final Happenings happenings;
    private final DecisionRecorder recorder;
    private final PeerClient client;
    private final Clock wall;

    Explanations(
            NodeConfiguration node,
            Recoveries recoveries,
            Configurations configurations,
            ClusterViews views,
            Happenings happenings,
            DecisionRecorder recorder,
            PeerServer server,
            PeerClient client,
            Clock wall) {
        this.node = node;
        this.recoveries = recoveries;
        this.configurations = configurations;
        this.views = views;
        this.happenings = happenings;
        this.recorder = recorder;
        this.client = client;
        this.wall = wall;
        server.handle(PART, request -> own(InstanceName.of(request.as(Asked.class).instance())));
        server.handle(DECISIONS, request -> own(request.as(Span.class)));
    }

    /** Explains an instance; asks its other node, which has 800 ms to answer. */
    ExplanationView explain(InstanceName instance) throws RefusedException {
        List<NodePart> parts =
                ofBoth(
                        configured(instance),
                        () -> own(instance),
                        n ->
                                client.call(
                                        n,
                                        PART,
                                        new Asked(instance.value()),
                                        NodePart.class,
                                        LIMIT),
                        n -> NodeExplainer.silent(instance.value(), n.value()));
        // Looked at last: while a node was asked the instance may have begun to be served.
        ClusterView view = views.view();
        for (ClusterView.Group group : view.groups()) {
            for (ClusterView.Instance one : group.instances()) {
                if (one.name().equals(instance.value())) {
                    return Explainer.explain(new Observed(view, group, one, parts, ages(instance)));
                }
            }
        }
        throw unknown(instance);
    }

    /** Returns what both nodes recorded between two times. */
    DecisionsView decisions(InstanceName instance, Instant from, Instant to)
            throws RefusedException {
        Span span = new Span(instance.value(), from.toString(), to.toString());
        return new DecisionsView(
                instance.value(),
                ofBoth(
                        configured(instance),
                        () -> own(span),
                        n -> client.call(n, DECISIONS, span, DecisionsView.OfNode.class, LIMIT),
                        n -> new DecisionsView.OfNode(n.value(), false, false, List.of())));
    }

    private interface Own<T> {
        T get() throws RefusedException;
    }

    /** Asks the other node first and reads here meanwhile. */
    private <T> List<T> ofBoth(
            InstanceConfiguration instance,
            Own<T> here,
            Function<NodeName, CompletionStage<T>> there,
            Function<NodeName, T> silent)
            throws RefusedException {
        Map<NodeName, CompletionStage<T>> asked = new HashMap<>();
        List<NodeName> both = List.of(instance.home(), instance.backup());
        both.stream()
                .filter(n -> !n.equals(node.name()))
                .forEach(n -> asked.put(n, there.apply(n)));
        List<T> all = new ArrayList<>();
        for (NodeName n : both) {
            all.add(n.equals(node.name()) ? here.get() : answer(n, asked.get(n), silent));
        }
        return all;
    }

    private static <T> T answer(
            NodeName n, CompletionStage<T> stage, Function<NodeName, T> silent) {
        try {
            return stage.toCompletableFuture().get(LIMIT.toMillis() + 100, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} did not explain itself: {1}", n, e);
            return silent.apply(n);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return silent.apply(n);
        }
    }

    private NodePart own(InstanceName instance) {
        return recoveries
                .loop(instance)
                .map(loop -> NodeExplainer.explain(loop.evidence()))
                .orElseGet(() -> NodeExplainer.silent(instance.value(), node.name().value()));
    }

    private DecisionsView.OfNode own(Span span) throws RefusedException {
        try {
            return DecisionReader.read(
                    node.name().value(),
                    recorder.files(),
                    InstanceName.of(span.instance()),
                    Instant.parse(span.from()),
                    Instant.parse(span.to()));
        } catch (IOException e) {
            throw new RefusedException(
                    ErrorCode.INTERNAL_ERROR,
                    "The recorded decisions of node " + node.name() + " cannot be read: " + e);
        }
    }

    private InstanceConfiguration configured(InstanceName instance) throws RefusedException {
        for (GroupConfiguration group : configurations.groups()) {
            for (InstanceConfiguration one : group.instances()) {
                if (one.name().equals(instance)) {
                    return one;
                }
            }
        }
        throw unknown(instance);
    }

    private static RefusedException unknown(InstanceName instance) {
        return new RefusedException(
                ErrorCode.UNKNOWN_INSTANCE, "There is no instance '" + instance + "'.");
    }

    /**
     * Milliseconds since the newest event of each code about the instance or about no instance; of
     * an operator's request also by the code, a colon and what was asked for: its first word.
     */
    private Map<String, Long> ages(InstanceName instance) {
        Map<String, Long> ages = new HashMap<>();
        long now = wall.millis();
        for (EventView event : happenings.after(Math.max(0, happenings.last() - EVENTS), EVENTS)) {
            if (event.instance() == null || event.instance().equals(instance.value())) {
                long at = OffsetDateTime.parse(event.time()).toInstant().toEpochMilli();
                ages.put(event.code(), Math.max(0, now - at));
                String asked = event.details() == null ? null : event.details().get("operation");
                if (asked != null) {
                    ages.put(event.code() + ":" + asked.split(" ")[0], Math.max(0, now - at));
                }
            }
        }
        return ages;
    }
}
