package io.understudy.ejb.beat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BeatTest {

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void whatHasTheSamePeriodFallsTogetherHoweverItBegan() throws Exception {
        ScheduledFuture<?> one = Beat.every(timer, Duration.ofHours(1), () -> {});
        Thread.sleep(37);
        ScheduledFuture<?> other = Beat.every(timer, Duration.ofHours(1), () -> {});
        long apart =
                Math.abs(
                        one.getDelay(TimeUnit.MILLISECONDS)
                                - other.getDelay(TimeUnit.MILLISECONDS));
        assertTrue(apart < 37, "though begun 37 ms apart, due " + apart + " ms apart");
    }

    @Test
    void whatThrowsIsDoneAgain() throws Exception {
        CountDownLatch looks = new CountDownLatch(3);
        Beat.every(
                timer,
                Duration.ofMillis(5),
                () -> {
                    looks.countDown();
                    throw new IllegalStateException("on purpose");
                });
        assertTrue(looks.await(10, TimeUnit.SECONDS));
    }

    @Test
    void missedBeatsAreNotMadeUpFor() throws Exception {
        AtomicInteger done = new AtomicInteger();
        CountDownLatch held = new CountDownLatch(1);
        timer.submit(() -> held.await(10, TimeUnit.SECONDS));
        Beat.every(timer, Duration.ofMillis(100), done::incrementAndGet);
        Thread.sleep(1_050);
        held.countDown();
        timer.submit(() -> {}).get(10, TimeUnit.SECONDS);
        assertTrue(done.get() <= 2, "made up for " + done.get());
        assertEquals(0, held.getCount());
    }
}
