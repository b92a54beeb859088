package io.understudy.ejb.recovery;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures for how long nobody serves an instance, and counts by how many nodes it was served in
 * turn: as this node sees it, looking five times a second.
 */
final class OutageWatch {

    private final Map<InstanceName, Course> courses = new ConcurrentHashMap<>();

    private static final class Course {
        private NodeName last;
        private long servedAt;
        private boolean served;
        private long moves;
        private Long lastOutage;
    }

    /**
     * Takes what is seen now.
     *
     * @param active who serves, if anybody does
     * @param now the monotonic clock, nanoseconds
     * @param lastHeard where nobody serves: since when the one who served last is silent, as far as
     *     that is known; else empty
     */
    void look(
            InstanceName instance, Optional<NodeName> active, long now, Optional<Long> lastHeard) {
        Course course = courses.computeIfAbsent(instance, i -> new Course());
        synchronized (course) {
            if (active.isEmpty()) {
                if (course.served) {
                    course.served = false;
                    // Silence is noticed late: service ended with the last sign of life.
                    course.servedAt =
                            lastHeard
                                    .map(at -> Math.min(at, course.servedAt))
                                    .orElse(course.servedAt);
                }
                return;
            }
            boolean first = course.last == null;
            boolean moved = !first && !course.last.equals(active.get());
            if (!first && !course.served) {
                course.lastOutage = now - course.servedAt;
            }
            course.moves += moved ? 1 : 0;
            course.last = active.get();
            course.served = true;
            course.servedAt = now;
        }
    }

    /** Returns who served when somebody last did. */
    Optional<NodeName> last(InstanceName instance) {
        Course course = courses.get(instance);
        if (course == null) {
            return Optional.empty();
        }
        synchronized (course) {
            return Optional.ofNullable(course.last);
        }
    }

    /** Returns how often the serving node changed. */
    long moves(InstanceName instance) {
        Course course = courses.get(instance);
        if (course == null) {
            return 0;
        }
        synchronized (course) {
            return course.moves;
        }
    }

    /** Returns how long nobody served the last time, in nanoseconds; empty before the first. */
    Optional<Long> lastOutage(InstanceName instance) {
        Course course = courses.get(instance);
        if (course == null) {
            return Optional.empty();
        }
        synchronized (course) {
            return Optional.ofNullable(course.lastOutage);
        }
    }
}
