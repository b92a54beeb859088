package io.understudy.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.ledger.Reason;
import io.understudy.core.move.Move;
import io.understudy.core.move.MoveKind;
import io.understudy.core.move.MovePhase;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Mutant;
import io.understudy.core.recovery.OperatorAction;
import io.understudy.core.recovery.Phase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whole moves, driven through the core, as they are timed. */
class MoveTest {

    private static final List<MovePhase> WITH_DATABASE =
            List.of(
                    MovePhase.DETECT,
                    MovePhase.DECIDE,
                    MovePhase.FENCE,
                    MovePhase.PROMOTE,
                    MovePhase.START,
                    MovePhase.FIRST_SUCCESS);

    /** A pair with a database, alpha serving, beta in sync, and nothing wrong. */
    private static Simulation calm() {
        for (long seed = 1; seed < 100; seed++) {
            Simulation sim = new Simulation(seed, Mutant.NONE, false);
            if (sim.data.synchronous() && sim.automatic && sim.other.isEmpty()) {
                sim.alpha.boot();
                sim.beta.boot();
                sim.pass(Duration.ofSeconds(8));
                if (sim.alpha.situation.phase() == Phase.ACTIVE && sim.checks.settled()) {
                    return sim;
                }
            }
        }
        throw new AssertionError("no seed gives a calm pair");
    }

    private static Move only(Simulation sim) {
        assertEquals(1, sim.checks.moved.size(), sim.checks.moved::toString);
        return sim.checks.moved.get(0);
    }

    @Test
    void theFirstStartIsNoMove() {
        assertTrue(calm().checks.moved.isEmpty());
    }

    @Test
    void aFailoverIsTimedFromTheLastSignOfLife() {
        Simulation sim = calm();
        long died = sim.world.now();
        sim.alpha.powerOff();
        while (sim.beta.situation.phase() != Phase.ACTIVE) {
            sim.pass(Duration.ofMillis(1));
        }
        long serves = (sim.world.now() - died) / 1_000_000;
        sim.pass(Duration.ofSeconds(1));
        Move move = only(sim);
        assertEquals(MoveKind.FAILOVER, move.kind());
        assertEquals(Reason.PEER_DOWN, move.reason());
        assertEquals("alpha", move.from().value());
        assertEquals("beta", move.to().value());
        assertTrue(move.succeeded());
        assertEquals(WITH_DATABASE, move.course());
        long silence = move.took(MovePhase.DETECT).orElseThrow();
        assertTrue(silence >= 780 && silence < 1_050, "heartbeats end, suspected: " + silence);
        // The last beat is at most one interval older than the death; clocks differ by 2 %.
        long start = move.ends().get(MovePhase.START);
        assertTrue(Math.abs(start - serves) < 120 + serves / 40, start + " of " + serves);
        // For the store's election, and then for the lease: how much for which is the store's.
        long waited = move.ends().get(MovePhase.FENCE) - move.ends().get(MovePhase.DETECT);
        assertTrue(waited > 1_500, "waits out the lease: " + move);
    }

    @Test
    void proofOfDeathLeavesNothingToFence() {
        Simulation sim = calm();
        sim.alpha.kill();
        sim.pass(Duration.ofSeconds(4));
        Move move = only(sim);
        assertTrue(move.took(MovePhase.DETECT).orElseThrow() < 600, move::toString);
        assertTrue(move.took(MovePhase.FENCE).orElseThrow() < 300, move::toString);
    }

