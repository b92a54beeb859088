package io.understudy.core.peer;

import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.List;
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
 * @param mainLost whether it is heard by the direct link only. That it lives is known then; but it
 *     takes no part in leases through this node's network, and what needs that is not to be left to
 *     it
 * @param paths the paths to it, where there are two; else empty
 */
public record PeerFacts(
        NodeName name,
        Contact contact,
        Moment since,
        Moment lastBeat,
        Optional<Duration> meanResponse,
        Optional<Duration> jitter,
        boolean mainLost,
        List<PathFacts> paths) {

    /** Refuses nulls; copies the list. */
    public PeerFacts {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(contact, "contact");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(lastBeat, "lastBeat");
        Objects.requireNonNull(meanResponse, "meanResponse");
        Objects.requireNonNull(jitter, "jitter");
        paths = List.copyOf(paths);
    }

    /** Returns what is known of a path; empty if there is no second one. */
    public Optional<PathFacts> path(Path which) {
        return paths.stream().filter(p -> p.path() == which).findFirst();
    }

    /** Returns what the network that carries the leases shows of its process. */
    public Contact byMain() {
        return mainLost && contact == Contact.HEARD ? Contact.SILENT : contact;
    }
}
