package io.understudy.systemtests.lab;

import java.util.function.BiFunction;
import java.util.function.Supplier;

/** The peers that are compared with. */
enum PeerKind {
    /** VRRP. */
    KEEPALIVED("keepalived", Keepalived::obstacle, Keepalived::new),
    /** A database with its state in etcd. */
    PATRONI("patroni", Patroni::obstacle, Patroni::new),
    /** Corosync's membership with a quorum device. */
    PACEMAKER("pacemaker", Pacemaker::obstacle, Pacemaker::new);

    private final String packageName;
    private final Supplier<String> obstacle;
    private final BiFunction<PeerLab, Boolean, Peer> maker;

    PeerKind(
            String packageName,
            Supplier<String> obstacle,
            BiFunction<PeerLab, Boolean, Peer> maker) {
        this.packageName = packageName;
        this.obstacle = obstacle;
        this.maker = maker;
    }

    /** Returns the Debian package whose version is told. */
    String packageName() {
        return packageName;
    }

    /** Says what is missing on this machine; empty: nothing. */
    String obstacle() {
        return obstacle.get();
    }

    /** Makes one in a lab; nothing of it runs yet. */
    Peer in(PeerLab lab, boolean tuned) {
        return maker.apply(lab, tuned);
    }
}
