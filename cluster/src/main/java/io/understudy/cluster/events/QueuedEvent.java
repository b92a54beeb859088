package io.understudy.cluster.events;

import io.understudy.core.view.EventView;

/**
 * An event that waits for its number. (origin, sequence) names it for ever, so that proposing it
 * again does no harm.
 *
 * @param origin one life of one member, as {@code NODE/RANDOM}
 * @param sequence counts the events of the origin, from 1, without gaps
 * @param event its number is 0
 */
record QueuedEvent(String origin, long sequence, EventView event) {}
