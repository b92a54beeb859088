package io.understudy.core.view;

import java.util.List;

/**
 * How an operator's request is getting on: the body of {@code GET /api/v1/operations/{id}}.
 *
 * @param id names the request
 * @param kind SWITCHOVER, FAILOVER, FALLBACK, RECOVER, RESYNC, APPLY
 * @param instance the instance it is about
 * @param state RUNNING, DONE, REFUSED or FAILED
 * @param code a stable error code where refused or failed, else null
 * @param message one sentence: what came of it, or cause and object
 * @param next the next step where refused or failed, else null
 * @param phases what was done so far, in order, with milliseconds since the request
 */
public record OperationView(
        String id,
        String kind,
        String instance,
        String state,
        String code,
        String message,
        String next,
        List<Phase> phases) {

    /** A step that ended. */
    public record Phase(String name, long afterMillis) {}
}
