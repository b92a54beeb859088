package io.understudy.core.state;

import io.understudy.core.ledger.Reason;
import io.understudy.core.state.PairTable.Cell;
import io.understudy.core.state.PairTable.Flag;
import io.understudy.core.state.PairTable.Row;
import io.understudy.core.state.PairTable.Shown;
import io.understudy.core.state.PairTable.Why;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows of {@link PairTable} as text, so that the table can be read as one.
 *
 * <p>Columns: how the home node stands; how the backup stands; what else must hold, or {@code *};
 * the reasons of the turn of which one must hold, or {@code *}; what is shown for home and for the
 * backup, each as state:source of its reason, or OWN; the health-monitor states of both; advice.
 */
final class PairTableRows {

    /** Shorthands for several standings. */
    private static final Map<String, String> STANDINGS =
            Map.of(
                    "*", "UNSEEN INITIALIZING STANDBY UNABLE TAKING ACTIVE LEAVING FAILED STOPPED",
                    "WAITING", "STANDBY UNABLE STOPPED",
                    "QUIET", "STANDBY UNABLE STOPPED FAILED INITIALIZING",
                    "SERVING", "ACTIVE LEAVING",
                    "OUT", "UNSEEN INITIALIZING STANDBY UNABLE FAILED STOPPED");

