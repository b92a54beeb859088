package io.understudy.cluster.heartbeat;

import io.understudy.core.node.NodeName;
import io.understudy.core.peer.PathFacts;
import io.understudy.core.peer.PeerFacts;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Passes on what the heartbeat notices; one listener's error keeps nothing from the others. */
final class Listeners implements HeartbeatListener {

    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

    private final List<HeartbeatListener> all = new CopyOnWriteArrayList<>();

    void add(HeartbeatListener listener) {
        all.add(listener);
    }

    private void tell(Consumer<HeartbeatListener> what) {
        for (HeartbeatListener listener : all) {
            try {
                what.accept(listener);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "A listener of the heartbeat failed", e);
            }
        }
    }

    @Override
    public void contactChanged(PeerFacts facts) {
        tell(listener -> listener.contactChanged(facts));
    }

    @Override
    public void byMainChanged(PeerFacts facts) {
        tell(listener -> listener.byMainChanged(facts));
    }

    @Override
    public void pathChanged(PeerFacts facts, PathFacts path) {
        tell(listener -> listener.pathChanged(facts, path));
    }

    @Override
    public void nudged(NodeName peer) {
        tell(listener -> listener.nudged(peer));
    }

    @Override
    public void reportChanged(NodeName peer, long boot, long version) {
        tell(listener -> listener.reportChanged(peer, boot, version));
    }

    @Override
    public void hinted(NodeName peer, byte[] hint) {
        tell(listener -> listener.hinted(peer, hint));
    }

    @Override
    public void restarted(NodeName peer) {
        tell(listener -> listener.restarted(peer));
    }

    @Override
    public void nameClaimed(NodeName peer, String address) {
        tell(listener -> listener.nameClaimed(peer, address));
    }

    @Override
    public void versionDiffers(NodeName peer, String version) {
        tell(listener -> listener.versionDiffers(peer, version));
    }
}
