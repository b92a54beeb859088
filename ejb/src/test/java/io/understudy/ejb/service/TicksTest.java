package io.understudy.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TicksTest {

    private final ScheduledThreadPoolExecutor timer =
            (ScheduledThreadPoolExecutor) Executors.newScheduledThreadPool(1);

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void hundredsShareOneTaskOfTheTimer() throws InterruptedException {
        Ticks ticks = new Ticks(timer, Duration.ofHours(1));
        CountDownLatch first = new CountDownLatch(300);
        for (int i = 0; i < 300; i++) {
            ticks.begin(first::countDown);
        }
        assertTrue(first.await(10, TimeUnit.SECONDS), "each is looked at at once");
        assertEquals(1, timer.getQueue().size());
    }

    @Test
    void oneThatThrowsIsLookedAtAgainAndSoAreTheOthers() throws InterruptedException {
        Ticks ticks = new Ticks(timer, Duration.ofMillis(5));
        CountDownLatch looks = new CountDownLatch(20);
        ticks.begin(
                () -> {
                    looks.countDown();
                    throw new IllegalStateException("on purpose");
                });
        ticks.begin(looks::countDown);
        assertTrue(looks.await(10, TimeUnit.SECONDS));
    }

    @Test
    void whoHasEndedIsLookedAtNoMoreAndTheLastOneStopsTheBeat() throws Exception {
        timer.setRemoveOnCancelPolicy(true);
        Ticks ticks = new Ticks(timer, Duration.ofMillis(5));
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch some = new CountDownLatch(3);
        Runnable look =
                () -> {
                    looks.incrementAndGet();
                    some.countDown();
                };
        ticks.begin(look);
        assertTrue(some.await(10, TimeUnit.SECONDS));
        ticks.end(look);
        // What was under way comes to its end first.
        timer.submit(() -> {}).get(10, TimeUnit.SECONDS);
        int before = looks.get();
        Thread.sleep(50);
        assertEquals(before, looks.get());
        assertEquals(0, timer.getQueue().size());

        CountDownLatch again = new CountDownLatch(3);
        ticks.begin(again::countDown);
        assertTrue(again.await(10, TimeUnit.SECONDS), "the beat begins anew");
    }
}
