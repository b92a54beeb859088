package io.understudy.core.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.instance.InstanceName;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HoldTest {

    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    private static Hold lasting(Duration time, String reason) {
        return new Hold(InstanceName.of("nms"), "ann", reason, NOON, NOON.plus(time));
    }

    @Test
    void needsAnEndAheadNotTooFarAndAReason() {
        assertTrue(lasting(Duration.ofHours(2), "new disk").problem().isEmpty());
        assertTrue(lasting(Duration.ZERO, "new disk").problem().orElseThrow().contains("ahead"));
        assertTrue(lasting(Duration.ofHours(-1), "x").problem().isPresent());
        assertTrue(lasting(Duration.ofDays(31), "x").problem().orElseThrow().contains("30 days"));
        assertTrue(lasting(Duration.ofHours(2), " ").problem().orElseThrow().contains("reason"));
        assertTrue(lasting(Duration.ofHours(2), "x".repeat(501)).problem().isPresent());
    }

    @Test
    void endsAtItsEnd() {
        Hold hold = lasting(Duration.ofHours(2), "new disk");
        assertTrue(hold.inForce(hold.until().minusMillis(1)));
        assertFalse(hold.inForce(hold.until()));
    }

    @Test
    void remindsATenthBeforeAtMostTenMinutes() {
        assertEquals(NOON.plusSeconds(54), lasting(Duration.ofMinutes(1), "new disk").reminder());
        assertEquals(
                NOON.plus(Duration.ofMinutes(230)),
                lasting(Duration.ofHours(4), "new disk").reminder());
    }
}
