package io.understudy.core.peer;

import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What this node observes of one of the two paths to a peer.
 *
 * @param path which one
 * @param address the peer's on it
 * @param state what is known of it
 * @param since when {@code state} became so
 * @param meanResponse mean heartbeat response time of the last minute by it, if there were answers
 * @param jitter mean deviation of the response time (RFC 3550, section 6.4.1), likewise
 */
public record PathFacts(
        Path path,
        String address,
        PathState state,
        Moment since,
        Optional<Duration> meanResponse,
        Optional<Duration> jitter) {

    /** Refuses nulls. */
    public PathFacts {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(meanResponse, "meanResponse");
        Objects.requireNonNull(jitter, "jitter");
    }
}
