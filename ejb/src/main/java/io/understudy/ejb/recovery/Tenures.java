package io.understudy.ejb.recovery;

import io.understudy.cluster.heartbeat.DeathProof;
import io.understudy.cluster.voters.LeaseAccess;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.recovery.Event;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Looks after what the tenures of this node need of the other members. */
final class Tenures {

    private static final Duration LEAD_LIMIT = Duration.ofSeconds(2);

    private final Map<InstanceName, InstanceLoop> loops;
    private final LeaseAccess leases;
    private final DeathProof proof;

    Tenures(Map<InstanceName, InstanceLoop> loops, LeaseAccess leases, DeathProof proof) {
        this.loops = loops;
        this.leases = leases;
        this.proof = proof;
    }

    void leadHere(InstanceName instance) {
        leases.leadHere(instance, LEAD_LIMIT);
    }

    /** Looks after them: whether all voters are there, and whether a dead peer still is. */
    void tend() {
        boolean missing = !leases.state().redundant();
        for (InstanceLoop loop : loops.values()) {
            if (loop.situation().voterMissing() != missing) {
                loop.post(new Event.Voters(missing));
            }
        }
        proveAgain();
    }

    /** A provisional tenure goes on only as long as the peer is proven gone anew: asked once. */
    private void proveAgain() {
        boolean any = false;
        for (InstanceLoop loop : loops.values()) {
            any |= loop.situation().provisional();
        }
        if (!any) {
            return;
        }
        Map<NodeName, List<InstanceLoop>> byPeer =
                loops.values().stream()
                        .filter(l -> l.situation().provisional() && l.situation().held())
                        .collect(Collectors.groupingBy(l -> l.settings().peer()));
        byPeer.forEach(
                (peer, provisional) ->
                        proof.ask(peer)
                                .thenAccept(asked -> asked.ifPresent(at -> gone(provisional, at))));
    }

    private static void gone(List<InstanceLoop> provisional, Moment asked) {
        provisional.forEach(loop -> loop.post(new Event.PeerContact(Contact.GONE, asked)));
    }

    /** Leadership that went elsewhere in an election comes back to the holder. */
    void leadAll() {
        loops.forEach(
                (name, loop) -> {
                    boolean holds = loop.situation().phase().holdsLease();
                    if (holds && !leases.leads(name)) {
                        leadHere(name);
                    }
                });
    }
}
