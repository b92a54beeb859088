package io.understudy.core.simulation;

import io.understudy.core.move.MoveFacts;
import io.understudy.core.move.MoveWatch;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Situation;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Times the moves to one node, in one life of it. */
final class Timing implements MoveFacts {

    private final SimNode node;
    private final Supplier<Moment> heard;
    private final MoveWatch watch = new MoveWatch(this);
    boolean addressed;
    Optional<Moment> confirmed = Optional.empty();
    private Optional<Giving> peers = Optional.empty();

    Timing(SimNode node, Supplier<Moment> heard) {
        this.node = node;
        this.heard = heard;
    }

    void look(Situation before, Event event, Moment now) {
        watch.look(node.recovery, before, event, node.situation, now)
                .ifPresent(node.sim.checks::moved);
    }

    /** What this node tells of how it gives the instance away, as ages by its clock. */
    Optional<Ages> told() {
        return watch.giving()
                .map(
                        g ->
                                new Ages(
                                        node.moment().since(g.began()),
                                        g.decided().map(node.moment()::since)));
    }

    record Ages(Duration began, Optional<Duration> decided) {}

    void heard(Optional<Ages> ages) {
        peers = ages.map(a -> new Giving(ago(a.began()), a.decided().map(this::ago)));
    }

    private Moment ago(Duration age) {
        return node.moment().minus(age);
    }

    @Override
    public Moment lastBeat() {
        return heard.get();
    }

    @Override
    public Optional<Giving> giving() {
        return peers;
    }

    @Override
    public Optional<Moment> announced() {
        return addressed ? Optional.of(node.moment()) : Optional.empty();
    }

    @Override
    public Optional<Moment> confirmed() {
        return confirmed;
    }

    @Override
    public Duration confirmationLimit() {
        return Duration.ofSeconds(5);
    }
}
