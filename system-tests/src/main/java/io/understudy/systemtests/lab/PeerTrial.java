package io.understudy.systemtests.lab;

import io.understudy.systemtests.Await;
import io.understudy.systemtests.IncreasingWriter;
import io.understudy.systemtests.Layout;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * One fault, watched from its eve until who was struck is whole again.
 *
 * @param fault what was done
 * @param outage the longest time between two answers at the IPv4 address that began while the cause
 *     lasted
 * @param afterMend the longest such time that began after the cause had ended
 * @param writes the longest time between two acknowledged writes through the address; empty: no
 *     database moves
 * @param moved whether the other node answered before the cause ended
 * @param addressOnBoth the longest time for which both hosts had the address
 * @param bothPrimary the longest time for which both databases took writes; empty: no database, or
 *     not measured as a time
 * @param twoServed whether two were seen to serve at once, for any time that is not excused
 * @param acknowledged how many writes were acknowledged
 * @param lost how many of all writes ever acknowledged the database lacks
 */
record PeerTrial(
        PeerFault fault,
        Duration outage,
        Duration afterMend,
        Optional<Duration> writes,
        boolean moved,
        Duration addressOnBoth,
        Optional<Duration> bothPrimary,
        boolean twoServed,
        int acknowledged,
        int lost) {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration EVE = Duration.ofSeconds(1);
    private static final int STEADY = 50;

    /** A trial of Understudy, which has figures of its own. */
    static PeerTrial of(PeerFault fault, LabTrial trial) {
        return new PeerTrial(
                fault,
                trial.outage(),
                trial.afterMend(),
                Optional.of(trial.writes()),
                trial.moves() > 0,
                trial.overlap(),
                Optional.empty(),
                trial.overlap().compareTo(LabTrial.OVERLAP) > 0
                        || !trial.result().twoServing().isEmpty(),
                trial.result().acknowledged(),
                trial.result().lost().size());
    }

    /** Strikes a peer that is whole; it is whole again afterwards. For the client's host. */
    static PeerTrial of(PeerFault fault, Peer peer, PeerLab lab, boolean inFull) {
        awaitWhole(peer);
        String before = peer.active().orElseThrow();
        Optional<PeerDatabase> database = peer.database();
        Optional<IncreasingWriter> writer = database.map(PeerDatabase::writer);
        Optional<PrimaryWatch> primaries = database.map(d -> new PrimaryWatch(d, lab::place));
        try (Prober prober = new Prober(lab.place(Wires.CLIENT), Lab.VIRTUAL_4, Lab.SERVICE);
                AddressWatch addresses = new AddressWatch(lab::place)) {
            writer.ifPresent(IncreasingWriter::start);
            long eve = System.nanoTime();
            awaitAnswers(prober, eve, peer);
            writer.ifPresent(w -> awaitWrites(w, eve, peer));
            Await.pass(EVE);
            long began = System.nanoTime();
            Runnable mend = fault.strike(peer, lab, before);
            String other = Layout.other(before);
            if (!fault.passes()) {
                boolean took = waits(peer, () -> prober.lastNode().equals(other));
                if (took) {
                    awaitAnswers(prober, System.nanoTime(), peer);
                    writer.ifPresent(w -> waits(peer, () -> w.acknowledgedSince(began) >= STEADY));
                }
            }
            Await.pass(left(began, fault.lasts(inFull)));
            boolean moved = prober.movesSince(began) > 0;
            long mended = System.nanoTime();
            mend.run();
            awaitWhole(peer);
            long whole = System.nanoTime();
            awaitAnswers(prober, whole, peer);
            writer.ifPresent(w -> awaitWrites(w, whole, peer));
            Await.pass(EVE);
            long end = System.nanoTime();
            writer.ifPresent(IncreasingWriter::close);
            primaries.ifPresent(PrimaryWatch::close);
            Duration onBoth = addresses.longestOverlap();
            Optional<Duration> bothPrimary = primaries.map(PrimaryWatch::longestOverlap);
            return new PeerTrial(
                    fault,
                    prober.longestGap(began, mended).length(),
                    prober.longestGapBegunAfter(mended, end).length(),
                    writer.map(w -> w.longestGap(began, end).length()),
                    moved,
                    onBoth,
                    bothPrimary,
                    onBoth.compareTo(LabTrial.OVERLAP) > 0
                            || bothPrimary.filter(d -> !d.isZero()).isPresent(),
                    writer.map(w -> w.acknowledged().size()).orElse(0),
                    writer.map(w -> lost(database.orElseThrow(), w)).orElse(0));
        } finally {
            writer.ifPresent(IncreasingWriter::close);
            primaries.ifPresent(PrimaryWatch::close);
        }
    }

    private static Duration left(long began, Duration lasts) {
        Duration left = lasts.minusNanos(System.nanoTime() - began);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Not everybody takes over after everything: what never comes is a figure too. */
    private static boolean waits(Peer peer, BooleanSupplier condition) {
        try {
            Await.until("", peer.takeover(), condition);
            return true;
        } catch (AssertionError never) {
            return false;
        }
    }

    private static void awaitWhole(Peer peer) {
        Await.until("it is whole", peer.settle(), peer::describe, peer::isWhole);
    }

    private static void awaitAnswers(Prober prober, long nanos, Peer peer) {
        Await.until(
                "clients are answered",
                LIMIT,
                () -> "last failure: " + prober.lastFailure() + "; " + peer.describe(),
                () -> prober.answersSince(nanos) >= STEADY);
    }

    private static void awaitWrites(IncreasingWriter writer, long nanos, Peer peer) {
        Await.until(
                "writes go on",
                LIMIT,
                () -> "last refusal: " + writer.lastRefusal() + "; " + peer.describe(),
                () -> writer.acknowledgedSince(nanos) >= STEADY);
    }

    private static int lost(PeerDatabase database, IncreasingWriter writer) {
        writer.acknowledged().forEach(a -> database.acknowledged().add(a.id()));
        Map<Long, Integer> held =
                Await.value(
                        "the database answers",
                        LIMIT,
                        () -> {
                            try {
                                return Optional.of(IncreasingWriter.held(database::serving));
                            } catch (SQLException notNow) {
                                return Optional.empty();
                            }
                        });
        Set<Long> lost = new TreeSet<>(database.acknowledged());
        lost.removeAll(held.keySet());
        // Counted once: the next run is not to blame.
        database.acknowledged().removeAll(lost);
        return lost.size();
    }

    /** One line of figures. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: no answer for %d ms%s, after the mend %d ms; %s; address on both %d ms%s%s",
                fault,
                outage.toMillis(),
                writes.map(w -> ", no write for " + w.toMillis() + " ms").orElse(""),
                afterMend.toMillis(),
                moved ? "moved" : "did not move",
                addressOnBoth.toMillis(),
                bothPrimary.map(b -> ", both primary " + b.toMillis() + " ms").orElse(""),
                writes.isPresent() ? "; " + acknowledged + " acknowledged, " + lost + " lost" : "");
    }
}
