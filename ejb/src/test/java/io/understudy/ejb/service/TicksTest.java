package io.understudy.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.ejb.Wait;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TicksTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ScheduledThreadPoolExecutor timer =
            (ScheduledThreadPoolExecutor) Executors.newScheduledThreadPool(1);

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void hundredsShareOneTaskOfTheTimer() throws Exception {
        Ticks ticks = new Ticks(timer, Duration.ofHours(1));
        CountDownLatch first = new CountDownLatch(300);
        for (int i = 0; i < 300; i++) {
            ticks.begin(counting(first));
        }
        assertTrue(first.await(10, TimeUnit.SECONDS), "each is looked at at once");
        // What was under way comes to its end first.
        timer.submit(() -> {}).get(10, TimeUnit.SECONDS);
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
        ticks.begin(counting(looks));
        assertTrue(looks.await(10, TimeUnit.SECONDS));
    }

    @Test
    void whoHasEndedIsLookedAtNoMoreAndTheLastOneStopsTheBeat() throws Exception {
        timer.setRemoveOnCancelPolicy(true);
        Ticks ticks = new Ticks(timer, Duration.ofMillis(5));
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch some = new CountDownLatch(3);
        Ticks.Look look =
                () -> {
                    looks.incrementAndGet();
                    some.countDown();
                    return 0;
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
        ticks.begin(counting(again));
        assertTrue(again.await(10, TimeUnit.SECONDS), "the beat begins anew");
    }

    @Test
    void whoRestsIsLookedAtSeldomAndAtOnceWhenWoken() throws Exception {
        Ticks ticks = new Ticks(timer, Duration.ofMillis(5));
        List<Long> seen = new CopyOnWriteArrayList<>();
        Ticks.Look resting =
                () -> {
                    seen.add(System.nanoTime());
                    return Long.MAX_VALUE;
                };
        long begun = System.nanoTime();
        ticks.begin(resting);
        ticks.begin(() -> 0);
        Thread.sleep(1_200);
        long halves = (System.nanoTime() - begun) / 500_000_000;
        assertTrue(seen.size() >= 2, "should nobody wake it, it is looked at all the same");
        assertTrue(seen.size() <= halves + 2, "looked at " + seen.size() + " times");

        // The longest rest has just begun.
        int before = seen.size();
        Wait.until("the next look", LIMIT, () -> seen.size() > before);
        long woken = System.nanoTime();
        ticks.soon(resting);
        Wait.until("a look at once", LIMIT, () -> seen.size() > before + 1);
        assertTrue(seen.get(before + 1) - woken < 400_000_000L, "at once");
    }

    private static Ticks.Look counting(CountDownLatch latch) {
        return () -> {
            latch.countDown();
            return 0;
        };
    }
}
