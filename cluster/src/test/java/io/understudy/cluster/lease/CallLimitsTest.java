package io.understudy.cluster.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallLimitsTest {

    private static final Duration LIMIT = Duration.ofMillis(200);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final CallLimits limits = new CallLimits(timer, LIMIT, System::nanoTime);

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void endsWhatIsNotAnsweredAndNothingElse() throws Exception {
        List<CompletableFuture<String>> calls = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < 300; i++) {
            calls.add(add());
        }
        assertTrue(timer.getQueue().size() <= 1, "one task for all");
        for (int i = 0; i < 300; i += 3) {
            calls.get(i).complete("answered");
        }
        for (int i = 0; i < 300; i++) {
            if (i % 3 == 0) {
                assertEquals("answered", calls.get(i).get());
            } else {
                assertOver(calls.get(i));
            }
        }
        assertTrue(System.nanoTime() - begun >= LIMIT.toNanos(), "not before the limit");
    }

    @Test
    void eachHasItsWholeLimitAndALaterOneIsEndedToo() throws Exception {
        CompletableFuture<String> first = add();
        Thread.sleep(LIMIT.toMillis() / 2);
        long begun = System.nanoTime();
        CompletableFuture<String> second = add();
        assertOver(first);
        assertFalse(second.isDone() && System.nanoTime() - begun < LIMIT.toNanos());
        assertOver(second);
        assertTrue(System.nanoTime() - begun >= LIMIT.toNanos(), "not before the limit");
        // After a time without any call it begins anew.
        assertOver(add());
    }

    private CompletableFuture<String> add() {
        CompletableFuture<String> call = new CompletableFuture<>();
        limits.add(call, () -> new IllegalStateException("late"));
        return call;
    }

    private static void assertOver(CompletableFuture<String> call) {
        ExecutionException e =
                assertThrows(ExecutionException.class, () -> call.get(10, TimeUnit.SECONDS));
        assertInstanceOf(IllegalStateException.class, e.getCause());
    }
}
