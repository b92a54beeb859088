package io.understudy.core.service;

import java.util.Objects;
import java.util.Optional;

/**
 * What one node observes of one service of an instance.
 *
 * @param name the service's name in the group file
 * @param critical whether its loss moves the instance
 * @param condition how it is
 * @param restarts restart attempts since it last ran well
 * @param pid the process, if it is one of ours and runs
 * @param problem one sentence if something is wrong: cause, object, next step
 * @param byHand whether it is left to operators: its start mode is manual, or one stopped it
 */
public record ServiceFacts(
        String name,
        boolean critical,
        ServiceCondition condition,
        int restarts,
        Optional<Long> pid,
        Optional<String> problem,
        boolean byHand) {

    /** The name of what watches the databases' volume; no service can have it. */
    public static final String DATA_VOLUME = "volume:databases";

    /** Refuses nulls. */
    public ServiceFacts {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(pid, "pid");
        Objects.requireNonNull(problem, "problem");
    }

    /** A service that is not left to operators. */
    public ServiceFacts(
            String name,
            boolean critical,
            ServiceCondition condition,
            int restarts,
            Optional<Long> pid,
            Optional<String> problem) {
        this(name, critical, condition, restarts, pid, problem, false);
    }
}
