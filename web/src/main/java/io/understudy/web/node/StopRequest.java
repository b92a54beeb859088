package io.understudy.web.node;

/**
 * How to stop the node; all of it may be left out.
 *
 * @param handOver true: the peer takes over what is served here; null: false, it is parked
 */
public record StopRequest(Boolean handOver) {}
