package io.understudy.ejb.database;

import java.util.Objects;

/**
 * How a stop went. The database does not run in any case.
 *
 * @param orderly whether it ended by itself, with everything written
 * @param standbyHasAll whether the standby was seen to have on disk all that this primary ever
 *     wrote, the last record included; false also for anything that was not a running primary
 * @param position where it ended (timeline and log position), for people
 */
public record StopResult(boolean orderly, boolean standbyHasAll, String position) {

    /** Refuses nulls. */
    public StopResult {
        Objects.requireNonNull(position, "position");
    }
}
