package io.understudy.ejb.recovery;

import io.understudy.cluster.heartbeat.HeartbeatListener;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.PathFacts;
import io.understudy.core.peer.PathState;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.recovery.Event;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Tells the loops and the event log what the heartbeat notices of the other members. Called on the
 * heartbeat's thread.
 *
 * @param happenings the event log
 * @param post gives an event to every loop that has that member as its peer
 * @param heard hears of a member that is heard since now
 * @param attention hears of a member that wants the loops to look at once
 * @param paths hears of a path to a member that is lost or carries again
 */
record PeerWatch(
        Happenings happenings,
        BiConsumer<NodeName, Event> post,
        Consumer<NodeName> heard,
        Consumer<NodeName> attention,
        BiConsumer<NodeName, PathFacts> paths)
        implements HeartbeatListener {

    /** Returns what a loop has to know of its peer. */
    static Event event(PeerFacts facts) {
        return event(facts, false);
    }

    private static Event event(PeerFacts facts, boolean shifting) {
        return new Event.PeerContact(facts.contact(), facts.since(), facts.mainLost(), shifting);
    }

    @Override
    public void contactChanged(PeerFacts facts) {
        happenings.contact(facts);
        post.accept(facts.name(), event(facts));
        if (facts.contact() == Contact.HEARD) {
            heard.accept(facts.name());
        }
    }

    @Override
    public void byMainChanged(PeerFacts facts) {
        post.accept(facts.name(), event(facts));
    }

    @Override
    public void pathChanged(PeerFacts facts, PathFacts path) {
        happenings.path(facts.name(), path);
        if (path.state() == PathState.DOUBTED || path.state() == PathState.LOST) {
            post.accept(facts.name(), event(facts, true));
        }
        if (path.state() != PathState.DOUBTED) {
            paths.accept(facts.name(), path);
        }
    }

    @Override
    public void nudged(NodeName peer) {
        attention.accept(peer);
    }
}
