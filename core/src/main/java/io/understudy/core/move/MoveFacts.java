package io.understudy.core.move;

import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.Optional;

/**
 * What a move's parts rest on besides decisions, by this node's monotonic clock. Asked on the
 * decision thread: answers at once.
 */
public interface MoveFacts {

    /** Returns when the other node's last heartbeat came. */
    Moment lastBeat();

    /**
     * Returns how the other node said that it gives the instance away; empty if it has not, or does
     * not any more.
     */
    Optional<Giving> giving();

    /** Returns since when the instance's addresses are here and announced; empty: none are. */
    Optional<Moment> announced();

    /**
     * Returns when another member last saw the addresses here since they were announced; empty:
     * nobody has.
     */
    default Optional<Moment> confirmed() {
        return Optional.empty();
    }

    /**
     * Returns how long, from the beginning of the tenure, a move whose addresses are announced is
     * kept open for {@link #confirmed}; zero where nobody looks.
     */
    default Duration confirmationLimit() {
        return Duration.ZERO;
    }

    /**
     * How a node gives an instance away in order.
     *
     * @param began when it began
     * @param decided when it began to stop what serves; empty: not yet
     */
    record Giving(Moment began, Optional<Moment> decided) {}
}
