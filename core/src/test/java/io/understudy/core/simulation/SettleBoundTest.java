package io.understudy.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.core.timing.Outage;
import io.understudy.core.timing.Timers;
import org.junit.jupiter.api.Test;

class SettleBoundTest {

    @Test
    void isTheOneThatTheTimingPageDerives() {
        assertEquals(Outage.settlesWithin(Timers.FAST), Simulation.settleBound(Timers.FAST));
    }
}
