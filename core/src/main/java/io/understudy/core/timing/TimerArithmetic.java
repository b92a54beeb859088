package io.understudy.core.timing;

import io.understudy.core.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The arithmetic between timers: which values together make a group that neither fails over for
 * nothing nor serves twice. docs/timing.md gives the reason for each bound.
 */
public final class TimerArithmetic {

    /** A lease must survive two lost renewals: three must fit in. */
    public static final int RENEWALS_PER_LEASE = 3;

    /** The least factor: covers clocks that run at different rates and the time to stop. */
    public static final double LEAST_CHALLENGE_FACTOR = 1.25;

    /** Beyond this a challenger waits for nothing. */
    public static final double MOST_CHALLENGE_FACTOR = 5;

    /**
     * The margin is at least the lease divided by this: for clocks that run at different rates. The
     * time to kill is covered by the margin's own least value.
     */
    public static final int LEASE_PER_MARGIN = 20;

    private final Timers timers;
    private final List<Finding> findings = new ArrayList<>();

    private TimerArithmetic(Timers timers) {
        this.timers = timers;
    }

    /**
     * One bound that is broken.
     *
     * @param key the timer to change, as in a group file
     * @param problem what is wrong, with the numbers
     * @param mend what to do
     */
    public record Finding(String key, String problem, String mend) {
        /** Refuses nulls. */
        public Finding {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(problem, "problem");
            Objects.requireNonNull(mend, "mend");
        }
    }

    /** Returns every bound that {@code timers} break; empty if they are sound. */
    public static List<Finding> check(Timers timers) {
        TimerArithmetic arithmetic = new TimerArithmetic(timers);
        arithmetic.checkEach();
        if (arithmetic.findings.isEmpty()) {
            arithmetic.checkDetection();
            arithmetic.checkLease();
            arithmetic.checkServices();
        }
        return List.copyOf(arithmetic.findings);
    }

    private void checkEach() {
        for (Timer timer : Timer.values()) {
            Duration value = timer.in(timers);
            if (value.compareTo(timer.least()) < 0 || value.compareTo(timer.most()) > 0) {
                find(
                        timer.key(),
                        "is " + text(value),
                        "choose from " + text(timer.least()) + " to " + text(timer.most()));
            }
        }
        double factor = timers.challengeFactor();
        // Written so that NaN is refused too.
        if (!(factor >= LEAST_CHALLENGE_FACTOR && factor <= MOST_CHALLENGE_FACTOR)) {
            find(
                    Timer.CHALLENGE_FACTOR,
                    "is " + number(factor),
                    "choose from "
                            + number(LEAST_CHALLENGE_FACTOR)
                            + " to "
                            + number(MOST_CHALLENGE_FACTOR));
        }
    }

    private void checkDetection() {
        atLeast(
                Timer.PROOF_AFTER,
                timers.heartbeatInterval().multipliedBy(2),
                "2 x heartbeat-interval",
                "one lost heartbeat must not raise suspicion");
        atLeast(
                Timer.HEARTBEAT_SILENCE,
                timers.heartbeatInterval().multipliedBy(4),
                "4 x heartbeat-interval",
                "three lost heartbeats in a row happen on a busy network");
        if (timers.heartbeatSilence().compareTo(timers.proofAfter()) <= 0) {
            find(
                    Timer.HEARTBEAT_SILENCE.key(),
                    "is "
                            + text(timers.heartbeatSilence())
                            + ", not more than proof-after "
                            + text(timers.proofAfter()),
                    "make it longer than proof-after: the proof is what makes silence worth asking about");
        }
        atMost(
                Timer.HEARTBEAT_SILENCE,
                timers.challengeWait(),
                "lease x challenge-factor",
                "else the lease is challenged before its holder counts as silent");
    }

    private void checkLease() {
        Duration useful = timers.lease().minus(timers.leaseMargin());
        Duration tries = timers.renewEvery().multipliedBy(RENEWALS_PER_LEASE);
        if (tries.compareTo(useful) > 0) {
            find(
                    Timer.RENEW_EVERY.key(),
                    "is "
                            + text(timers.renewEvery())
                            + ": "
                            + RENEWALS_PER_LEASE
                            + " x renew-every = "
                            + text(tries)
                            + " > lease - lease-margin = "
                            + text(timers.lease())
                            + " - "
                            + text(timers.leaseMargin())
                            + " = "
                            + text(useful),
                    "renew more often or make the lease longer: two lost renewals must not end a lease");
        }
        atLeast(
                Timer.LEASE_MARGIN,
                timers.lease().dividedBy(LEASE_PER_MARGIN),
                "lease / " + LEASE_PER_MARGIN,
                "stopping must be over when the lease ends");
        atMost(
                Timer.LEASE_MARGIN,
                timers.lease().dividedBy(2),
                "lease / 2",
                "else most of a lease cannot be used");
        Duration spare = timers.challengeWait().minus(timers.lease());
        Duration reads = timers.renewEvery().multipliedBy(2);
        if (spare.compareTo(reads) < 0) {
            find(
                    Timer.CHALLENGE_FACTOR,
                    "is "
                            + number(timers.challengeFactor())
                            + ": lease x (challenge-factor - 1) = "
                            + text(spare)
                            + " < 2 x renew-every = "
                            + text(reads),
                    "raise it or renew more often: a challenger sees a renewal up to a period late");
        }
        atMost(
                Timer.RELAX_AFTER,
                timers.lease(),
                "lease",
                "losing the standby must not stop writers for longer than a failover would");
        atLeast(
                Timer.HAND_OVER_LIMIT,
                timers.renewEvery().multipliedBy(4),
                "4 x renew-every",
                "the assigned node must have had the time to see that its turn has come");
    }

    private void checkServices() {
        if (!timers.serviceDelay().isZero()) {
            atLeast(
                    Timer.SERVICE_DELAY,
                    timers.probeInterval(),
                    "probe-interval",
                    "shorter than a probe's period it means nothing; 0s moves the instance at once");
        }
        atMost(
                Timer.RELOGIN_LEAST,
                timers.reloginMost(),
                "relogin-most",
                "a client waits a random time between the two");
        atMost(
                Timer.PROBE_LIMIT,
                timers.startLimit(),
                "start-limit",
                "else one probe outlasts the start it is to confirm");
    }

    private void atLeast(Timer timer, Duration bound, String formula, String why) {
        Duration value = timer.in(timers);
        if (value.compareTo(bound) < 0) {
            find(
                    timer.key(),
                    "is " + text(value) + " < " + formula + " = " + text(bound),
                    "make it at least " + text(bound) + ": " + why);
        }
    }

    private void atMost(Timer timer, Duration bound, String formula, String why) {
        Duration value = timer.in(timers);
        if (value.compareTo(bound) > 0) {
            find(
                    timer.key(),
                    "is " + text(value) + " > " + formula + " = " + text(bound),
                    "make it at most " + text(bound) + ": " + why);
        }
    }

    private void find(String key, String problem, String mend) {
        findings.add(new Finding(key, problem, mend));
    }

    private static String text(Duration duration) {
        return DurationText.format(duration);
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%s", value);
    }
}
