package io.understudy.core.state;

import io.understudy.core.ledger.Reason;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The one table of a pair's states: the first row that fits holds. It covers "State pairs, reasons
 * and advice" of the presence redundancy groups and the life of a health-monitor pair; what those
 * do not name is here too, so that every situation has a row.
 */
final class PairTable {

    /** What a cell shows. */
    enum Shown {
        /** What the node is by itself; see {@link PairStates}. */
        OWN(null),
        IDLE(NodeState.IDLE),
        INITIALIZING(NodeState.INITIALIZING),
        NORMAL(NodeState.NORMAL),
        BACKUP_MODE(NodeState.RUNNING_IN_BACKUP_MODE),
        TAKING_OVER(NodeState.TAKING_OVER),
        FAILING_OVER(NodeState.FAILING_OVER),
        FAILED_OVER(NodeState.FAILED_OVER),
        FAILED_OVER_DOWN(NodeState.FAILED_OVER_CRITICAL_SERVICES_NOT_RUNNING),
        FALLING_BACK(NodeState.FALLING_BACK),
        TAKING_BACK(NodeState.TAKING_BACK),
        FAILED_MODE(NodeState.RUNNING_IN_FAILED_MODE),
        UNKNOWN(NodeState.UNKNOWN);

        private final NodeState state;

        Shown(NodeState state) {
            this.state = state;
        }

        NodeState state() {
            return state;
        }
    }

    /** Where a cell's reason comes from. */
    enum Why {
        /** Why it is that node's turn; Initialization for a node that restarted since. */
        TURN,
        /** The reason of the turn if it names a failure, else Unknown. */
        FAILURE,
        /** What failed on this node; Initialization for a node that restarted since. */
        HEALTH,
        NORMAL,
        UNKNOWN,
        PEER_DOWN,
        INITIALIZATION,
        GRACEFUL
    }

    /** Facts besides the two standings that a row may ask for. */
    enum Flag {
        DISABLED,
        PARKED,
        NO_MAJORITY,
        HOMES_TURN,
        BACKUPS_TURN,
        IN_SYNC,
        HOME_RESTARTED,
        BACKUP_RESTARTED,
        HOME_DATABASE_FAILED
    }

    /** What a row shows for one node. */
    record Cell(Shown state, Why reason) {}

    /**
     * A row.
     *
     * @param flags all of which must hold
     * @param reasons of which one must be that of the turn; empty: any
     */
    record Row(
            Set<Standing> whenHome,
            Set<Standing> whenBackup,
            Set<Flag> flags,
            Set<Reason> reasons,
            Cell home,
            Cell backup,
            PairState homePair,
            PairState backupPair,
            String advice) {

        boolean fits(Standing atHome, Standing atBackup, Set<Flag> holding, Reason reason) {
            return whenHome.contains(atHome)
                    && whenBackup.contains(atBackup)
                    && holding.containsAll(flags)
                    && (reasons.isEmpty() || reasons.contains(reason));
        }
    }

    private static final List<Row> ROWS = PairTableRows.all();

    private PairTable() {}

    /** Returns all rows in their order, for tests and for docs. */
    static List<Row> rows() {
        return ROWS;
    }

    static Row rowFor(PairSituation s) {
        Standing home = Standing.of(s, s.home());
        Standing backup = Standing.of(s, s.backup());
        Set<Flag> flags = flags(s);
        return ROWS.stream()
                .filter(r -> r.fits(home, backup, flags, s.reason()))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "no row for home "
                                                + home
                                                + ", backup "
                                                + backup
                                                + ", "
                                                + flags
                                                + ", "
                                                + s.reason()));
    }

    private static Set<Flag> flags(PairSituation s) {
        EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
        flags.add(s.homesTurn() ? Flag.HOMES_TURN : Flag.BACKUPS_TURN);
        addIf(flags, Flag.DISABLED, !s.enabled());
        addIf(flags, Flag.PARKED, s.parked());
        addIf(flags, Flag.NO_MAJORITY, !s.majority());
        addIf(flags, Flag.IN_SYNC, s.standbyInSync());
        addIf(flags, Flag.HOME_RESTARTED, s.homeFacts().restarted());
        addIf(flags, Flag.BACKUP_RESTARTED, s.backupFacts().restarted());
        addIf(flags, Flag.HOME_DATABASE_FAILED, s.homeFacts().databaseFailed());
        return flags;
    }

    private static void addIf(Set<Flag> flags, Flag flag, boolean holds) {
        if (holds) {
            flags.add(flag);
        }
    }
}
