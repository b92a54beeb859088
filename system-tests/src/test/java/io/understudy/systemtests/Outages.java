package io.understudy.systemtests;

import java.time.Duration;
import java.util.Locale;

/** Faults, and the outage that the project promises for each. */
final class Outages {

    /**
     * The promise is for a host of its own and a median; tests share theirs, and hold every single
     * run to the promise times this. The exact figures are the benchmark's.
     */
    private static final double PATIENCE =
            Double.parseDouble(System.getProperty("understudy.patience", "2"));

    private Outages() {}

    /** Strikes a whole cluster and checks what was lost, who served, and for how long nobody. */
    static Trial hold(Fault fault, Cluster cluster) {
        cluster.awaitWhole(cluster.active());
        Trial trial = Trial.of(fault, cluster);
        System.out.printf(
                Locale.ROOT,
                "%s: no write for %d ms; %d acknowledged, %d lost%n",
                fault,
                trial.outage().toMillis(),
                trial.result().acknowledged(),
                trial.result().lost().size());
        trial.result().assertGood();
        Duration bound = bound(fault);
        if (trial.outage().compareTo(bound) > 0) {
            throw new AssertionError(
                    fault + ": no write for " + trial.outage() + ", the bound is " + bound);
        }
        return trial;
    }

    /** Returns how long writes may stand still. */
    static Duration bound(Fault fault) {
        return patiently(fault.aim());
    }

    /** Returns what a promise of {@code promised} is held to on a shared host. */
    static Duration patiently(Duration promised) {
        return Duration.ofNanos((long) (promised.toNanos() * PATIENCE));
    }
}
