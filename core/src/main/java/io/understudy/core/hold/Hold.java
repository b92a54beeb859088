package io.understudy.core.hold;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.time.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An instance held for maintenance: until its end nothing is moved, started or mended by itself.
 * Times are wall time: a hold is an agreement between people.
 *
 * @param instance which
 * @param by who holds it
 * @param reason why, in the operator's words
 * @param since when it began
 * @param until when it ends by itself
 */
public record Hold(InstanceName instance, String by, String reason, Instant since, Instant until) {

    /** The shortest. */
    public static final Duration LEAST = Duration.ofSeconds(1);

    /** The longest: what is held for longer is forgotten, not maintained. */
    public static final Duration MOST = Duration.ofDays(30);

    /** The longest reason, in characters. */
    public static final int MOST_REASON = 500;

    /** The reminder comes at most this long before the end. */
    private static final Duration REMINDER = Duration.ofMinutes(10);

    /** Refuses nulls. */
    public Hold {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(until, "until");
    }

    /** Returns what is wrong with it, one sentence; empty if nothing is. */
    public Optional<String> problem() {
        Duration time = Duration.between(since, until);
        if (time.compareTo(LEAST) < 0) {
            return Optional.of(
                    "The end of a hold must be at least "
                            + DurationText.format(LEAST)
                            + " ahead; "
                            + until
                            + " is not.");
        }
        if (time.compareTo(MOST) > 0) {
            return Optional.of(
                    "A hold lasts at most "
                            + MOST.toDays()
                            + " days; until "
                            + until
                            + " is more.");
        }
        if (reason.isBlank()) {
            return Optional.of("A hold needs a reason: others will read it.");
        }
        if (reason.length() > MOST_REASON) {
            return Optional.of("The reason is longer than " + MOST_REASON + " characters.");
        }
        return Optional.empty();
    }

    /** Returns whether it is in force at {@code now}. */
    public boolean inForce(Instant now) {
        return now.isBefore(until);
    }

    /** Returns when to remind of its end: a tenth of its time before, at most ten minutes. */
    public Instant reminder() {
        Duration tenth = Duration.between(since, until).dividedBy(10);
        return until.minus(tenth.compareTo(REMINDER) < 0 ? tenth : REMINDER);
    }
}
