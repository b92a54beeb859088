package io.understudy.systemtests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is computed from answers and looks. */
class MeasuresTest {

    private static final long MS = 1_000_000;

    private final List<Prober.Answer> answers =
            List.of(answer(0), answer(10), answer(700), answer(710));

    private static Prober.Answer answer(long millis) {
        return new Prober.Answer(millis * MS, millis * MS, "alpha");
    }

    @Test
    void anOutageIsTheLongestTimeBetweenAnswersThatTouchesTheWindow() {
        assertEquals(
                new Prober.Gap(Duration.ofMillis(690), 10 * MS),
                Prober.longestGap(answers, 300 * MS, 705 * MS));
        assertEquals(
                Duration.ofMillis(10), Prober.longestGap(answers, 702 * MS, 705 * MS).length());
    }

    @Test
    void itLastsUntilNowIfNobodyAnswersAnyMore() {
        assertEquals(
                Duration.ofMillis(1290), Prober.longestGap(answers, 705 * MS, 2000 * MS).length());
    }

    @Test
    void whatBeganBeforeIsNotOfTheTimeAfter() {
        assertEquals(
                Duration.ofMillis(10),
                Prober.longestGapBegunAfter(answers, 300 * MS, 715 * MS).length());
        assertEquals(
                Duration.ofMillis(690),
                Prober.longestGapBegunAfter(answers, 5 * MS, 715 * MS).length());
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        assertEquals(20, Figures.median(List.of(90L, 10L, 20L), Duration::ofMillis));
        assertEquals(25, Figures.median(List.of(90L, 10L, 20L, 30L), Duration::ofMillis));
        assertEquals(90, Figures.most(List.of(90L, 10L, 20L, 30L), Duration::ofMillis));
    }

    @Test
    void anOverlapIsWhatTwoStaysHaveInCommon() {
        var ones = List.of(stay(0, 100), stay(200, 300));
        assertEquals(Duration.ofMillis(20), AddressWatch.overlap(ones, List.of(stay(280, 400))));
        assertEquals(Duration.ofMillis(40), AddressWatch.overlap(ones, List.of(stay(60, 210))));
        assertEquals(Duration.ZERO, AddressWatch.overlap(ones, List.of(stay(120, 180))));
    }

    private static AddressWatch.Stay stay(long from, long until) {
        return new AddressWatch.Stay(from * MS, until * MS);
    }
}
