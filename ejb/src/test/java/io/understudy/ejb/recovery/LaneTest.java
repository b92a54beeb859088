package io.understudy.ejb.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.lease.Epoch;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Step;
import io.understudy.core.recovery.StepOutcome;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A kill is carried out whatever the step before it is at. */
class LaneTest {

    private final ExecutorService steps = Executors.newSingleThreadExecutor();
    private final ExecutorService urgent = Executors.newSingleThreadExecutor();
    private final BlockingQueue<Event.StepEnded> ended = new LinkedBlockingQueue<>();
    private final List<Step> carriedOut = new CopyOnWriteArrayList<>();
    private final CountDownLatch forever = new CountDownLatch(1);
    private final CountDownLatch hanging = new CountDownLatch(1);

    @AfterEach
    void end() {
        steps.shutdownNow();
        urgent.shutdownNow();
    }

    @Test
    void ofAStepThatStillWaitsForAThread() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        steps.submit(() -> held.await(10, TimeUnit.SECONDS));
        Lane lane = lane();
        lane.execute(step(1, Step.SERVICES_START));
        lane.execute(step(2, Step.KILL));
        assertEnded(2, StepOutcome.DONE);

        // And the lane goes on afterwards, without what was dropped.
        lane.execute(step(3, Step.SERVICES_STOP));
        held.countDown();
        assertEnded(3, StepOutcome.DONE);
        assertEquals(List.of(Step.KILL, Step.SERVICES_STOP), carriedOut);
        assertTrue(ended.isEmpty());
    }

    @Test
    void ofAStepThatHangs() throws Exception {
        Lane lane = lane();
        lane.execute(step(1, Step.SERVICES_START));
        assertTrue(hanging.await(10, TimeUnit.SECONDS));
        lane.execute(step(2, Step.KILL));
        assertEnded(1, StepOutcome.UNKNOWN);
        assertEnded(2, StepOutcome.DONE);
    }

    @Test
    void alsoOneThatIsAskedForTwice() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        urgent.submit(() -> held.await(10, TimeUnit.SECONDS));
        Lane lane = lane();
        lane.execute(step(1, Step.KILL));
        lane.execute(step(2, Step.KILL));
        held.countDown();
        assertEnded(2, StepOutcome.DONE);
        assertEquals(List.of(Step.KILL), carriedOut);
    }

    private Lane lane() {
        return new Lane(
                steps,
                urgent,
                step -> {
                    if (step.step() == Step.SERVICES_START) {
                        hanging.countDown();
                        forever.await();
                    }
                    carriedOut.add(step.step());
                    return StepOutcome.DONE;
                },
                () -> true,
                ended::add);
    }

    private static Effect.Execute step(long ticket, Step step) {
        return new Effect.Execute(ticket, step, new Epoch(2));
    }

    private void assertEnded(long ticket, StepOutcome outcome) throws InterruptedException {
        Event.StepEnded end = ended.poll(10, TimeUnit.SECONDS);
        assertTrue(end != null, "step " + ticket + " never ended");
        assertEquals(ticket, end.ticket());
        assertEquals(outcome, end.outcome());
    }
}
