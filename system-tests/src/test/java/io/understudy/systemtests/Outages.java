package io.understudy.systemtests;

import java.time.Duration;
import java.util.Locale;

/** Faults with the bound that docs/timing.md derives. */
final class Outages {

    /**
     * Tests share their host with others: they hold the derived worst case times this. The exact
     * figures are the benchmark's.
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
        // Even where nothing is lost a busy host pauses for a moment.
        long least = Duration.ofMillis(500).toNanos();
        return Duration.ofNanos((long) (Math.max(least, fault.worst().toNanos()) * PATIENCE));
    }
}
