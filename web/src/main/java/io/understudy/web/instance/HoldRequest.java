package io.understudy.web.instance;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The body of a hold: exactly one of the first two, and a reason.
 *
 * @param lasts for how long, like {@code 2h}; in JSON {@code for}
 * @param until until when, ISO 8601 with offset
 * @param reason why, for the others
 * @param replace true: in place of the hold in force; null: false
 */
public record HoldRequest(
        @JsonProperty("for") String lasts, String until, String reason, Boolean replace) {}
