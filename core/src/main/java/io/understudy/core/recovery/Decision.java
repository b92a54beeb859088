package io.understudy.core.recovery;

import io.understudy.core.time.Moment;
import java.util.List;

/**
 * What came of an event.
 *
 * @param situation the next situation
 * @param effects what to do, in this order
 * @param wakeAt when to come back with a {@link Event.Wake} if nothing happens before
 */
public record Decision(Situation situation, List<Effect> effects, Moment wakeAt) {

    /** Copies the list. */
    public Decision {
        effects = List.copyOf(effects);
    }
}
