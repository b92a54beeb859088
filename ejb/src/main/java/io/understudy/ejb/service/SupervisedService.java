package io.understudy.ejb.service;

import io.understudy.core.config.ManualStop;
import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.config.ServiceKind;
import io.understudy.core.config.StartMode;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One service's state and what it calls for next. It has no thread and does nothing outward: the
 * runner asks {@link #next}, does it elsewhere and reports back. Guarded by the runner's lock.
 */
final class SupervisedService {

    /** What is to be done for a service now. */
    enum Step {
        NOTHING,
        LAUNCH,
        PROBE
    }

    private static final long START_PROBE_NANOS = Duration.ofMillis(50).toNanos();
    private static final long SELDOM_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long SHARED_NANOS = Duration.ofMillis(500).toNanos();
    private static final Duration CALM = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final ServiceConfiguration configuration;
    private final Timers timers;

    private ServiceCondition condition = ServiceCondition.STOPPED;
    private final ServiceBody body;
    private final long interval;
    private boolean idle;
    private Optional<String> problem = Optional.empty();
    private boolean busy;
    private volatile boolean handsOff;
    private long ticket;
    private CompletableFuture<Void> launching = CompletableFuture.completedFuture(null);
    private int restarts;
    private long since;
    private long launched;
    private long nextAttempt;
    private long nextProbe;

    SupervisedService(ServiceConfiguration configuration, ServiceBody body, Timers timers) {
        this.configuration = configuration;
        this.body = body;
        this.timers = timers;
        this.idle = configuration.mode() == StartMode.MANUAL;
        this.interval =
                configuration
                        .interval()
                        .or(body::interval)
                        .orElse(timers.probeInterval())
                        .toNanos();
    }

    ServiceConfiguration configuration() {
        return configuration;
    }

    String name() {
        return configuration.name();
    }

    ServiceBody body() {
        return body;
    }

    /** Names the step given out last; only its result is taken. */
    long ticket() {
        return ticket;
    }

    /** Voids the step given out last; returns when a launch among them has shown its process. */
    CompletableFuture<Void> quiesce() {
        ticket++;
        busy = false;
        return launching;
    }

    /** The worker of a launch is done with it, however it went. */
    CompletableFuture<Void> launching() {
        return launching;
    }

    /** Watched and not restarted, or looked after again. */
    void handsOff(boolean hold) {
        handsOff = hold;
    }

    ServiceCondition condition() {
        return condition;
    }

    ServiceFacts facts() {
        return new ServiceFacts(
                configuration.name(),
                configuration.critical(),
                condition,
                restarts,
                condition == ServiceCondition.STOPPED
                        ? Optional.empty()
                        : body.processes().stream().findFirst(),
                problem,
                idle);
    }

    /** Those after it may start: it works, or it is not needed and has had its chance. */
    boolean letsOthersStart() {
        return condition == ServiceCondition.RUNNING
                || idle
                || !configuration.critical()
                        && (condition == ServiceCondition.DOWN
                                || condition == ServiceCondition.FAILED);
    }

    boolean hasFailedCritically() {
        return condition == ServiceCondition.FAILED && configuration.critical();
    }

    /** Moves on by what is known and says what to do; a step makes the service busy. */
    Step next(long now, boolean mayStart) {
        if (busy) {
            return Step.NOTHING;
        }
        Step step =
                switch (condition) {
                    case STOPPED -> mayStart && !idle ? Step.LAUNCH : Step.NOTHING;
                    case STARTING -> whileStarting(now);
                    case RUNNING -> whileRunning(now);
                    case DOWN -> whileDown(now);
                    case FAILED -> whileFailed(now);
                };
        if (step == Step.NOTHING) {
            return step;
        }
        busy = true;
        ticket++;
        if (step == Step.LAUNCH) {
            launching = new CompletableFuture<>();
        }
        if (step == Step.LAUNCH && condition == ServiceCondition.STOPPED) {
            condition = ServiceCondition.STARTING;
            since = now;
            restarts = 0;
            problem = Optional.empty();
        } else if (step == Step.LAUNCH) {
            restarts++;
            nextAttempt = now + spacing();
        }
        return step;
    }

    void launched(long now) {
        busy = false;
        launched = now;
        nextProbe = now;
    }

    void launchFailed(String why, long now) {
        busy = false;
        launched = 0;
        down(now, why, now + spacing());
    }

    void probed(ProbeResult result, long now) {
        busy = false;
        boolean starting = condition != ServiceCondition.RUNNING;
        nextProbe = starting ? now + START_PROBE_NANOS : nextAfter(now);
        if (result.good()) {
            if (starting) {
                condition = ServiceCondition.RUNNING;
                since = now;
                nextProbe = nextAfter(now);
            }
            problem = Optional.empty();
        } else if (starting) {
            problem = Optional.of(say(result.problem()));
        } else {
            // The process lives: give it the time to come back before it is killed for a restart.
            down(now, result.problem(), now + spacing());
        }
    }

    /** What is seldom probed is so together with others, never later than it would be alone. */
    private long nextAfter(long now) {
        long next = now + interval;
        return interval < SELDOM_NANOS ? next : next - Math.floorMod(next, SHARED_NANOS);
    }

    /** A worker could not be had; asked again at the next tick. */
    void postponed() {
        busy = false;
        launching.complete(null);
    }

    void stopped() {
        busy = false;
        condition = ServiceCondition.STOPPED;
        problem = Optional.empty();
        restarts = 0;
        idle = configuration.mode() == StartMode.MANUAL;
    }

    /** It could not be stopped; it goes on counting as running. */
    void notStopped(String why) {
        busy = false;
        if (condition == ServiceCondition.STOPPED) {
            condition = ServiceCondition.DOWN;
        }
        problem = Optional.of(say(why));
    }

    /** After a failure that an operator or the recovery manager had mended: a fresh start. */
    void again() {
        if (condition == ServiceCondition.FAILED && configuration.critical() && !idle) {
            ticket++;
            busy = false;
            condition = ServiceCondition.STOPPED;
        }
    }

    /** It is being stopped by hand: no step is given out until that has ended. */
    CompletableFuture<Void> beginManualStop() {
        CompletableFuture<Void> begun = quiesce();
        busy = true;
        return begun;
    }

    /** It was stopped by hand; with {@link ManualStop#MOVE} that counts as a failure. */
    void stoppedByHand() {
        stopped();
        idle = true;
        problem = Optional.of(say("it was stopped by hand"));
        if (configuration.critical() && configuration.manualStop() == ManualStop.MOVE) {
            condition = ServiceCondition.FAILED;
        }
    }

    /** It may be started though its mode is manual, or it was stopped by hand. */
    void startByHand() {
        idle = false;
        problem = Optional.empty();
        if (condition == ServiceCondition.FAILED) {
            condition = ServiceCondition.STOPPED;
        }
    }

    boolean busy() {
        return busy;
    }

    /**
     * Returns for how many nanoseconds nothing is to be done or asked while all go on running; 0 if
     * there is something now. Makes no object, as it is asked often.
     */
    static long settledFor(List<SupervisedService> all, long now) {
        long rest = Long.MAX_VALUE;
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).settled(now)) {
                return 0;
            }
            rest = Math.min(rest, all.get(i).nextProbe - now);
        }
        return rest;
    }

    /** Has {@code told} hear of the end of each; returns whether that is so of all. */
    static boolean tellEnds(List<SupervisedService> all, Runnable told) {
        boolean allTell = true;
        for (SupervisedService one : all) {
            allTell &= one.body.tellEnd(told);
        }
        return allTell;
    }

    private boolean settled(long now) {
        return condition == ServiceCondition.RUNNING
                && !busy
                && restarts == 0
                && now - nextProbe < 0
                && !processEnded();
    }

    private Step whileStarting(long now) {
        if (processEnded()) {
            down(now, ending(), now);
            return whileDown(now);
        }
        if (now - since > timers.startLimit().toNanos()) {
            fail("it did not work within " + timers.startLimit().toSeconds() + " s of its start");
            return Step.NOTHING;
        }
        return probeIfDue(now);
    }

    private Step whileRunning(long now) {
        if (processEnded()) {
            down(now, ending(), restarts == 0 ? now : now + spacing());
            return whileDown(now);
        }
        if (now - since > Math.max(configuration.delay().toNanos(), CALM.toNanos())) {
            restarts = 0;
        }
        return probeIfDue(now);
    }

    private Step whileDown(long now) {
        if (processEnded() && launched != 0) {
            // Says more than the probe of what is no longer there.
            problem = Optional.of(say(ending()));
        }
        boolean attemptsLeft = restarts < configuration.restarts();
        if (now - since >= configuration.delay().toNanos()
                || !attemptsLeft && processEnded() && now - nextAttempt >= 0) {
            fail(problem.orElse("it does not work"));
            return Step.NOTHING;
        }
        boolean mayRestart = !handsOff && attemptsLeft && configuration.kind().isStarted();
        if (mayRestart && now - nextAttempt >= 0) {
            return Step.LAUNCH;
        }
        return processEnded() ? Step.NOTHING : probeIfDue(now);
    }

    /** A critical failure is the recovery manager's to settle; others are tried again, calmly. */
    private Step whileFailed(long now) {
        if (configuration.critical() && !handsOff) {
            return Step.NOTHING;
        }
        if (handsOff) {
            boolean gone = processEnded() && !configuration.kind().isOutside();
            return gone ? Step.NOTHING : probeIfDue(now);
        }
        if (configuration.kind().isOutside() && now - nextAttempt >= 0) {
            return Step.LAUNCH;
        }
        if (configuration.kind() == ServiceKind.PROBE || !processEnded()) {
            return probeIfDue(now);
        }
        return now - nextAttempt >= 0 ? Step.LAUNCH : Step.NOTHING;
    }

    private Step probeIfDue(long now) {
        boolean settled =
                !(configuration.probe() instanceof Probe.Alive)
                        || now - launched >= body.settle().toNanos();
        return settled && now - nextProbe >= 0 ? Step.PROBE : Step.NOTHING;
    }

    private void down(long now, String why, long attempt) {
        if (condition == ServiceCondition.FAILED) {
            nextAttempt = now + RETRY.toNanos();
            problem = Optional.of(say(why));
            return;
        }
        if (condition != ServiceCondition.DOWN) {
            since = now;
        }
        condition = ServiceCondition.DOWN;
        nextAttempt = attempt;
        problem = Optional.of(say(why));
    }

    private void fail(String why) {
        condition = ServiceCondition.FAILED;
        nextAttempt += RETRY.toNanos();
        String words = say(why);
        problem =
                Optional.of(
                        words.contains("; see its log")
                                ? words
                                : words + "; see its log and correct its configuration");
    }

    private String say(String why) {
        return why.startsWith("service '") ? why : "service '" + configuration.name() + "': " + why;
    }

    private boolean processEnded() {
        return configuration.kind().isStarted() && body.hasEnded();
    }

    private String ending() {
        return body.ended().orElse("it does not run");
    }

    private long spacing() {
        return configuration.delay().toNanos() / (configuration.restarts() + 1);
    }
}
