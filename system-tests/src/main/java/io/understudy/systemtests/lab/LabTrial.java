package io.understudy.systemtests.lab;

import io.understudy.systemtests.Await;
import io.understudy.systemtests.Cluster;
import io.understudy.systemtests.Layout;
import io.understudy.systemtests.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One fault in a lab, watched from its eve until the cluster is whole again.
 *
 * @param fault what was done
 * @param outage the longest time without an answer at the IPv4 address while the cause lasted
 * @param outage6 the same at the IPv6 address
 * @param writes the longest time without an acknowledged write through the IPv4 address, until the
 *     cluster was whole again
 * @param afterMend the longest time without an answer at either address after the cause had ended
 * @param moves how often another node answered than before
 * @param overlap the longest time for which an address was seen on both hosts
 * @param stale how long after the fault an address was last seen on the host that lost it
 * @param result what writer and watch found
 */
public record LabTrial(
        LabFault fault,
        Duration outage,
        Duration outage6,
        Duration writes,
        Duration afterMend,
        int moves,
        Duration overlap,
        Duration stale,
        Load.Result result) {

    /** For how long an address may be on two hosts. */
    public static final Duration OVERLAP = Duration.ofMillis(50);

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration EVE = Duration.ofSeconds(1);
    private static final int STEADY = 50;

    /**
     * Strikes; the cluster is whole before and after.
     *
     * @param inFull whether the cause lasts as long as the promise says, not as long as tests have
     */
    public static LabTrial of(LabFault fault, Lab lab, boolean inFull) throws IOException {
        return lab.asClient(() -> strike(fault, lab, inFull));
    }

    private static LabTrial strike(LabFault fault, Lab lab, boolean inFull) {
        Cluster cluster = lab.cluster();
        cluster.awaitWhole(cluster.active());
        if (fault == LabFault.FALLBACK && cluster.active().equals(Layout.ALPHA)) {
            // A way home needs somebody who is away.
            cluster.act("switchover");
            cluster.awaitWhole(Layout.BETA);
        }
        String before = cluster.active();
        try (Load load = cluster.load();
                Prober four = new Prober(lab.place("client"), Lab.VIRTUAL_4, Lab.SERVICE);
                Prober six = new Prober(lab.place("client"), Lab.VIRTUAL_6, Lab.SERVICE);
                AddressWatch addresses = new AddressWatch(lab::place)) {
            awaitAnswers(List.of(four, six), System.nanoTime(), cluster);
            Await.pass(EVE);
            long began = System.nanoTime();
            Runnable mend = fault.strike(lab, before);
            if (fault.move() == LabFault.Move.MUST) {
                String other = Layout.other(before);
                Await.until(
                        other + " answers",
                        LIMIT,
                        () -> "last failure: " + four.lastFailure() + cluster.describe(),
                        () -> four.lastNode().equals(other) && six.lastNode().equals(other));
            }
            awaitAnswers(List.of(four, six), began, cluster);
            load.awaitWritesAfter(began, LIMIT);
            Duration left = fault.lasts(inFull).minusNanos(System.nanoTime() - began);
            Await.pass(left.isNegative() ? Duration.ZERO : left);
            long mended = System.nanoTime();
            mend.run();
            awaitAnswers(List.of(four, six), mended, cluster);
            load.awaitWritesAfter(mended, LIMIT);
            cluster.awaitWhole(four.lastNode());
            Await.pass(EVE);
            long end = System.nanoTime();
            return new LabTrial(
                    fault,
                    four.longestGap(began, mended).length(),
                    six.longestGap(began, mended).length(),
                    load.gapSince(began).length(),
                    longer(four.longestGap(mended, end), six.longestGap(mended, end)),
                    Math.max(four.movesSince(began), six.movesSince(began)),
                    addresses.longestOverlap(),
                    Duration.ofNanos(
                            Math.max(
                                    addresses.lastSeen(before, Lab.VIRTUAL_4).orElse(began) - began,
                                    addresses.lastSeen(before, Lab.VIRTUAL_6).orElse(began)
                                            - began)),
                    load.finish());
        }
    }

    private static Duration longer(Prober.Gap one, Prober.Gap other) {
        return one.length().compareTo(other.length()) > 0 ? one.length() : other.length();
    }

    private static void awaitAnswers(List<Prober> probers, long nanos, Cluster cluster) {
        for (Prober prober : probers) {
            Await.until(
                    "clients are answered",
                    LIMIT,
                    () -> "last failure: " + prober.lastFailure() + cluster.describe(),
                    () -> prober.answersSince(nanos) >= STEADY);
        }
    }

    /**
     * Fails if anything was lost, if two nodes ever served or had an address, or if the instance
     * moved otherwise than the fault makes it.
     */
    public void assertSafe() {
        result.assertGood();
        List<String> problems = new ArrayList<>();
        if (overlap.compareTo(OVERLAP) > 0) {
            problems.add("an address was on both hosts for " + overlap);
        }
        boolean right =
                switch (fault.move()) {
                    case MUST -> moves == 1;
                    case MAY -> moves <= 1;
                    case NEVER -> moves == 0;
                };
        if (!right) {
            problems.add("it moved " + moves + " times, and " + fault + " " + fault.move());
        }
        if (!problems.isEmpty()) {
            throw new AssertionError(fault + ": " + problems);
        }
    }

    /** Returns the longest of the outages that the promise is about. */
    public Duration longest() {
        List<Duration> all = new ArrayList<>(List.of(outage, outage6));
        if (fault.concernsWrites()) {
            all.add(writes);
        }
        return all.stream().max(Duration::compareTo).orElseThrow();
    }

    /** One line of figures. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: no answer for %d ms (IPv6 %d), no write for %d ms, after the mend %d ms;"
                        + " %d moves, overlap %d ms, address left after %d ms; %d acknowledged,"
                        + " %d lost",
                fault,
                outage.toMillis(),
                outage6.toMillis(),
                writes.toMillis(),
                afterMend.toMillis(),
                moves,
                overlap.toMillis(),
                stale.toMillis(),
                result.acknowledged(),
                result.lost().size());
    }
}
