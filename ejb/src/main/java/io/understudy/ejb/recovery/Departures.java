package io.understudy.ejb.recovery;

import io.understudy.cluster.member.Removals;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.ledger.NoQuorumException;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Departure;
import io.understudy.core.peer.Departure.Found;
import io.understudy.core.view.ClusterView;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.InvalidConfigurationException;
import io.understudy.ejb.control.RefusedException;
import io.understudy.ejb.control.RemovalView;
import io.understudy.ejb.control.ShapeView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Removes members that will not come back, and admits them again. Calls wait for a majority. */
final class Departures {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final NodeConfiguration node;
    private final Configurations configurations;
    private final ClusterViews views;
    private final Shapes shapes;
    private final Removals removals;
    private final Happenings happenings;

    Departures(
            NodeConfiguration node,
            Configurations configurations,
            ClusterViews views,
            Shapes shapes,
            Removals removals,
            Happenings happenings) {
        this.node = node;
        this.configurations = configurations;
        this.views = views;
        this.shapes = shapes;
        this.removals = removals;
        this.happenings = happenings;
    }

    /**
     * Removes a member: notes it first, so that it cannot come back in between, then lets its
     * groups stand alone. Cut short, it goes on where it was left when it is asked again.
     */
    RemovalView remove(NodeName leaving, boolean force, String by)
            throws RefusedException, InvalidConfigurationException {
        Optional<Found> found =
                Departure.obstacle(
                        leaving,
                        node.name(),
                        node.members().stream()
                                .map(NodeConfiguration.Member::name)
                                .collect(Collectors.toSet()),
                        heard(),
                        force,
                        groups());
        if (found.isPresent()) {
            throw refusal(found.get(), leaving);
        }
        boolean news = removals.of(leaving).isEmpty();
        await(removals.remove(leaving, by));
        if (news) {
            happenings.removed(leaving, by);
        }
        List<ShapeView> alone = new ArrayList<>();
        for (GroupConfiguration group : configurations.groups()) {
            if (group.nodes().contains(leaving)) {
                NodeName keep =
                        group.nodes().stream()
                                .filter(n -> !n.equals(leaving))
                                .findFirst()
                                .orElseThrow();
                alone.add(shapes.unpair(group.name(), Optional.of(keep), by));
            }
        }
        return new RemovalView(leaving.value(), true, votes(leaving), alone);
    }

    /** Lets a removed member take part again. */
    RemovalView admit(NodeName returning, String by) throws RefusedException {
        boolean was = await(removals.admit(returning, by));
        if (!was) {
            throw new RefusedException(
                    ErrorCode.ALREADY_THERE, "Node " + returning + " is not removed.");
        }
        happenings.admitted(returning, by);
        return new RemovalView(returning.value(), false, votes(returning), List.of());
    }

    private boolean votes(NodeName member) {
        return node.voters().contains(member);
    }

    private Set<NodeName> heard() {
        return views.view().members().stream()
                .filter(m -> m.contact().equals("HEARD"))
                .map(m -> NodeName.of(m.name()))
                .collect(Collectors.toSet());
    }

    private List<Departure.Group> groups() {
        Map<String, ClusterView.Group> seen =
                views.view().groups().stream()
                        .collect(Collectors.toMap(ClusterView.Group::name, Function.identity()));
        List<Departure.Group> groups = new ArrayList<>();
        for (GroupConfiguration group : configurations.groups()) {
            Map<String, Optional<NodeName>> active =
                    Optional.ofNullable(seen.get(group.name())).stream()
                            .flatMap(g -> g.instances().stream())
                            .collect(
                                    Collectors.toMap(
                                            ClusterView.Instance::name,
                                            i ->
                                                    Optional.ofNullable(i.active())
                                                            .map(NodeName::of)));
            groups.add(new Departure.Group(group.name(), group.nodes(), active));
        }
        return groups;
    }

    private RefusedException refusal(Found found, NodeName leaving) {
        String about = found.about();
        return switch (found.obstacle()) {
            case UNKNOWN ->
                    new RefusedException(
                            ErrorCode.REFUSED,
                            "Node " + about + " is no member of the cluster.",
                            "Name one of cluster.members.");
            case SELF ->
                    new RefusedException(
                            ErrorCode.REFUSED,
                            "Node " + about + " is the one that is asked: it is here.",
                            "Ask another member, with --url.");
            case HEARD ->
                    new RefusedException(
                            ErrorCode.WRONG_STATE,
                            "Node " + about + " is heard: it need not be removed by force.",
                            "Take its groups apart with understudy unpair; or stop it first, and"
                                    + " repeat.");
            case NOT_FORCED ->
                    new RefusedException(
                            ErrorCode.REFUSED,
                            "Node " + about + " may come back; removed, it is refused.",
                            "If it will not come back as it is, repeat with --force.");
            case ONLY_COPY ->
                    new RefusedException(
                            ErrorCode.WRONG_STATE,
                            "Group " + about + " stands alone on " + leaving + ".",
                            "Nobody else has its data: apply the groups without it first, or"
                                    + " bring the node back.");
            case NOT_SERVED ->
                    new RefusedException(
                            ErrorCode.WRONG_STATE,
                            "Instance " + about + " is not served by the node that stays.",
                            "Bring it up there first: understudy failover "
                                    + about
                                    + ", with --accept-loss if nothing else is left.");
        };
    }

    private static <T> T await(CompletionStage<T> stage) throws RefusedException {
        try {
            return stage.toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NoQuorumException) {
                throw new RefusedException(
                        ErrorCode.NO_MAJORITY, String.valueOf(e.getCause().getMessage()));
            }
            throw new RefusedException(
                    ErrorCode.OUTCOME_UNKNOWN, String.valueOf(e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw new RefusedException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "The members did not agree within " + LIMIT.toSeconds() + " s.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(
                    ErrorCode.OUTCOME_UNKNOWN, "Waiting was cut short: this node is stopping.");
        }
    }
}
