package io.understudy.web.instance;

import io.understudy.core.hold.Hold;

/**
 * A hold for maintenance; times are ISO 8601, UTC.
 *
 * @param instance which
 * @param by who holds it
 * @param reason why
 * @param since when it began
 * @param until when it ends by itself
 */
public record HoldView(String instance, String by, String reason, String since, String until) {

    static HoldView of(Hold hold) {
        return new HoldView(
                hold.instance().value(),
                hold.by(),
                hold.reason(),
                hold.since().toString(),
                hold.until().toString());
    }
}