    private static final String TABLE =
            """
            # Nothing is known.
            *                             | *                             | DISABLED                                     | * | UNKNOWN:UNKNOWN          | UNKNOWN:UNKNOWN        | TERMINATED        | TERMINATED        | not-enabled
            UNSEEN                        | UNSEEN                        | *                                            | * | OWN                      | OWN                    | TERMINATED        | TERMINATED        | both-unseen

            # Stopped on purpose: nobody takes over by itself.
            UNSEEN                        | QUIET                         | PARKED HOMES_TURN                            | * | UNKNOWN:GRACEFUL         | OWN                    | GRACEFUL_SHUTDOWN | GRACEFUL_SHUTDOWN | stopped-on-purpose
            QUIET LEAVING                 | QUIET UNSEEN                  | PARKED HOMES_TURN                            | * | IDLE:GRACEFUL            | OWN                    | GRACEFUL_SHUTDOWN | GRACEFUL_SHUTDOWN | stopped-on-purpose
            UNSEEN                        | QUIET LEAVING                 | PARKED BACKUPS_TURN                          | * | OWN                      | IDLE:GRACEFUL          | TERMINATED        | GRACEFUL_SHUTDOWN | stopped-on-purpose
            QUIET                         | UNSEEN                        | PARKED BACKUPS_TURN                          | * | FAILED_OVER:TURN         | UNKNOWN:GRACEFUL       | TERMINATED        | GRACEFUL_SHUTDOWN | stopped-on-purpose
            QUIET                         | QUIET LEAVING                 | PARKED BACKUPS_TURN                          | * | FAILED_OVER:TURN         | IDLE:GRACEFUL          | TERMINATED        | GRACEFUL_SHUTDOWN | stopped-on-purpose

            # Neither can serve. Two active ones cannot be under the lease; if a bug makes them, it must show.
            FAILED                        | FAILED                        | *                                            | START_OF_CRITICAL_SERVICES_FAILED | FAILED_MODE:FAILURE | FAILED_MODE:FAILURE | TERMINATED | TERMINATED | failed-start
            FAILED                        | FAILED                        | *                                            | CRITICAL_SERVICE_DOWN             | FAILED_MODE:FAILURE | FAILED_MODE:FAILURE | TERMINATED | TERMINATED | failed-service
            FAILED                        | FAILED                        | *                                            | DATABASE_FAILURE                  | FAILED_MODE:FAILURE | FAILED_MODE:FAILURE | TERMINATED | TERMINATED | failed-database
            FAILED                        | FAILED                        | *                                            | TAKE_OVER_USERS_FAILED            | FAILED_MODE:FAILURE | FAILED_MODE:FAILURE | TERMINATED | TERMINATED | failed-take-over
            FAILED                        | FAILED                        | *                                            | TAKE_BACK_USERS_FAILED            | FAILED_MODE:FAILURE | FAILED_MODE:FAILURE | TERMINATED | TERMINATED | failed-take-back
            FAILED                        | FAILED                        | *                                            | * | FAILED_MODE:FAILURE      | FAILED_MODE:FAILURE    | TERMINATED        | TERMINATED        | failed
            ACTIVE                        | ACTIVE                        | *                                            | * | FAILED_MODE:UNKNOWN      | FAILED_MODE:UNKNOWN    | PRIMARY_ACTIVE    | FAILOVER_ACTIVE   | both-active

            # Nobody serves, and without a majority nobody may begin to. Who takes over on proof that the
            # other is dead has begun already: that is shown as under way for as long as it lasts.
            WAITING                       | OUT                           | NO_MAJORITY HOMES_TURN                       | * | INITIALIZING:INITIALIZATION | OWN                    | TERMINATED        | TERMINATED        | no-majority
            FAILED                        | OUT                           | NO_MAJORITY                                  | * | FAILED_OVER_DOWN:HEALTH  | OWN                    | TERMINATED        | TERMINATED        | no-majority
            WAITING                       | WAITING                       | NO_MAJORITY BACKUPS_TURN                     | * | FAILED_OVER:TURN         | INITIALIZING:INITIALIZATION | TERMINATED        | TERMINATED        | no-majority
            WAITING                       | OUT                           | NO_MAJORITY BACKUPS_TURN                     | * | FAILED_OVER:TURN         | OWN                    | TERMINATED        | TERMINATED        | no-majority
            OUT                           | WAITING                       | NO_MAJORITY BACKUPS_TURN                     | * | OWN                      | INITIALIZING:INITIALIZATION | TERMINATED        | TERMINATED        | no-majority
            OUT                           | OUT                           | NO_MAJORITY                                  | * | OWN                      | OWN                    | TERMINATED        | TERMINATED        | no-majority

            # The home node serves, and it is its turn.
            ACTIVE                        | STANDBY                       | HOMES_TURN IN_SYNC                           | * | NORMAL:NORMAL            | NORMAL:NORMAL          | PRIMARY_ACTIVE    | SECONDARY_ACTIVE  | normal
            ACTIVE                        | STANDBY                       | HOMES_TURN                                   | ON_ADMIN_REQUEST AUTOMATIC_FALLBACK AUTO_RECOVERY_DATABASE_FAILURE AUTO_RECOVERY_CRITICAL_SERVICE_DOWN | NORMAL:NORMAL | NORMAL:NORMAL | FAILBACK_COMPLETE | SECONDARY_ALONE | standby-loading
            ACTIVE                        | STANDBY                       | HOMES_TURN                                   | * | NORMAL:NORMAL            | NORMAL:NORMAL          | PRIMARY_ACTIVE    | SECONDARY_ALONE   | standby-loading
            ACTIVE                        | UNABLE                        | HOMES_TURN                                   | * | NORMAL:NORMAL            | OWN                    | PRIMARY_ACTIVE    | SECONDARY_ALONE   | standby-unable
            ACTIVE                        | FAILED                        | HOMES_TURN                                   | * | NORMAL:NORMAL            | OWN                    | PRIMARY_ACTIVE    | TERMINATED        | standby-failed
            ACTIVE                        | UNSEEN                        | HOMES_TURN                                   | * | NORMAL:NORMAL            | OWN                    | PRIMARY_ACTIVE    | TERMINATED        | standby-unseen
            ACTIVE                        | INITIALIZING                  | HOMES_TURN                                   | * | NORMAL:NORMAL            | OWN                    | PRIMARY_ACTIVE    | TERMINATED        | standby-starting
            ACTIVE                        | STOPPED                       | HOMES_TURN                                   | * | NORMAL:NORMAL            | OWN                    | PRIMARY_ACTIVE    | GRACEFUL_SHUTDOWN | standby-stopped

            # On its way home.
            WAITING TAKING LEAVING        | WAITING SERVING TAKING        | HOMES_TURN                                   | AUTO_RECOVERY_DATABASE_FAILURE      | TAKING_BACK:TURN | FALLING_BACK:TURN | FAILBACK_ACTIVE | FAILBACK_ACTIVE | auto-recovery-database
            WAITING TAKING LEAVING        | WAITING SERVING TAKING        | HOMES_TURN                                   | AUTO_RECOVERY_CRITICAL_SERVICE_DOWN | TAKING_BACK:TURN | FALLING_BACK:TURN | FAILBACK_ACTIVE | FAILBACK_ACTIVE | auto-recovery-service
            WAITING TAKING LEAVING        | WAITING SERVING TAKING        | HOMES_TURN                                   | AUTOMATIC_FALLBACK                  | TAKING_BACK:TURN | FALLING_BACK:TURN | FAILBACK_ACTIVE | FAILBACK_ACTIVE | automatic-fallback-under-way
            WAITING TAKING LEAVING        | WAITING SERVING TAKING        | HOMES_TURN HOME_RESTARTED                    | ON_ADMIN_REQUEST                    | TAKING_BACK:TURN | FALLING_BACK:TURN | FAILBACK_ACTIVE | FAILBACK_ACTIVE | fallback-home-restarted
            WAITING TAKING LEAVING        | WAITING SERVING TAKING        | HOMES_TURN                                   | ON_ADMIN_REQUEST                    | TAKING_BACK:TURN | FALLING_BACK:TURN | FAILBACK_ACTIVE | FAILBACK_ACTIVE | fallback-under-way
            WAITING TAKING LEAVING ACTIVE | SERVING                       | HOMES_TURN                                   | * | TAKING_BACK:TURN         | FALLING_BACK:TURN      | FAILBACK_ACTIVE   | FAILBACK_ACTIVE   | fallback-under-way
            INITIALIZING                  | SERVING                       | HOMES_TURN                                   | * | OWN                      | FALLING_BACK:TURN      | FAILBACK_ACTIVE   | FAILBACK_ACTIVE   | fallback-under-way
            FAILED                        | SERVING                       | HOMES_TURN                                   | * | FAILED_OVER_DOWN:HEALTH  | BACKUP_MODE:TURN       | TERMINATED        | FAILOVER_ACTIVE   | home-failed
            UNSEEN                        | SERVING                       | HOMES_TURN                                   | * | OWN                      | BACKUP_MODE:TURN       | FAILOVER_ACTIVE   | FAILOVER_ACTIVE   | peer-down

            # The home node's turn, and nobody serves. A standby claims before the ledger says that it is its turn.
            QUIET UNSEEN SERVING          | TAKING                        | HOMES_TURN                                   | * | FAILING_OVER:PEER_DOWN   | TAKING_OVER:PEER_DOWN  | FAILOVER_INVOKED  | FAILOVER_INVOKED  | failover-under-way
            TAKING                        | *                             | HOMES_TURN                                   | * | INITIALIZING:INITIALIZATION | OWN                 | TERMINATED        | TERMINATED        | starting
            LEAVING                       | *                             | HOMES_TURN                                   | * | FAILING_OVER:UNKNOWN     | OWN                    | TERMINATED        | SECONDARY_ACTIVE  | stepping-down
            FAILED                        | *                             | HOMES_TURN                                   | * | FAILED_OVER_DOWN:HEALTH  | OWN                    | TERMINATED        | SECONDARY_ACTIVE  | home-failed-nobody-serves
            INITIALIZING                  | *                             | HOMES_TURN                                   | * | OWN                      | OWN                    | TERMINATED        | TERMINATED        | starting
            UNSEEN                        | *                             | HOMES_TURN                                   | * | OWN                      | OWN                    | TERMINATED        | SECONDARY_ACTIVE  | home-unseen
            WAITING                       | *                             | HOMES_TURN                                   | * | INITIALIZING:INITIALIZATION | OWN                 | TERMINATED        | TERMINATED        | nobody-serves

            # On its way to the backup.
            WAITING SERVING               | WAITING TAKING                | BACKUPS_TURN BACKUP_RESTARTED                | ON_ADMIN_REQUEST | FAILING_OVER:TURN | TAKING_OVER:TURN | FAILOVER_INVOKED | FAILOVER_INVOKED | failover-backup-restarted
            WAITING SERVING               | WAITING TAKING                | BACKUPS_TURN                                 | ON_ADMIN_REQUEST | FAILING_OVER:TURN | TAKING_OVER:TURN | FAILOVER_INVOKED | FAILOVER_INVOKED | manual-failover-under-way
            WAITING SERVING UNSEEN        | WAITING TAKING                | BACKUPS_TURN                                 | * | FAILING_OVER:TURN        | TAKING_OVER:TURN       | FAILOVER_INVOKED  | FAILOVER_INVOKED  | failover-under-way
            SERVING                       | ACTIVE LEAVING                | BACKUPS_TURN                                 | * | FAILING_OVER:TURN        | TAKING_OVER:TURN       | FAILOVER_INVOKED  | FAILOVER_INVOKED  | failover-under-way
            SERVING                       | *                             | BACKUPS_TURN                                 | * | FAILING_OVER:TURN        | OWN                    | FAILOVER_INVOKED  | FAILOVER_INVOKED  | failover-under-way
            INITIALIZING                  | WAITING TAKING                | BACKUPS_TURN                                 | * | OWN                      | TAKING_OVER:TURN       | FAILOVER_INVOKED  | FAILOVER_INVOKED  | failover-under-way
            FAILED                        | WAITING TAKING                | BACKUPS_TURN                                 | * | FAILED_OVER_DOWN:HEALTH  | TAKING_OVER:TURN       | FAILOVER_INVOKED  | FAILOVER_INVOKED  | failover-under-way
            TAKING                        | WAITING SERVING TAKING        | BACKUPS_TURN                                 | * | TAKING_BACK:TURN         | FALLING_BACK:TURN      | FAILBACK_ACTIVE   | FAILBACK_ACTIVE   | home-takes-back
            TAKING                        | *                             | BACKUPS_TURN                                 | * | TAKING_BACK:TURN         | OWN                    | FAILBACK_ACTIVE   | FAILBACK_ACTIVE   | home-takes-back

            # The backup serves, and it is its turn.
            STANDBY                       | ACTIVE                        | BACKUPS_TURN HOME_RESTARTED BACKUP_RESTARTED | ON_ADMIN_REQUEST | IDLE:TURN | BACKUP_MODE:TURN | TERMINATED | FAILOVER_ACTIVE | idle-both-restarted
            STANDBY                       | ACTIVE                        | BACKUPS_TURN HOME_RESTARTED                  | ON_ADMIN_REQUEST | IDLE:TURN | BACKUP_MODE:TURN | TERMINATED | FAILOVER_ACTIVE | idle-home-restarted
            STANDBY                       | ACTIVE                        | BACKUPS_TURN BACKUP_RESTARTED                | ON_ADMIN_REQUEST | IDLE:TURN | BACKUP_MODE:TURN | TERMINATED | FAILOVER_ACTIVE | idle-backup-restarted
            STANDBY                       | ACTIVE                        | BACKUPS_TURN                                 | ON_ADMIN_REQUEST | IDLE:TURN | BACKUP_MODE:TURN | TERMINATED | FAILOVER_ACTIVE | idle
            STANDBY                       | ACTIVE                        | BACKUPS_TURN                                 | PEER_DOWN_DURING_INITIALIZATION | FAILED_OVER:TURN | BACKUP_MODE:TURN | TERMINATED | FAILOVER_ACTIVE | failed-over-unseen-at-start
            STANDBY                       | ACTIVE                        | BACKUPS_TURN                                 | * | FAILED_OVER:TURN         | BACKUP_MODE:TURN       | TERMINATED        | FAILOVER_ACTIVE   | failed-over
            UNABLE                        | ACTIVE                        | BACKUPS_TURN                                 | PEER_DOWN_DURING_INITIALIZATION | FAILED_OVER_DOWN:HEALTH | BACKUP_MODE:TURN | TERMINATED | FAILOVER_ACTIVE | failed-over-unseen-at-start
            UNABLE                        | ACTIVE                        | BACKUPS_TURN HOME_DATABASE_FAILED            | * | FAILED_OVER_DOWN:HEALTH  | BACKUP_MODE:TURN       | TERMINATED        | FAILOVER_ACTIVE   | failed-over-database
            UNABLE                        | ACTIVE                        | BACKUPS_TURN                                 | * | FAILED_OVER_DOWN:HEALTH  | BACKUP_MODE:TURN       | TERMINATED        | FAILOVER_ACTIVE   | failed-over-service
            FAILED                        | ACTIVE                        | BACKUPS_TURN                                 | * | FAILED_OVER_DOWN:HEALTH  | BACKUP_MODE:TURN       | TERMINATED        | FAILOVER_ACTIVE   | home-failed
            UNSEEN                        | ACTIVE                        | BACKUPS_TURN                                 | PEER_REBOOT | OWN            | BACKUP_MODE:TURN       | FAILOVER_ACTIVE   | FAILOVER_ACTIVE   | peer-reboot
            UNSEEN                        | ACTIVE                        | BACKUPS_TURN                                 | * | OWN                      | BACKUP_MODE:TURN       | FAILOVER_ACTIVE   | FAILOVER_ACTIVE   | peer-down
            INITIALIZING                  | ACTIVE                        | BACKUPS_TURN                                 | * | OWN                      | BACKUP_MODE:TURN       | TERMINATED        | FAILOVER_ACTIVE   | home-starting
            STOPPED                       | ACTIVE                        | BACKUPS_TURN                                 | ON_ADMIN_REQUEST | IDLE:TURN | BACKUP_MODE:TURN       | TERMINATED        | FAILOVER_ACTIVE   | home-stopped
            STOPPED                       | ACTIVE                        | BACKUPS_TURN                                 | * | OWN                      | BACKUP_MODE:TURN       | TERMINATED        | FAILOVER_ACTIVE   | home-stopped

            # The backup's turn, and it stops serving or is lost.
            WAITING                       | LEAVING                       | BACKUPS_TURN                                 | * | FAILED_OVER:TURN         | FALLING_BACK:UNKNOWN   | TERMINATED        | TERMINATED        | stepping-down
            FAILED                        | LEAVING                       | BACKUPS_TURN                                 | * | FAILED_OVER_DOWN:HEALTH  | FALLING_BACK:UNKNOWN   | TERMINATED        | TERMINATED        | stepping-down
            *                             | LEAVING                       | BACKUPS_TURN                                 | * | OWN                      | FALLING_BACK:UNKNOWN   | TERMINATED        | TERMINATED        | stepping-down
            WAITING                       | UNSEEN                        | BACKUPS_TURN                                 | * | FAILED_OVER:TURN         | OWN                    | TERMINATED        | TERMINATED        | backup-lost
            WAITING                       | INITIALIZING FAILED           | BACKUPS_TURN                                 | * | FAILED_OVER:TURN         | OWN                    | TERMINATED        | TERMINATED        | nobody-serves
            FAILED                        | UNSEEN INITIALIZING           | BACKUPS_TURN                                 | * | FAILED_OVER_DOWN:HEALTH  | OWN                    | TERMINATED        | TERMINATED        | home-failed-nobody-serves
            *                             | *                             | BACKUPS_TURN                                 | * | OWN                      | OWN                    | TERMINATED        | TERMINATED        | nobody-serves
            """;

