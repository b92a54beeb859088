package io.understudy.ejb.recovery;

import io.understudy.cluster.hold.Holds;
import io.understudy.core.hold.Hold;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.ledger.NoQuorumException;
import io.understudy.core.recovery.Event;
import io.understudy.core.time.Moment;
import io.understudy.ejb.beat.Beat;
import io.understudy.ejb.control.ErrorCode;
import io.understudy.ejb.control.HoldCommand;
import io.understudy.ejb.control.RefusedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Holds for maintenance on this node: placed and ended for operators, and told to the loops of the
 * instances, in wall time there and in monotonic time here.
 */
final class Maintenance {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** A wall clock that was set by more than this changes when a hold ends. */
    private static final Duration DRIFT = Duration.ofSeconds(2);

    private final Holds holds;
    private final Happenings happenings;
    private final Clock wall;
    private final LongSupplier nanos;
    private final Map<InstanceName, Bound> loops = new ConcurrentHashMap<>();

    /** A loop and what it was last told. */
    private static final class Bound {
        final InstanceLoop loop;
        Optional<Hold> hold = Optional.empty();
        Moment until;

        Bound(InstanceLoop loop) {
            this.loop = loop;
        }
    }

    Maintenance(Holds holds, Happenings happenings, Clock wall, LongSupplier nanos) {
        this.holds = holds;
        this.happenings = happenings;
        this.wall = wall;
        this.nanos = nanos;
    }

    /** Looks once a second, and whenever something was learned. */
    void start(ScheduledExecutorService timer) {
        holds.listen(this::look);
        Beat.every(timer, LOOK_EVERY, this::look);
    }

    /** Tells a loop what it must know before it begins, and from now on. */
    void bind(InstanceName instance, InstanceLoop loop) {
        Bound bound = new Bound(loop);
        loops.put(instance, bound);
        tell(instance, bound);
    }

    void unbind(InstanceName instance) {
        loops.remove(instance);
    }

    Optional<Hold> of(InstanceName instance) {
        return holds.of(instance);
    }

    private void look() {
        loops.forEach(this::tell);
    }

    private void tell(InstanceName instance, Bound bound) {
        synchronized (bound) {
            Optional<Hold> hold = holds.of(instance);
            Optional<Event.HoldTime> time = hold.map(this::here);
            boolean moved =
                    time.isPresent()
                            && bound.hold.isPresent()
                            && apart(time.get().until(), bound.until).compareTo(DRIFT) > 0;
            if (hold.equals(bound.hold) && !moved) {
                return;
            }
            bound.hold = hold;
            bound.until = time.map(Event.HoldTime::until).orElse(null);
            bound.loop.parts().handsOff(hold.isPresent());
            bound.loop.post(new Event.Hold(time));
        }
    }

    private static Duration apart(Moment a, Moment b) {
        return a.since(b).abs();
    }

    private Event.HoldTime here(Hold hold) {
        Instant wallNow = wall.instant();
        Moment now = new Moment(nanos.getAsLong());
        return new Event.HoldTime(
                now.plus(Duration.between(wallNow, hold.until())),
                now.plus(Duration.between(wallNow, hold.reminder())));
    }

    /**
     * Holds an instance; returns when a majority keeps it.
     *
     * @throws RefusedException if somebody else holds it, or the request makes no sense: nothing
     *     was done; without a majority it may happen yet
     */
    Hold hold(HoldCommand command) throws RefusedException {
        Instant now = wall.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant until = command.until().orElseGet(() -> now.plus(command.lasts().orElseThrow()));
        // People read the end; a thousandth of a second in it is noise.
        boolean brief = Duration.between(now, until).compareTo(Duration.ofMinutes(1)) < 0;
        ChronoUnit shown = brief ? ChronoUnit.MILLIS : ChronoUnit.SECONDS;
        Hold wanted =
                new Hold(
                        command.instance(),
                        command.by(),
                        command.reason().strip(),
                        now,
                        until.truncatedTo(shown));
        Optional<String> problem = wanted.problem();
        if (problem.isPresent()) {
            throw new RefusedException(ErrorCode.MALFORMED_REQUEST, problem.get());
        }
        Hold inForce = await(holds.hold(wanted, command.replace()));
        if (!wanted.equals(inForce)) {
            throw held(inForce);
        }
        happenings.held(wanted);
        return wanted;
    }

    /**
     * Ends a hold; returns when a majority knows.
     *
     * @throws RefusedException if the instance is not held; without a majority it may happen yet
     */
    Hold release(InstanceName instance, String by) throws RefusedException {
        Hold ended =
                await(holds.release(instance, by))
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                ErrorCode.ALREADY_THERE,
                                                "Instance " + instance + " is not held."));
        happenings.released(instance, by);
        return ended;
    }

    /** Refuses what must not be done to an instance that is held. */
    void check(InstanceName instance) throws RefusedException {
        Optional<Hold> hold = of(instance);
        if (hold.isPresent()) {
            throw held(hold.get());
        }
    }

    private static RefusedException held(Hold hold) {
        return new RefusedException(
                ErrorCode.HELD,
                "Instance "
                        + hold.instance()
                        + " is held for maintenance by "
                        + hold.by()
                        + " until "
                        + hold.until()
                        + ": "
                        + hold.reason());
    }

    private static <T> T await(CompletionStage<T> stage) throws RefusedException {
        try {
            return stage.toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            boolean noMajority = e.getCause() instanceof NoQuorumException;
            throw new RefusedException(
                    noMajority ? ErrorCode.NO_MAJORITY : ErrorCode.OUTCOME_UNKNOWN,
                    "No majority of the members confirmed it: " + e.getCause().getMessage());
        } catch (TimeoutException e) {
            throw new RefusedException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "No majority of the members confirmed it within " + LIMIT.toSeconds() + " s.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(
                    ErrorCode.OUTCOME_UNKNOWN, "Waiting was cut short: this node is stopping.");
        }
    }
}
