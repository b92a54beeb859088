package io.understudy.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.ManualStop;
import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.config.ServiceKind;
import io.understudy.core.config.StartMode;
import io.understudy.core.lease.Epoch;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Under classic a critical service is given exactly the reference's delay, in virtual time. */
class ClassicDelayTest {

    private static final long MILLI = 1_000_000;

    /** Runs when it is started, until the test ends it. */
    private static final class Body implements ServiceBody {
        private boolean runs;

        @Override
        public void start(Epoch asOf) {
            runs = true;
        }

        @Override
        public Optional<String> ended() {
            return runs ? Optional.empty() : Optional.of("it ended");
        }

        @Override
        public ProbeResult look(Epoch asOf, Duration limit) {
            return runs ? ProbeResult.GOOD : ProbeResult.bad("it ended");
        }

        @Override
        public void stop(Epoch asOf, Duration limit) {
            runs = false;
        }

        @Override
        public void kill() {
            runs = false;
        }

        @Override
        public List<Long> processes() {
            return List.of();
        }
    }

    @Test
    void aCriticalServiceThatIsDownFailsAfterNinetySeconds() {
        Body body = new Body();
        Duration delay = Timers.CLASSIC.serviceDelay();
        SupervisedService service =
                new SupervisedService(
                        new ServiceConfiguration(
                                "web",
                                ServiceKind.PROBE,
                                Optional.empty(),
                                Map.of(),
                                List.of(),
                                List.of(),
                                Map.of(),
                                new Probe.Alive(),
                                Optional.empty(),
                                true,
                                delay,
                                3,
                                Optional.empty(),
                                StartMode.AUTOMATIC,
                                ManualStop.values()[0]),
                        body,
                        Timers.CLASSIC);
        body.start(new Epoch(2));
        long now = 0;
        long down = -1;
        long failed = -1;
        while (failed < 0 && now < Duration.ofMinutes(10).toNanos()) {
            now += 50 * MILLI;
            if (now > Duration.ofSeconds(30).toNanos()) {
                body.runs = false;
            }
            switch (service.next(now, true)) {
                case LAUNCH -> service.launched(now);
                case PROBE ->
                        service.probed(
                                body.runs ? ProbeResult.GOOD : ProbeResult.bad("it ended"), now);
                default -> {
                    // Nothing is due.
                }
            }
            if (down < 0 && service.condition() == ServiceCondition.DOWN) {
                down = now;
            }
            if (service.condition() == ServiceCondition.FAILED) {
                failed = now;
            }
        }
        assertTrue(down > 0, "it was never seen down");
        assertEquals(90_000, (failed - down) / MILLI, 50);
    }
}
