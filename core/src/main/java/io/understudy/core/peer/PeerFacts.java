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

    /**
     * Returns where the peer is reached by what may go by either path, best first: by the direct
     * link as long as it carries.
     *
     * @param main its address in {@code cluster.members}
     */
    public List<String> addresses(String main) {
        return ordered(main, path(Path.DIRECT).filter(p -> p.state().carries()).isPresent());
    }

    /**
     * Returns where the peer is reached by calls, best first: by the direct link only as long as
     * the other network is lost and the link is not.
     *
     * @param main its address in {@code cluster.members}
     */
    public List<String> callAddresses(String main) {
        boolean lost = path(Path.MAIN).filter(p -> p.state() == PathState.LOST).isPresent();
        return ordered(
                main, lost && path(Path.DIRECT).filter(p -> p.state().carries()).isPresent());
    }

    private List<String> ordered(String main, boolean directFirst) {
        return path(Path.DIRECT)
                .map(PathFacts::address)
                .map(direct -> directFirst ? List.of(direct, main) : List.of(main, direct))
                .orElse(List.of(main));
    }

    /** Returns what the network that carries the leases shows of its process. */
    public Contact byMain() {
        return mainLost && contact == Contact.HEARD ? Contact.SILENT : contact;
    }
}
