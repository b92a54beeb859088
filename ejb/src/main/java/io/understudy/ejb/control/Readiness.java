package io.understudy.ejb.control;

import java.util.List;
import java.util.Objects;

/**
 * What a supervisor or load balancer asks of a node.
 *
 * @param live false: only a restart of the process helps
 * @param ready false: send no work here
 * @param started false: still starting, be patient
 */
public record Readiness(List<Check> live, List<Check> ready, List<Check> started) {

    /** Copies the lists. */
    public Readiness {
        live = List.copyOf(live);
        ready = List.copyOf(ready);
        started = List.copyOf(started);
    }

    /** Returns whether every check of {@code checks} holds. */
    public static boolean all(List<Check> checks) {
        return checks.stream().allMatch(Check::holds);
    }

    /**
     * One thing that was looked at.
     *
     * @param name stable, e.g. {@code lease-store}
     * @param holds whether it is well
     * @param words how it is, one sentence; shown only to those with a token
     */
    public record Check(String name, boolean holds, String words) {

        /** Refuses nulls. */
        public Check {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(words, "words");
        }
    }
}
