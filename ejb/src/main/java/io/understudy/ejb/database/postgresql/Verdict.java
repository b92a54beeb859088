package io.understudy.ejb.database.postgresql;

import java.util.Optional;

/**
 * Whether a copy can follow a primary as it is.
 *
 * @param kind what was found
 * @param reason one sentence, empty for a copy that can follow
 */
record Verdict(Kind kind, String reason) {

    enum Kind {
        /** It can follow as it is. */
        FOLLOWS,
        /** It holds nothing of its own, but the primary no longer has the log in between. */
        BEHIND,
        /** It has, or may have, something that the primary lacks. */
        DIVERGED
    }

    static final Verdict FOLLOWS = new Verdict(Kind.FOLLOWS, "");

    static Verdict behind(LogPosition position) {
        return new Verdict(
                Kind.BEHIND,
                "the primary no longer has the log from "
                        + position
                        + " on, where this copy stands");
    }

    static Verdict diverged(String reason) {
        return new Verdict(Kind.DIVERGED, reason);
    }

    /**
     * Judges a stopped copy by what is certain of it. A crashed copy may hold more than its control
     * file says, so "follows" still has to be watched after the start.
     *
     * @param history the copy's own history of its timeline
     */
    static Verdict of(ControlFile copy, TimelineHistory history, UpstreamState primary) {
        if (copy.systemId() != primary.systemId()) {
            return diverged("this copy is of another database than the primary's");
        }
        Optional<LogPosition> end = endFor(copy.timeline(), primary);
        if (end.isEmpty() || !primary.history().continues(history)) {
            return diverged(
                    "this copy is on timeline "
                            + copy.timeline()
                            + ", from which the primary's timeline "
                            + primary.timeline()
                            + " does not stem");
        }
        LogPosition reached = copy.isCleanPrimary() ? copy.end() : copy.floor();
        if (reached.isAfter(end.get())) {
            return pastTheFork(copy.timeline(), reached, end.get());
        }
        return FOLLOWS;
    }

    static Verdict pastTheFork(int timeline, LogPosition reached, LogPosition end) {
        return diverged(
                "this copy has written up to "
                        + reached
                        + " on timeline "
                        + timeline
                        + " and the primary shares it only up to "
                        + end);
    }

    /** Returns up to where the primary shares {@code timeline}; empty if it never was on it. */
    static Optional<LogPosition> endFor(int timeline, UpstreamState primary) {
        return timeline == primary.timeline()
                ? Optional.of(primary.flushed())
                : primary.history().endOf(timeline);
    }
}
