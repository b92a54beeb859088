package io.understudy.cli.guard;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.instance.InstanceName;
import org.junit.jupiter.api.Test;

/** With a clock of the test's own. */
class StillnessTest {

    private static final InstanceName NMS = InstanceName.of("nms");
    private static final long MILLI = 1_000_000;

    private final Stillness stillness = new Stillness();
    private long now = 1_000 * MILLI;

    @Test
    void countsFromTheLastWordUntilMostOfTheLease() {
        watchWithLease(2_000);
        look(50, 20);
        stillness.heard();
        look(50, 23);
        assertFalse(stillness.tooLong());
        look(50, 1);
        assertTrue(stillness.tooLong());
        stillness.heard();
        assertFalse(stillness.tooLong());
    }

    @Test
    void aPauseOfTheGuardItselfIsNoStillnessOfTheServer() {
        watchWithLease(2_000);
        look(30_000, 1);
        assertFalse(stillness.tooLong());
        look(50, 10);
        assertFalse(stillness.tooLong());
    }

    @Test
    void theShortestLeaseDecidesAndOneThatWentNoMore() {
        watchWithLease(40_000);
        InstanceName other = InstanceName.of("radius");
        stillness.lease(other, 1_000 * MILLI);
        look(50, 12);
        assertTrue(stillness.tooLong());
        stillness.lease(other, 0);
        assertFalse(stillness.tooLong());
    }

    private void watchWithLease(long millis) {
        stillness.watch(now);
        stillness.lease(NMS, millis * MILLI);
        assertTrue(stillness.matters());
    }

    private void look(long everyMillis, int times) {
        for (int i = 0; i < times; i++) {
            now += everyMillis * MILLI;
            stillness.look(now);
        }
    }
}
