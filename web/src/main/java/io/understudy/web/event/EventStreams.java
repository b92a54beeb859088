package io.understudy.web.event;

import io.understudy.ejb.control.NodeControl;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The readers of the event stream. They hold no thread and no queue: one task looks every {@link
 * #LOOK}, only while somebody reads, and what a slow reader has not taken yet stays in the log.
 */
@ApplicationScoped
public class EventStreams {

    /** So many may read at once. */
    public static final int MOST = 64;

    /** How often the task looks; what an event may come late. */
    private static final Duration LOOK = Duration.ofMillis(100);

    @Resource private ManagedScheduledExecutorService managed;

    private final ScheduledExecutorService given;
    private final Set<Place> places = new HashSet<>();
    private boolean looking;
    private boolean stopped;

    /** Looks on the container's executor. */
    public EventStreams() {
        this(null);
    }

    /** Looks on {@code executor}, which the caller ends. */
    public EventStreams(ScheduledExecutorService executor) {
        this.given = executor;
    }

    /** Returns a place for one more reader, if there is one. */
    synchronized Optional<Place> place() {
        if (stopped || places.size() >= MOST) {
            return Optional.empty();
        }
        Place place = new Place();
        places.add(place);
        return Optional.of(place);
    }

    /** Returns how many read. */
    public synchronized int open() {
        return places.size();
    }

    private synchronized void leave(Place place) {
        places.remove(place);
    }

    private synchronized void lookLater() {
        if (!looking && !stopped && !places.isEmpty()) {
            looking = true;
            ScheduledExecutorService executor = given == null ? managed : given;
            executor.schedule(this::look, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        List<Place> present;
        synchronized (this) {
            looking = false;
            present = List.copyOf(places);
        }
        present.forEach(Place::look);
        lookLater();
    }

    /** Sends everybody home. */
    @PreDestroy
    void stop() {
        List<Place> left;
        synchronized (this) {
            stopped = true;
            left = List.copyOf(places);
            places.clear();
        }
        left.forEach(Place::end);
    }

    /** What one reader occupies, from {@link #place()} until its connection ends. */
    final class Place {

        private volatile EventReader reader;

        /** Begins to write to the reader's connection; gives the place back if that fails. */
        void take(AsyncContext asynchronous, NodeControl node, EventFilter filter, long after)
                throws IOException {
            try {
                EventReader fresh =
                        new EventReader(asynchronous, node, filter, after, () -> leave(this));
                fresh.begin();
                reader = fresh;
            } catch (IOException | RuntimeException e) {
                leave(this);
                throw e;
            }
            lookLater();
        }

        private void look() {
            EventReader present = reader;
            if (present != null) {
                present.look();
            }
        }

        private void end() {
            EventReader present = reader;
            if (present != null) {
                present.end();
            }
        }
    }
}
