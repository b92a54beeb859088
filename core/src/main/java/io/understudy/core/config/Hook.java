package io.understudy.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * An operator's command that is run when an instance comes or goes.
 *
 * @param moment when
 * @param run program and arguments, no shell
 * @param limit then it is killed with all that it started, and has failed
 * @param required whether the instance does not start here if it fails
 */
public record Hook(Moment moment, List<String> run, Duration limit, boolean required) {

    /** Refuses nulls; copies the list. */
    public Hook {
        Objects.requireNonNull(moment, "moment");
        Objects.requireNonNull(limit, "limit");
        run = List.copyOf(run);
    }

    /** When a hook is run. */
    public enum Moment {
        /** Under the lease, before addresses and services come; waited for. */
        BEFORE_START,
        /** When the services work; not waited for. */
        AFTER_START,
        /** Before services and addresses go in good order; waited for. */
        BEFORE_STOP,
        /** When they have gone, in whatever order; not waited for. */
        AFTER_STOP
    }
}
