package io.understudy.systemtests;

import java.time.Duration;

/**
 * One fault under load, from its eve until its cause has ended.
 *
 * @param fault what was done
 * @param outage the longest time without an acknowledged write
 * @param goingOn how long after the fault that time ended
 * @param result what the writer and the watch found
 */
public record Trial(Fault fault, Duration outage, Duration goingOn, Load.Result result) {

    /** How long at least a fault is looked at after writes went on. */
    private static final Duration AFTERMATH = Duration.ofSeconds(2);

    /** Strikes a cluster that is whole; it is left to mend itself. */
    public static Trial of(Fault fault, Cluster cluster) {
        String before = cluster.active();
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            Runnable mend = fault.strike(cluster);
            load.awaitWritesAfter(began, Duration.ofSeconds(60));
            if (fault.moves()) {
                cluster.awaitServing(Layout.other(before), Duration.ofSeconds(60));
            }
            Duration left = fault.lasts().minusNanos(System.nanoTime() - began);
            Await.pass(left.isNegative() ? Duration.ZERO : left);
            long mended = System.nanoTime();
            mend.run();
            load.awaitWritesAfter(mended, Duration.ofSeconds(60));
            Await.pass(AFTERMATH);
            IncreasingWriter.Gap gap = load.gapSince(began);
            Duration goingOn = Duration.ofNanos(gap.endedNanos() - began);
            if (fault.moves()) {
                assertSilent(load, before, mended);
            }
            return new Trial(fault, gap.length(), goingOn, load.finish());
        }
    }

    /** Whoever lost the instance must not serve it again by itself. */
    private static void assertSilent(Load load, String node, long sinceNanos) {
        var serving = load.watch().servingSince(node, sinceNanos);
        if (!serving.isEmpty()) {
            throw new AssertionError(node + " served again: " + serving);
        }
    }
}
