package io.understudy.ejb.volume;

import io.understudy.core.config.Probe;
import java.util.Optional;

/** How full a volume is. */
public enum SpaceLevel {
    /** Below all thresholds. */
    NORMAL,
    /** From the first threshold. */
    WARNING,
    /** From the second. */
    SERIOUS,
    /** From the third. */
    CRITICAL;

    /** Follows one volume; tells changes, downwards only when they are more than a flicker. */
    static final class Watch {
        private static final int CALM_PERCENT = 2;

        private final Probe.Volume thresholds;
        private SpaceLevel told = NORMAL;

        Watch(Probe.Volume thresholds) {
            this.thresholds = thresholds;
        }

        /** Returns the new level if it has changed. */
        Optional<SpaceLevel> at(int percent) {
            SpaceLevel now = of(percent);
            if (now.compareTo(told) < 0 && of(percent + CALM_PERCENT) == told) {
                return Optional.empty();
            }
            boolean changed = now != told;
            told = now;
            return changed ? Optional.of(now) : Optional.empty();
        }

        private SpaceLevel of(int percent) {
            if (percent >= thresholds.critical()) {
                return CRITICAL;
            }
            if (percent >= thresholds.serious()) {
                return SERIOUS;
            }
            return percent >= thresholds.warning() ? WARNING : NORMAL;
        }
    }
}
