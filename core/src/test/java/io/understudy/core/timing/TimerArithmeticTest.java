package io.understudy.core.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.time.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimerArithmeticTest {

    @Test
    void clientsWaitARandomTimeBetweenTwoLimits() {
        Timers timers =
                Timers.FAST.with(
                        java.util.Map.of(Timer.RELOGIN_LEAST, java.time.Duration.ofSeconds(5)),
                        java.util.OptionalDouble.empty());
        assertEquals(
                java.util.List.of(
                        new TimerArithmetic.Finding(
                                "relogin-least",
                                "is 5s > relogin-most = 1s",
                                "make it at most 1s: a client waits a random time between the two")),
                TimerArithmetic.check(timers));
    }

    @Test
    void bothProfilesAreSound() {
        assertEquals(List.of(), TimerArithmetic.check(Timers.FAST));
        assertEquals(List.of(), TimerArithmetic.check(Timers.CLASSIC));
    }

    @ParameterizedTest
    @CsvSource({
        "proof-after, 150ms, proof-after, 'is 150ms < 2 x heartbeat-interval = 200ms'",
        "heartbeat-silence, 300ms, heartbeat-silence, 'is 300ms < 4 x heartbeat-interval = 400ms'",
        "proof-after, 900ms, heartbeat-silence, 'is 800ms, not more than proof-after 900ms'",
        "heartbeat-silence, 4s, heartbeat-silence, 'is 4s > lease x challenge-factor = 3s'",
        "renew-every, 600ms, renew-every, 'is 600ms: 3 x renew-every = 1800ms > lease - lease-margin = 2s - 250ms = 1750ms'",
        "lease-margin, 1200ms, lease-margin, 'is 1200ms > lease / 2 = 1s'",
        "lease, 6s, lease-margin, 'is 250ms < lease / 20 = 300ms'",
        "relax-after, 3s, relax-after, 'is 3s > lease = 2s'",
        "hand-over-limit, 700ms, hand-over-limit, 'is 700ms < 4 x renew-every = 1s'",
        "service-delay, 100ms, service-delay, 'is 100ms < probe-interval = 500ms'",
        "probe-limit, 40s, probe-limit, 'is 40s > start-limit = 30s'",
        "lease, 100ms, lease, 'is 100ms'",
        "failed-retry, 25h, failed-retry, 'is 25h'",
    })
    void showsTheArithmetic(String key, String value, String blamed, String problem) {
        Timers timers =
                Timers.FAST.with(
                        Map.of(
                                Timer.ofKey(key).orElseThrow(),
                                DurationText.parse(value).orElseThrow()),
                        OptionalDouble.empty());
        List<TimerArithmetic.Finding> findings = TimerArithmetic.check(timers);
        assertTrue(
                findings.stream()
                        .anyMatch(f -> f.key().equals(blamed) && f.problem().equals(problem)),
                findings::toString);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 1.2, 5.1, Double.NaN, Double.POSITIVE_INFINITY, -1})
    void refusesFactorsOutOfBounds(double factor) {
        List<TimerArithmetic.Finding> findings =
                TimerArithmetic.check(Timers.FAST.with(Map.of(), OptionalDouble.of(factor)));
        assertEquals(List.of(Timer.CHALLENGE_FACTOR), findings.stream().map(f -> f.key()).toList());
    }

    @Test
    void aChallengerMustHaveTimeToSeeARenewal() {
        Timers timers =
                Timers.FAST.with(
                        Map.of(Timer.RENEW_EVERY, Duration.ofMillis(400)), OptionalDouble.of(1.3));
        assertEquals(
                "is 1.3: lease x (challenge-factor - 1) = 600ms < 2 x renew-every = 800ms",
                TimerArithmetic.check(timers).get(0).problem());
    }

    @Test
    void zeroDelayMovesAtOnce() {
        assertEquals(
                List.of(),
                TimerArithmetic.check(
                        Timers.FAST.with(
                                Map.of(Timer.SERVICE_DELAY, Duration.ZERO),
                                OptionalDouble.empty())));
    }

    @ParameterizedTest
    @CsvSource({
        "300ms, 300",
        "5s, 5000",
        "1.5s, 1500",
        "2m, 120000",
        "1h, 3600000",
        "0s, 0",
        "0.001s, 1",
        "90m, 5400000"
    })
    void readsDurations(String text, long millis) {
        assertEquals(Duration.ofMillis(millis), DurationText.parse(text).orElseThrow());
        assertEquals(
                Duration.ofMillis(millis),
                DurationText.parse(DurationText.format(Duration.ofMillis(millis))).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "s",
                "-1s",
                "5 s",
                "1d",
                "0.5ms",
                "1,5s",
                "5S",
                "1e3ms",
                "99999999999999s"
            })
    void refusesOtherTexts(String text) {
        assertTrue(DurationText.parse(text).isEmpty());
    }
}
