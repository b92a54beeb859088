package io.understudy.systemtests.lab;

import io.understudy.systemtests.Host;
import java.time.Duration;

/** What is done to a peer and, as {@link #ours()}, to Understudy. */
enum PeerFault {
    /** What decides on the active node is killed; the service and the database live on. */
    KILL_MANAGER(LabFault.KILL_SERVER, 8, 8) {
        @Override
        Runnable strike(Peer peer, PeerLab lab, String active) {
            long[] manager = peer.manager(active);
            // At once: a child is not to see its parent end and still clear up.
            Host.signal("STOP", manager);
            Host.signal("KILL", manager);
            peer.managerKilled(active);
            return () -> peer.startManager(active);
        }
    },
    /** Every process of the active host is killed at once; its network lives on. */
    KILL_HOST(LabFault.KILL_HOST, 8, 8) {
        @Override
        Runnable strike(Peer peer, PeerLab lab, String active) {
            lab.killAll(active);
            return () -> startAnew(peer, lab, active);
        }
    },
    /** Everything on the active host is killed at once, with its cables drawn. */
    POWER_LOSS(LabFault.POWER_LOSS, 8, 8) {
        @Override
        Runnable strike(Peer peer, PeerLab lab, String active) {
            lab.wires().unplug(active);
            lab.killAll(active);
            // Without power no kernel has an address.
            lab.host(active).drop(Lab.VIRTUAL_4);
            return () -> {
                lab.wires().plug(active);
                startAnew(peer, lab, active);
            };
        }
    },
    /** What decides on the active node stands still, then goes on. */
    STOP_MANAGER(LabFault.STOP_SERVER, 10, 30) {
        @Override
        Runnable strike(Peer peer, PeerLab lab, String active) {
            long[] manager = peer.manager(active);
            Host.signal("STOP", manager);
            return () -> Host.signal("CONT", manager);
        }
    },
    /** All cables of the active host are drawn, and put back. */
    CUT_LINK(LabFault.CUT_LINK, 10, 30) {
        @Override
        Runnable strike(Peer peer, PeerLab lab, String active) {
            lab.wires().unplug(active);
            return () -> lab.wires().plug(active);
        }
    },
    /** The active host receives, and what it sends is lost. */
    MUTE(LabFault.MUTE, 8, 30) {
        @Override
        Runnable strike(Peer peer, PeerLab lab, String active) {
            lab.wires().mute(active);
            return lab.wires()::pass;
        }
    },
    /** A planned move. */
    SWITCHOVER(LabFault.SWITCHOVER, 0, 0) {
        @Override
        Runnable strike(Peer peer, PeerLab lab, String active) {
            return peer.switchover(active);
        }
    };

    private final LabFault ours;
    private final Duration brief;
    private final Duration full;

    PeerFault(LabFault ours, int briefSeconds, int fullSeconds) {
        this.ours = ours;
        this.brief = Duration.ofSeconds(briefSeconds);
        this.full = Duration.ofSeconds(fullSeconds);
    }

    /**
     * Does it.
     *
     * @return ends the cause
     */
    abstract Runnable strike(Peer peer, PeerLab lab, String active);

    private static void startAnew(Peer peer, PeerLab lab, String node) {
        lab.host(node).drop(Lab.VIRTUAL_4);
        lab.startService(node);
        peer.startNode(node);
    }

    /** Returns the same fault as it is done to Understudy. */
    LabFault ours() {
        return ours;
    }

    /** Returns whether the cause ends after {@link #lasts}, whether or not another serves. */
    boolean passes() {
        return this == STOP_MANAGER || this == CUT_LINK || this == MUTE;
    }

    /** Returns how long the cause lasts at least. */
    Duration lasts(boolean inFull) {
        return inFull ? full : brief;
    }
}
