package io.understudy.ejb.volume;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of a volume.
 *
 * @param known whether a check has ever ended, or hung for long enough to say so
 * @param problem one sentence if it cannot be written
 * @param hangs whether the problem is a write that does not end
 * @param badSince since when, on the monotonic clock in ns; of use only with a problem
 * @param usedPercent of what others than root may fill; empty while unknown
 * @param latencyNanos how long the last check took, its process's start included; 0 while unknown
 */
public record VolumeState(
        boolean known,
        Optional<String> problem,
        boolean hangs,
        long badSince,
        OptionalInt usedPercent,
        long latencyNanos) {

    static final VolumeState UNKNOWN =
            new VolumeState(false, Optional.empty(), false, 0, OptionalInt.empty(), 0);
}
