package io.understudy.systemtests.lab;

import io.understudy.systemtests.Layout;
import java.time.Duration;
import java.util.Optional;

/**
 * Other software that keeps an address served by one of two nodes, as it runs in a lab. Its own
 * programs are started as its packages' units would start them.
 */
abstract class Peer {

    /** The lab that it runs in. */
    protected final PeerLab lab;

    /** Whether it has the values that its makers' documents give for speed. */
    protected final boolean tuned;

    /**
     * @param tuned not only what the documents' first example sets
     */
    Peer(PeerLab lab, boolean tuned) {
        this.lab = lab;
        this.tuned = tuned;
    }

    /** Starts it on all hosts; it need not be whole yet. */
    abstract void start();

    /** Starts all of it on a node whose processes are gone, as a host that starts anew. */
    abstract void startNode(String node);

    /** Returns the processes of what decides on a node. */
    abstract long[] manager(String node);

    /** Called when these were killed: does what the packages' units do of themselves. */
    abstract void managerKilled(String node);

    /** Starts what decides again where it does not run. */
    abstract void startManager(String node);

    /**
     * Moves the address in the way its documents give.
     *
     * @return makes the other node ready to take over again
     */
    abstract Runnable switchover(String from);

    /** Returns whether one node serves and the other could take over. */
    abstract boolean isWhole();

    /** Says how it is, for an error. */
    abstract String describe();

    /** Returns how long it may take to be whole, by its own timers. */
    Duration settle() {
        return Duration.ofSeconds(90);
    }

    /** Returns how long to wait for the other node to take over, if it ever does. */
    Duration takeover() {
        return Duration.ofSeconds(15);
    }

    /** Returns the database that moves with the address, if one does. */
    Optional<PeerDatabase> database() {
        return Optional.empty();
    }

    /** Returns the node that has the address; empty if none or both. */
    final Optional<String> active() {
        boolean alpha = lab.host(Layout.ALPHA).has(Lab.VIRTUAL_4);
        boolean beta = lab.host(Layout.BETA).has(Lab.VIRTUAL_4);
        return alpha == beta ? Optional.empty() : Optional.of(alpha ? Layout.ALPHA : Layout.BETA);
    }
}
