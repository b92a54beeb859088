package io.understudy.ejb.recovery;

import io.understudy.core.move.Move;
import io.understudy.core.move.MoveFacts;
import io.understudy.core.move.MoveWatch;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Recovery;
import io.understudy.core.recovery.Situation;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Times the moves of one instance to this node. {@link #look} on the decision thread; the rest from
 * any.
 */
final class MoveTiming implements MoveFacts {

    /** Members answer within a second; what takes longer is no part of the move any more. */
    private static final Duration CONFIRMATION = Duration.ofSeconds(3);

    private final Supplier<Moment> lastBeat;
    private final Supplier<Optional<Moment>> announced;
    private final Supplier<Optional<Moment>> confirmed;
    private final MoveWatch watch = new MoveWatch(this);
    private volatile Optional<Giving> own = Optional.empty();
    private volatile Optional<Giving> peers = Optional.empty();

    /**
     * @param lastBeat when the other node's last heartbeat came
     * @param announced since when the addresses are here
     * @param confirmed when another member had found them all here
     */
    MoveTiming(
            Supplier<Moment> lastBeat,
            Supplier<Optional<Moment>> announced,
            Supplier<Optional<Moment>> confirmed) {
        this.lastBeat = lastBeat;
        this.announced = announced;
        this.confirmed = confirmed;
    }

    Optional<Move> look(
            Recovery recovery, Situation before, Event event, Situation after, Moment now) {
        Optional<Move> done = watch.look(recovery, before, event, after, now);
        own = watch.giving();
        return done;
    }

    /** Returns how this node gives the instance away, by its clock. */
    Optional<Giving> own() {
        return own;
    }

    /**
     * Takes how the other node gives it away.
     *
     * @param millis how long ago it began when it told so; null: it does not
     * @param decidedMillis how long ago it began to stop what serves; null: not yet
     * @param now when it was told
     */
    void given(Long millis, Long decidedMillis, Moment now) {
        peers =
                Optional.ofNullable(millis)
                        .map(
                                age ->
                                        new Giving(
                                                ago(age, now),
                                                Optional.ofNullable(decidedMillis)
                                                        .map(d -> ago(d, now))));
    }

    private static Moment ago(long millis, Moment now) {
        return new Moment(now.nanos() - millis * 1_000_000);
    }

    @Override
    public Moment lastBeat() {
        return lastBeat.get();
    }

    @Override
    public Optional<Giving> giving() {
        return peers;
    }

    @Override
    public Optional<Moment> announced() {
        return announced.get();
    }

    @Override
    public Optional<Moment> confirmed() {
        return confirmed.get();
    }

    @Override
    public Duration confirmationLimit() {
        return CONFIRMATION;
    }
}
