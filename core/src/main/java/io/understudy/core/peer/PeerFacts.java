package io.understudy.core.peer;

import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What this node observes of one peer.
 *
 * @param name the peer
 * @param contact what is known of its process
 * @param since when {@code contact} became so; for {@link Contact#GONE} the moment <em>before</em>
 *     the proof was asked for, from which a provisional lease may be counted
 * @param lastBeat when its last heartbeat came; before the first, when it began to be waited for
 * @param meanResponse mean heartbeat response time of the last minute, if there were answers
 * @param jitter mean deviation of the response time (RFC 3550, section 6.4.1), likewise
 */
public record PeerFacts(
        NodeName name,
        Contact contact,
        Moment since,
        Moment lastBeat,
        Optional<Duration> meanResponse,
        Optional<Duration> jitter) {

    /** Refuses nulls. */
    public PeerFacts {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(contact, "contact");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(lastBeat, "lastBeat");
        Objects.requireNonNull(meanResponse, "meanResponse");
        Objects.requireNonNull(jitter, "jitter");
    }
}
