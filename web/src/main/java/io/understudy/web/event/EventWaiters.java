package io.understudy.web.event;

import io.understudy.ejb.control.NodeControl;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.AsyncResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Requests that wait for the next event. They hold no thread: one task looks every {@link #LOOK},
 * and only while somebody waits.
 */
@ApplicationScoped
public class EventWaiters {

    /** The longest that a request may wait. */
    public static final Duration LONGEST = Duration.ofSeconds(30);

    /** How often the task looks; what an event may come late to who waits. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** So many may wait at once; one more is answered at once with what there is. */
    private static final int MOST_WAITING = 256;

    @Resource private ManagedScheduledExecutorService managed;

    private final ScheduledExecutorService given;
    private final List<Waiter> waiting = new ArrayList<>();
    private boolean looking;
    private boolean stopped;

    /** Waits on the container's executor. */
    public EventWaiters() {
        this(null);
    }

    /** Waits on {@code executor}, which the caller ends. */
    public EventWaiters(ScheduledExecutorService executor) {
        this.given = executor;
    }

    /**
     * Answers with the events after {@code after}: at once if there are any, else with the first
     * that comes within {@code limit}, else with none.
     */
    void answer(AsyncResponse answer, NodeControl node, long after, int most, Duration limit) {
        Waiter waiter = new Waiter(answer, node, after, most, System.nanoTime() + limit.toNanos());
        if (limit.isZero() || node.lastEvent() > after || !queued(waiter)) {
            waiter.resume();
        }
    }

    private synchronized boolean queued(Waiter waiter) {
        if (stopped || waiting.size() >= MOST_WAITING) {
            return false;
        }
        waiting.add(waiter);
        if (!looking) {
            looking = true;
            lookLater();
        }
        return true;
    }

    private void lookLater() {
        ScheduledExecutorService executor = given == null ? managed : given;
        executor.schedule(this::look, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        for (Waiter waiter : takeDue()) {
            waiter.resume();
        }
        synchronized (this) {
            looking = !waiting.isEmpty() && !stopped;
            if (looking) {
                lookLater();
            }
        }
    }

    private synchronized List<Waiter> takeDue() {
        long now = System.nanoTime();
        List<Waiter> due = new ArrayList<>();
        for (Waiter waiter : waiting) {
            if (waiter.isDue(now)) {
                due.add(waiter);
            }
        }
        waiting.removeAll(due);
        return due;
    }

    /** Sends everybody home. */
    @PreDestroy
    void stop() {
        List<Waiter> left;
        synchronized (this) {
            stopped = true;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(Waiter::resume);
    }

    private record Waiter(
            AsyncResponse answer, NodeControl node, long after, int most, long untilNanos) {

        /** A node that fails is found out by {@link #resume()}, which tells the one who asked. */
        boolean isDue(long nowNanos) {
            if (nowNanos - untilNanos >= 0 || !answer.isSuspended()) {
                return true;
            }
            try {
                return node.lastEvent() > after;
            } catch (RuntimeException failed) {
                return true;
            }
        }

        void resume() {
            try {
                answer.resume(node.events(after, most));
            } catch (RuntimeException failed) {
                answer.resume(failed);
            }
        }
    }
}
