package io.understudy.cli.node;

import java.time.Duration;

/**
 * How long to wait before a process that ended is started again: one second, doubled each time up
 * to thirty; one second again after a run of a minute.
 */
final class Backoff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration WELL = Duration.ofSeconds(60);

    private Duration next = FIRST;

    /** Returns the wait after a run that lasted {@code ran}. */
    Duration after(Duration ran) {
        if (ran.compareTo(WELL) >= 0) {
            next = FIRST;
        }
        Duration wait = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return wait;
    }
}
