package io.understudy.systemtests.lab;

import io.understudy.systemtests.Await;
import io.understudy.systemtests.Cluster;
import io.understudy.systemtests.Host;
import io.understudy.systemtests.Layout;
import java.time.Duration;

/** What is done to a lab whose cluster is whole, and how it is mended. */
public enum LabFault {
    /** The service's process is killed; the node starts it again. */
    KILL_SERVICE(1000, Move.NEVER) {
        @Override
        Runnable strike(Lab lab, String active) {
            Host.signal("KILL", service(lab.cluster(), active));
            return NOTHING;
        }
    },
    /** The active node's app server is killed; its launcher starts it again. */
    KILL_SERVER(1000, Move.MUST) {
        @Override
        Runnable strike(Lab lab, String active) {
            Host.signal("KILL", lab.cluster().server(active));
            return NOTHING;
        }
    },
    /** App server, launcher and PostgreSQL are killed; what else ran on the host lives on. */
    KILL_PROGRAM(1500, Move.MUST) {
        @Override
        Runnable strike(Lab lab, String active) {
            Cluster cluster = lab.cluster();
            Host.signal(
                    "KILL",
                    cluster.member(active).launcherProcess(),
                    cluster.server(active),
                    cluster.postgres(active));
            return () -> lab.restorePower(active);
        }
    },
    /** Every process of the active host is killed at once; its network lives on. */
    KILL_HOST(3500, Move.MUST) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.killAll(active);
            return () -> lab.restorePower(active);
        }
    },
    /** Everything on the active host is killed at once, with its cables drawn. */
    POWER_LOSS(3500, Move.MUST) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.cutPower(active);
            return () -> lab.restorePower(active);
        }
    },
    /** The active node's app server stands still, then goes on. */
    STOP_SERVER(3500, Move.MUST, 10, 30) {
        @Override
        Runnable strike(Lab lab, String active) {
            long server = lab.cluster().server(active);
            lab.cluster().stop(server);
            return () -> lab.cluster().cont(server);
        }
    },
    /** Every process of the active host stands still, then goes on. */
    FREEZE_HOST(3500, Move.MUST, 10, 30) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.freeze(active);
            return () -> lab.thaw(active);
        }
    },
    /** All cables of the active host are drawn, and put back. */
    CUT_LINK(3500, Move.MUST, 10, 30) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.unplug(active);
            return () -> lab.plug(active);
        }
    },
    /** The two nodes do not reach each other; witness and clients reach both. */
    CUT_BETWEEN(3500, Move.MAY, 10, 30) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.separateNodes();
            return lab::pass;
        }
    },
    /** The active host's cable to all others is drawn; its direct link to the standby stays. */
    CUT_MAIN(3500, Move.MUST, 10, 30) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.unplugMain(active);
            return () -> lab.plug(active);
        }
    },
    /** The two nodes reach each other by the direct link only; others reach both. */
    CUT_MAIN_BETWEEN(3500, Move.MAY, 10, 30) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.separateMain();
            return lab::pass;
        }
    },
    /** The active host receives, and what it sends is lost. */
    MUTE(3500, Move.MUST, 8, 30) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.mute(active);
            return lab::pass;
        }
    },
    /** The active host sends, and receives nothing. */
    DEAFEN(3500, Move.MUST, 8, 30) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.deafen(active);
            return lab::pass;
        }
    },
    /** Everything on the standby's host is killed at once, with its cables drawn. */
    LOSE_STANDBY(1500, Move.NEVER) {
        @Override
        Runnable strike(Lab lab, String active) {
            String standby = Layout.other(active);
            lab.cutPower(standby);
            return () -> lab.restorePower(standby);
        }
    },
    /** Every process of the standby's host stands still, then goes on. */
    FREEZE_STANDBY(1500, Move.NEVER, 6, 12) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.freeze(Layout.other(active));
            return () -> lab.thaw(Layout.other(active));
        }
    },
    /** All cables of the standby's host are drawn, and put back. */
    CUT_STANDBY(1500, Move.NEVER, 6, 12) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.unplug(Layout.other(active));
            return () -> lab.plug(Layout.other(active));
        }
    },
    /** Everything on the witness's host is killed at once, with its cable drawn. */
    LOSE_WITNESS(1500, Move.NEVER) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.cutPower(Layout.WITNESS);
            return () -> lab.restorePower(Layout.WITNESS);
        }
    },
    /** A fifth of all frames is lost at random. */
    LOSS(60_000, Move.NEVER, 20, 60) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.lose(20);
            return lab::pass;
        }
    },
    /** A planned move to the other node. */
    SWITCHOVER(500, Move.MUST, 0, 0) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.cluster().act("switchover");
            return NOTHING;
        }
    },
    /** The way home; the instance must be away. */
    FALLBACK(500, Move.MUST, 0, 0) {
        @Override
        Runnable strike(Lab lab, String active) {
            lab.cluster().act("fallback");
            return NOTHING;
        }
    };

    /** Whether the instance is served by the other node afterwards. */
    public enum Move {
        /** It is. */
        MUST,
        /** Once at most. */
        MAY,
        /** It stays. */
        NEVER
    }

    private static final Runnable NOTHING = () -> {};

    private final long aimMillis;
    private final Move move;
    private final Duration brief;
    private final Duration full;

    LabFault(long aimMillis, Move move, int briefSeconds, int fullSeconds) {
        this.aimMillis = aimMillis;
        this.move = move;
        this.brief = Duration.ofSeconds(briefSeconds);
        this.full = Duration.ofSeconds(fullSeconds);
    }

    LabFault(long aimMillis, Move move) {
        this(aimMillis, move, 4, 4);
    }

    /**
     * Does it.
     *
     * @return ends the cause
     */
    abstract Runnable strike(Lab lab, String active);

    private static long service(Cluster cluster, String node) {
        return Await.value(
                        "the service runs on " + node,
                        Duration.ofSeconds(10),
                        () ->
                                cluster.instance(node).stream()
                                        .flatMap(i -> i.services().stream())
                                        .filter(s -> s.node().equals(node))
                                        .filter(s -> s.name().equals("doorman"))
                                        .filter(s -> s.pid() != null)
                                        .findFirst())
                .pid();
    }

    /** Returns how long the cause lasts: in tests, or in full. */
    public Duration lasts(boolean inFull) {
        return inFull ? full : brief;
    }

    /** Returns for how long clients may find nobody, and writes may stand still, by the promise. */
    public Duration aim() {
        return Duration.ofMillis(aimMillis);
    }

    /** Returns whether it moves the instance. */
    public Move move() {
        return move;
    }

    /** Returns whether {@link #aim} is for a writer through the address too. */
    public boolean concernsWrites() {
        return switch (this) {
            case LOSE_STANDBY, FREEZE_STANDBY, CUT_STANDBY, LOSE_WITNESS -> true;
            default -> false;
        };
    }
}
