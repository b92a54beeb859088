package io.understudy.ejb.database;

import java.util.Objects;
import java.util.Optional;

/**
 * How a copy came to follow.
 *
 * @param seeded whether it was made anew from the primary
 * @param reason why, if it was; one sentence
 * @param aside the directory to which the old copy was set aside because it may hold what the
 *     primary lacks
 */
public record StandbyResult(boolean seeded, Optional<String> reason, Optional<String> aside) {

    /** Refuses nulls. */
    public StandbyResult {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(aside, "aside");
    }
}
