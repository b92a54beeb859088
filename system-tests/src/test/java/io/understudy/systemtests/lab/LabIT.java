package io.understudy.systemtests.lab;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Faults on hosts of their own, as a client at the address sees them. Each once; how often and how
 * long is the benchmark's.
 */
@Tag("system")
@Order(20)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(LabExtension.class)
class LabIT {

    /** A single run on a host that is shared may take this many times the promise. */
    private static final double PATIENCE =
            Double.parseDouble(System.getProperty("understudy.patience", "2"));

    @ParameterizedTest
    @EnumSource(names = {"KILL_SERVER", "CUT_LINK"})
    @Order(1)
    void holds(LabFault fault, Lab lab) throws IOException {
        LabTrial trial = LabTrial.of(fault, lab, false);
        System.out.println(trial);
        trial.assertSafe();
        Duration bound = Duration.ofMillis((long) (fault.aim().toMillis() * PATIENCE));
        if (trial.longest().compareTo(bound) > 0) {
            throw new AssertionError(trial + "; the bound is " + bound);
        }
    }
}
