package io.understudy.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.understudy.core.recovery.Mutant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fault schedules by seed: a thousand by default, ten thousand in bin/verify. {@code
 * -Dunderstudy.seeds=N} sets how many, {@code -Dunderstudy.seed=S} replays one and tells its story.
 */
class SimulationTest {

    private static final long FIRST_SEED = 1;

    @Test
    void every_schedule_keeps_the_invariants_and_settles_within_the_bound() {
        Long one = Long.getLong("understudy.seed");
        if (one != null) {
            replay(one, Mutant.NONE);
            return;
        }
        long seeds = Long.getLong("understudy.seeds", 1_000);
        long began = System.nanoTime();
        List<String> broken = new ArrayList<>();
        long[] longest = new long[1];
        AtomicInteger followedWhileHeld = new AtomicInteger();
        AtomicInteger wentOn = new AtomicInteger();
        LongStream.range(FIRST_SEED, FIRST_SEED + seeds)
                .parallel()
                .forEach(
                        seed -> {
                            try {
                                Simulation.Result r =
                                        new Simulation(seed, Mutant.NONE, false).run();
                                followedWhileHeld.addAndGet(r.followedWhileHeld());
                                wentOn.addAndGet(r.wentOn());
                                synchronized (longest) {
                                    longest[0] = Math.max(longest[0], r.settleMillis());
                                }
                            } catch (RuntimeException e) {
                                synchronized (broken) {
                                    broken.add("seed " + seed + ": " + e);
                                }
                            }
                        });
        System.out.printf(
                "simulator: %d schedules, %d violations, %.1f s; longest settling %.1f s of %.1f s;"
                        + " went on without a majority %d times%n",
                seeds,
                broken.size(),
                (System.nanoTime() - began) / 1e9,
                longest[0] / 1e3,
                Simulation.SETTLE_BOUND.toMillis() / 1e3,
                wentOn.get());
        assertTrue(seeds < 500 || followedWhileHeld.get() > 0, "no copy followed while held");
        assertTrue(seeds < 500 || wentOn.get() > 0, "nobody went on without a majority");
        assertTrue(
                broken.isEmpty(),
                () ->
                        broken.size()
                                + " violations; replay one with mvn -pl core test"
                                + " -Dtest=SimulationTest -Dunderstudy.seed=SEED\n"
                                + String.join(
                                        "\n", broken.subList(0, Math.min(12, broken.size()))));
    }

    @ParameterizedTest
    @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_broken_rule_is_noticed(Mutant mutant) {
        long seeds = Long.getLong("understudy.mutant.seeds", 3_000);
        for (long seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
            try {
                new Simulation(seed, mutant, false).run();
            } catch (RuntimeException e) {
                System.out.printf(
                        "mutant %s: noticed at seed %d: %s%n", mutant, seed, e.getMessage());
                return;
            }
        }
        fail(mutant + " was not noticed in " + seeds + " schedules");
    }

    @Test
    void the_same_seed_gives_the_same_run() {
        Simulation.Result first = new Simulation(42, Mutant.NONE, false).run();
        assertEquals(first, new Simulation(42, Mutant.NONE, false).run());
    }

    private static void replay(long seed, Mutant mutant) {
        Simulation simulation = new Simulation(seed, mutant, true);
        try {
            simulation.run();
        } finally {
            simulation.world.story().forEach(System.out::println);
        }
    }
}
