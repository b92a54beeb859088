package io.understudy.ejb.database;

import java.time.Duration;
import java.util.Optional;

/** Hears how far a long step has come. */
@FunctionalInterface
public interface Progress {

    /**
     * Called now and then on the working thread; must not block.
     *
     * @param percent 0 to 100, rising within one attempt
     * @param left the estimate of the time left, once there is one
     */
    void at(int percent, Optional<Duration> left);

    /** Returns a listener that does not care. */
    static Progress ignored() {
        return (percent, left) -> {};
    }
}
