package io.understudy.ejb.recovery;

import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Step;
import io.understudy.core.recovery.StepOutcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Carries out the steps of one instance, one after another, on the shared workers. A kill drops
 * what waits and interrupts what runs.
 */
final class Lane {

    private static final System.Logger LOG = System.getLogger(Lane.class.getName());

    /** What a step does; blocks within limits of its own. */
    interface Work {
        /** Returns what came of it; an exception counts as unknown. */
        StepOutcome run(Effect.Execute step) throws Exception;
    }

    private final ExecutorService steps;
    private final ExecutorService urgent;
    private final Work work;
    private final BooleanSupplier leaseHolds;
    private final Consumer<Event.StepEnded> ended;
    private final Deque<Effect.Execute> waiting = new ArrayDeque<>();
    private Future<?> running;
    private Effect.Execute current;
    private boolean begun;
    private boolean busy;

    /**
     * @param steps carry out steps; may all be taken by slow ones
     * @param urgent carry out kills
     * @param leaseHolds asked right before a step that needs the lease begins
     * @param ended gets the end of each step
     */
    Lane(
            ExecutorService steps,
            ExecutorService urgent,
            Work work,
            BooleanSupplier leaseHolds,
            Consumer<Event.StepEnded> ended) {
        this.steps = steps;
        this.urgent = urgent;
        this.work = work;
        this.leaseHolds = leaseHolds;
        this.ended = ended;
    }

    synchronized void execute(Effect.Execute step) {
        if (step.step() == Step.KILL) {
            waiting.clear();
            if (running != null) {
                running.cancel(true);
                if (!begun) {
                    // It waits for a thread and will never have one: its end would be waited for
                    // in vain.
                    settle();
                }
            }
        }
        waiting.add(step);
        next();
    }

    private synchronized void next() {
        if (busy || waiting.isEmpty()) {
            return;
        }
        Effect.Execute step = waiting.poll();
        busy = true;
        current = step;
        try {
            ExecutorService threads = step.step() == Step.KILL ? urgent : steps;
            running = threads.submit(() -> carryOut(step));
        } catch (RejectedExecutionException closing) {
            settle();
            LOG.log(System.Logger.Level.DEBUG, "the node is stopping; {0} is dropped", step);
        }
    }

    private void settle() {
        busy = false;
        begun = false;
        running = null;
        current = null;
    }

    private void carryOut(Effect.Execute step) {
        synchronized (this) {
            if (current != step) {
                // Dropped in the moment in which it got its thread.
                Thread.interrupted();
                return;
            }
            begun = true;
        }
        StepOutcome outcome = StepOutcome.UNKNOWN;
        Optional<String> problem = Optional.empty();
        long began = System.nanoTime();
        try {
            if (step.step().needsLease() && !leaseHolds.getAsBoolean()) {
                outcome = StepOutcome.FAILED;
                problem = Optional.of("the lease had run out before " + step.step() + " began");
            } else {
                outcome = work.run(step);
            }
        } catch (InterruptedException e) {
            problem = Optional.of(step.step() + " was cut short");
        } catch (Exception e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
            LOG.log(System.Logger.Level.WARNING, step.step() + " failed: " + e.getMessage(), e);
        }
        // A cancel that came too late must not hit the next step.
        Thread.interrupted();
        LOG.log(
                System.Logger.Level.INFO,
                "{0} of epoch {1}: {2} after {3} ms",
                step.step(),
                step.epoch(),
                outcome,
                (System.nanoTime() - began) / 1_000_000);
        synchronized (this) {
            settle();
        }
        ended.accept(new Event.StepEnded(step.ticket(), outcome, problem));
        next();
    }
}
