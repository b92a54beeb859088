package io.understudy.cluster.heartbeat;

import io.understudy.core.node.NodeName;
import io.understudy.core.peer.PathFacts;
import io.understudy.core.peer.PeerFacts;

/** Hears what a {@link Heartbeat} notices. Called on its thread: must return at once. */
public interface HeartbeatListener {

    /** A peer's contact changed. */
    default void contactChanged(PeerFacts facts) {}

    /**
     * {@link PeerFacts#byMain()} changed, and {@link PeerFacts#contact()} did not: the direct link
     * goes on bringing beats.
     */
    default void byMainChanged(PeerFacts facts) {}

    /** Something else is known of one of the two paths to a peer since now. */
    default void pathChanged(PeerFacts facts, PathFacts path) {}

    /** A peer wants attention: something about its state changed. */
    default void nudged(NodeName peer) {}

    /**
     * A peer's report has another version than the last one told.
     *
     * @param boot the peer's process; versions of different processes cannot be compared
     */
    default void reportChanged(NodeName peer, long boot, long version) {}

    /** A peer's beats carry another hint than before, perhaps an empty one. */
    default void hinted(NodeName peer, byte[] hint) {}

    /** A peer's process is another one than before. Told before its contact changes. */
    default void restarted(NodeName peer) {}

    /**
     * A peer runs a version whose first two numbers differ from this member's. Told once per
     * process of the peer.
     */
    default void versionDiffers(NodeName peer, String version) {}

    /**
     * A second process beats under a peer's name, made with the cluster's secret; its beats are
     * refused. Told at most once in five minutes for a peer.
     *
     * @param address where the beats come from
     */
    default void nameClaimed(NodeName peer, String address) {}
}
