package io.understudy.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.recovery.Mutant;
import io.understudy.core.recovery.Phase;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two of three voters are lost one after the other, with the policy to go on. */
class GoingOnTest {

    private static final Duration NOTICED = Duration.ofSeconds(4);

    /** A pair with the policy, alpha serving, both counting; with a database, or without. */
    private static Simulation calm(boolean database) {
        for (long seed = 1; seed < 2_000; seed++) {
            Simulation sim = new Simulation(seed, Mutant.NONE, false);
            boolean data = sim.data.present() == database && (!database || sim.goesOn());
            if (sim.continues && data && sim.automatic && sim.other.isEmpty()) {
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

    private static void servesThroughout(Simulation sim, Duration time) {
        for (long i = 0; i < time.toMillis() / 10; i++) {
            sim.pass(Duration.ofMillis(10));
            assertTrue(sim.alpha.servicesUp, "services ended at " + sim.world.now() / 1e9);
        }
    }

    private static void writesGoOn(Simulation sim) {
        if (sim.data.present()) {
            int before = sim.checks.acknowledged.size();
            sim.alpha.copy.write(1_000_000 + before, sim.checks::acknowledged);
            sim.pass(Duration.ofMillis(10));
            assertEquals(before + 1, sim.checks.acknowledged.size());
        }
    }

    private static void joinedAgain(Simulation sim) {
        servesThroughout(sim, Duration.ofSeconds(25));
        assertFalse(sim.alpha.situation.beyondLease());
        assertTrue(sim.checks.settled());
        sim.checks.finalContent();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theWitnessThenTheStandby(boolean database) {
        Simulation sim = calm(database);
        sim.schedule.killVoter(sim.witness);
        servesThroughout(sim, NOTICED);
        sim.schedule.killNode(sim.beta);
        servesThroughout(sim, Duration.ofSeconds(30));
        assertTrue(sim.alpha.situation.beyondLease());
        writesGoOn(sim);
        sim.schedule.restartVoter(sim.witness);
        sim.schedule.restart(sim.beta);
        joinedAgain(sim);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theStandbyThenTheWitness(boolean database) {
        Simulation sim = calm(database);
        sim.schedule.killNode(sim.beta);
        servesThroughout(sim, NOTICED);
        sim.schedule.killVoter(sim.witness);
        servesThroughout(sim, Duration.ofSeconds(30));
        assertTrue(sim.alpha.situation.beyondLease());
        writesGoOn(sim);
        sim.schedule.restart(sim.beta);
        servesThroughout(sim, Duration.ofSeconds(15));
        sim.schedule.restartVoter(sim.witness);
        joinedAgain(sim);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cutOffFromOneAndThenTheOtherWhileThoseSeeEachOther(boolean database) {
        Simulation sim = calm(database);
        sim.world.cut("alpha", "witness");
        sim.world.cut("witness", "alpha");
        servesThroughout(sim, NOTICED);
        sim.world.cut("alpha", "beta");
        sim.world.cut("beta", "alpha");
        servesThroughout(sim, Duration.ofSeconds(30));
        assertFalse(sim.beta.servicesUp);
        writesGoOn(sim);
        sim.world.heal("alpha", "witness");
        sim.world.heal("witness", "alpha");
        sim.world.heal("alpha", "beta");
        sim.world.heal("beta", "alpha");
        joinedAgain(sim);
    }
}