    @Test
    void movesInOrderBeginWhereTheyWereAskedFor() {
        Simulation sim = calm();
        sim.operator(sim.alpha, OperatorAction.SWITCHOVER, false);
        sim.pass(Duration.ofSeconds(12));
        assertEquals(Phase.ACTIVE, sim.beta.situation.phase());
        sim.operator(sim.beta, OperatorAction.FALLBACK, false);
        sim.pass(Duration.ofSeconds(6));
        assertEquals(2, sim.checks.moved.size(), sim.checks.moved::toString);
        Move there = sim.checks.moved.get(0);
        Move back = sim.checks.moved.get(1);
        assertEquals(MoveKind.SWITCHOVER, there.kind());
        assertEquals(MoveKind.FALLBACK, back.kind());
        assertEquals(Reason.ON_ADMIN_REQUEST, there.reason());
        for (Move move : sim.checks.moved) {
            assertFalse(move.course().contains(MovePhase.DETECT), "nothing was lost: " + move);
            assertEquals(WITH_DATABASE.subList(1, 6), move.course());
            // Services and database are stopped in between.
            assertTrue(move.took(MovePhase.FENCE).orElseThrow() > 40, move::toString);
        }
        assertTrue(there.epoch() < back.epoch());
    }

    @Test
    void whatWasParkedIsMovedFromWhenItIsAskedFor() {
        Simulation sim = calm();
        sim.alpha.post(new Event.Stop(false));
        sim.pass(Duration.ofSeconds(5));
        sim.alpha.powerOff();
        sim.pass(Duration.ofSeconds(30));
        assertTrue(sim.checks.moved.isEmpty(), "nobody takes over what was stopped on purpose");
        sim.operator(sim.beta, OperatorAction.FAILOVER, true);
        sim.pass(Duration.ofSeconds(8));
        Move move = only(sim);
        assertTrue(move.succeeded());
        assertTrue(
                move.total() < 5_000, "the time that it was parked is none of the move's: " + move);
        assertFalse(move.course().contains(MovePhase.DETECT));
    }

    @Test
    void whatIsAnnouncedIsKeptOpenUntilItIsSeenFromOutside() {
        Simulation sim = calm();
        sim.beta.timing.addressed = true;
        sim.alpha.kill();
        sim.pass(Duration.ofSeconds(3));
        assertEquals(Phase.ACTIVE, sim.beta.situation.phase());
        assertTrue(sim.checks.moved.isEmpty(), "still looked for");
        sim.beta.timing.confirmed = Optional.of(sim.beta.moment());
        sim.pass(Duration.ofSeconds(1));
        Move seen = only(sim);
        assertTrue(seen.course().contains(MovePhase.ANNOUNCE), seen::toString);
        assertEquals(MovePhase.CONFIRMED, seen.course().get(seen.course().size() - 1));
    }

    @Test
    void whatNobodySeesIsNotKeptOpenForEver() {
        Simulation sim = calm();
        sim.beta.timing.addressed = true;
        sim.alpha.kill();
        sim.pass(Duration.ofSeconds(8));
        assertFalse(only(sim).course().contains(MovePhase.CONFIRMED));
    }

    @Test
    void whatDoesNotComeToServeDidNotSucceed() {
        Simulation sim = calm();
        sim.beta.startsFail = true;
        sim.alpha.powerOff();
        sim.pass(Duration.ofSeconds(70));
        Move move = sim.checks.moved.get(0);
        assertFalse(move.succeeded());
        assertFalse(move.course().contains(MovePhase.START));
        assertFalse(move.course().contains(MovePhase.FIRST_SUCCESS));
    }

    @Test
    void schedulesOfFaultsGiveWholeRecords() {
        int seen = 0;
        for (long seed = 1; seed <= 200; seed++) {
            Simulation sim = new Simulation(seed, Mutant.NONE, false);
            sim.run();
            seen += sim.checks.moved.size();
        }
        assertTrue(seen > 60, "only " + seen + " moves");
    }

    @Test
    void aMoveIsReadBackAsItWasWritten() {
        Simulation sim = calm();
        sim.alpha.kill();
        sim.pass(Duration.ofSeconds(4));
        Move move = only(sim);
        Map<String, String> details = new HashMap<>(move.details());
        assertEquals(Optional.of(move), Move.of("demo", details));
        assertEquals(
                move.took(MovePhase.FIRST_SUCCESS).orElseThrow().toString(),
                details.get("firstsuccess"));
        details.put("epoch", "many");
        assertEquals(Optional.empty(), Move.of("demo", details));
        assertEquals(Optional.empty(), Move.of("demo", Map.of()));
    }
}
