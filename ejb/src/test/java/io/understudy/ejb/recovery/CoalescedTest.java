package io.understudy.ejb.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoalescedTest {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<Runnable> begun = new ArrayList<>();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void theFirstIsDoneAtOnceAndAllThatFollowInOne() throws Exception {
        AtomicInteger done = new AtomicInteger();
        Coalesced work =
                new Coalesced(
                        timer,
                        Runnable::run,
                        Duration.ofMillis(100),
                        System::nanoTime,
                        done::incrementAndGet);
        long begun = System.nanoTime();
        work.ask();
        assertEquals(1, done.get());
        for (int i = 0; i < 1000; i++) {
            work.ask();
        }
        while (done.get() < 2 && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(10)) {
            Thread.onSpinWait();
        }
        long took = System.nanoTime() - begun;
        assertEquals(2, done.get());
        assertTrue(took >= TimeUnit.MILLISECONDS.toNanos(100), took + " ns");
    }

    @Test
    void whatIsAskedForInOneMomentIsGathered() throws Exception {
        AtomicInteger done = new AtomicInteger();
        Coalesced work =
                Coalesced.gathering(
                        timer,
                        Runnable::run,
                        Duration.ofMillis(100),
                        System::nanoTime,
                        done::incrementAndGet,
                        Duration.ofMillis(50));
        for (int round = 1; round <= 2; round++) {
            for (int i = 0; i < 200; i++) {
                work.ask();
            }
            assertEquals(round - 1, done.get());
            long asked = System.nanoTime();
            while (done.get() < round && System.nanoTime() - asked < TimeUnit.SECONDS.toNanos(10)) {
                Thread.onSpinWait();
            }
            assertEquals(round, done.get());
        }
    }

    @Test
    void whatIsAskedForDuringTheWorkIsDoneAfterIt() {
        Coalesced[] work = new Coalesced[1];
        AtomicInteger done = new AtomicInteger();
        work[0] =
                new Coalesced(
                        timer,
                        begun::add,
                        Duration.ZERO,
                        System::nanoTime,
                        () -> {
                            if (done.incrementAndGet() == 1) {
                                work[0].ask();
                            }
                        });
        work[0].ask();
        work[0].ask();
        assertEquals(1, begun.size());
        begun.remove(0).run();
        assertEquals(1, begun.size());
        begun.remove(0).run();
        assertEquals(2, done.get());
        assertEquals(0, begun.size());
    }

    @Test
    void workThatFailsIsDoneAgain() {
        AtomicInteger done = new AtomicInteger();
        Coalesced work =
                new Coalesced(
                        timer,
                        Runnable::run,
                        Duration.ZERO,
                        System::nanoTime,
                        () -> {
                            done.incrementAndGet();
                            throw new IllegalStateException("on purpose");
                        });
        work.ask();
        work.ask();
        assertEquals(2, done.get());
    }
}
