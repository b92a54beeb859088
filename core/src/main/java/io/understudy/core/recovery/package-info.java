/**
 * The decisions of one node about one instance: {@link io.understudy.core.recovery.Recovery#decide}
 * takes the situation, an event and the time, and returns the next situation and the effects that
 * the shell carries out. Nothing here calls out, waits, or reads a clock.
 */
package io.understudy.core.recovery;