    private static final int COLUMNS = 9;

    private PairTableRows() {}

    static List<Row> all() {
        return TABLE.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(PairTableRows::row)
                .toList();
    }

    private static Row row(String line) {
        String[] cells = line.split("\\|");
        if (cells.length != COLUMNS) {
            throw new IllegalStateException("pair state table: not nine columns: " + line);
        }
        return new Row(
                standings(cells[0]),
                standings(cells[1]),
                constants(Flag.class, cells[2]),
                constants(Reason.class, cells[3]),
                cell(cells[4]),
                cell(cells[5]),
                PairState.valueOf(cells[6].strip()),
                PairState.valueOf(cells[7].strip()),
                cells[8].strip());
    }

    private static Set<Standing> standings(String cell) {
        return words(cell)
                .flatMap(w -> words(STANDINGS.getOrDefault(w, w)))
                .map(Standing::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Standing.class)));
    }

    private static <E extends Enum<E>> Set<E> constants(Class<E> type, String cell) {
        return words(cell)
                .filter(w -> !w.equals("*"))
                .map(w -> Enum.valueOf(type, w))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(type)));
    }

    private static Cell cell(String cell) {
        String[] parts = cell.strip().split(":");
        return parts.length == 1
                ? new Cell(Shown.valueOf(parts[0]), Why.NORMAL)
                : new Cell(Shown.valueOf(parts[0]), Why.valueOf(parts[1]));
    }

    private static Stream<String> words(String cell) {
        return Arrays.stream(cell.strip().split(" +"));
    }
}
