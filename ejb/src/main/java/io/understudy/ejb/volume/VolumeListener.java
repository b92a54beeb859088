package io.understudy.ejb.volume;

import java.util.Optional;

/** Hears of volumes; must not block. */
public interface VolumeListener {

    /**
     * A volume can no longer be written, or can be again.
     *
     * @param problem empty: it can
     */
    void writable(String directory, Optional<String> problem);

    /**
     * A volume's use has crossed a threshold.
     *
     * @param usedPercent 0 to 100
     */
    void space(String directory, SpaceLevel level, int usedPercent);
}
