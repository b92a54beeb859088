package io.understudy.systemtests;

import io.understudy.core.timing.Outage;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is done to a cluster that is whole, and how it is mended. */
public enum Fault {
    /** The active node's app server and its PostgreSQL are killed at once. */
    KILL_ACTIVE(Outage.Fault.KILLED_WITH_PROOF, Duration.ofSeconds(2), true) {
        @Override
        Runnable strike(Cluster cluster) {
            String active = cluster.active();
            Host.signal("KILL", cluster.server(active), cluster.postgres(active));
            return NOTHING;
        }
    },
    /** The active node's app server is killed; the guard must end its PostgreSQL. */
    KILL_ACTIVE_SERVER(Outage.Fault.KILLED_WITH_PROOF, Duration.ofSeconds(2), true) {
        @Override
        Runnable strike(Cluster cluster) {
            String active = cluster.active();
            long postgres = cluster.postgres(active);
            Host.signal("KILL", cluster.server(active));
            return () ->
                    Await.until(
                            "the guard ended PostgreSQL " + postgres,
                            Duration.ofSeconds(5),
                            () -> !Host.isAlive(postgres));
        }
    },
    /** Every process of the active node is killed at once, its guard too. */
    KILL_ACTIVE_NODE(Outage.Fault.KILLED_WITH_PROOF, Duration.ofSeconds(2), true) {
        @Override
        Runnable strike(Cluster cluster) {
            String active = cluster.active();
            cluster.killNodes(List.of(active));
            return () -> cluster.member(active).start();
        }
    },
    /** The active node's app server stands still; its guard lives. */
    HANG_ACTIVE(Outage.Fault.HANGS, Duration.ofSeconds(4), true) {
        @Override
        Runnable strike(Cluster cluster) {
            return hang(cluster, cluster.active());
        }

        @Override
        public Duration lasts() {
            return Duration.ofSeconds(30);
        }
    },
    /** A planned move to the other node. */
    SWITCHOVER(Outage.Fault.SWITCHOVER, Duration.ofSeconds(1), true) {
        @Override
        Runnable strike(Cluster cluster) {
            cluster.act("switchover");
            return NOTHING;
        }
    },
    /** The way home. */
    FALLBACK(Outage.Fault.SWITCHOVER, Duration.ofSeconds(1), true) {
        @Override
        Runnable strike(Cluster cluster) {
            cluster.act("fallback");
            return NOTHING;
        }
    },
    /** The witness is killed; its launcher starts it again. */
    KILL_WITNESS(Outage.Fault.WITNESS_LOST, Duration.ofSeconds(2), false) {
        @Override
        Runnable strike(Cluster cluster) {
            Host.signal("KILL", cluster.server(Layout.WITNESS));
            return NOTHING;
        }
    },
    /** The witness stands still. */
    HANG_WITNESS(Outage.Fault.WITNESS_LOST, Duration.ofSeconds(2), false) {
        @Override
        Runnable strike(Cluster cluster) {
            return hang(cluster, Layout.WITNESS);
        }

        @Override
        public Duration lasts() {
            return Duration.ofSeconds(12);
        }
    },
    /** The standby's app server and PostgreSQL are killed at once. */
    KILL_STANDBY(Outage.Fault.STANDBY_KILLED, Duration.ofSeconds(2), false) {
        @Override
        Runnable strike(Cluster cluster) {
            String standby = Layout.other(cluster.active());
            Host.signal("KILL", cluster.server(standby), cluster.postgres(standby));
            return NOTHING;
        }
    },
    /** The standby's app server stands still; its PostgreSQL goes on. */
    HANG_STANDBY(Outage.Fault.STANDBY_LOST, Duration.ofSeconds(2), false) {
        @Override
        Runnable strike(Cluster cluster) {
            return hang(cluster, Layout.other(cluster.active()));
        }

        @Override
        public Duration lasts() {
            return Duration.ofSeconds(12);
        }
    };

    private static final Runnable NOTHING = () -> {};

    private final Outage.Fault kind;
    private final Duration aim;
    private final boolean moves;

    Fault(Outage.Fault kind, Duration aim, boolean moves) {
        this.kind = kind;
        this.aim = aim;
        this.moves = moves;
    }

    /**
     * Does it.
     *
     * @return ends the cause, and checks what must be true at the end of it
     */
    abstract Runnable strike(Cluster cluster);

    private static Runnable hang(Cluster cluster, String member) {
        long server = cluster.server(member);
        cluster.stop(server);
        return () -> cluster.cont(server);
    }

    /** Returns how long the cause lasts before it is ended. */
    public Duration lasts() {
        return Duration.ofNanos(TimeUnit.SECONDS.toNanos(4));
    }

    /** Returns what the project promises for the outage of writes. */
    public Duration aim() {
        return aim;
    }

    /** Returns whether the other node serves afterwards. */
    public boolean moves() {
        return moves;
    }

    /** Returns the longest outage that docs/timing.md derives. */
    public Duration worst() {
        return Outage.of(kind, Timers.FAST).worstTotal();
    }
}
