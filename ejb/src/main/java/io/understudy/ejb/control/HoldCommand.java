package io.understudy.ejb.control;

import io.understudy.core.instance.InstanceName;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Maintenance as an operator asks for it; exactly one of the two ends is given.
 *
 * @param instance which
 * @param by who asked
 * @param reason why, for the others; not blank
 * @param lasts for how long
 * @param until until when
 * @param replace whether a hold that is in force is replaced
 */
public record HoldCommand(
        InstanceName instance,
        String by,
        String reason,
        Optional<Duration> lasts,
        Optional<Instant> until,
        boolean replace) {

    /** Refuses nulls, and both ends or none. */
    public HoldCommand {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(reason, "reason");
        if (lasts.isPresent() == until.isPresent()) {
            throw new IllegalArgumentException(
                    "a hold has one end, not " + lasts + " and " + until);
        }
    }
}
