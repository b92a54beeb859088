package io.understudy.core.explain;

import io.understudy.core.recovery.Obstacle;
import io.understudy.core.recovery.Refusal;
import java.util.Map;

/**
 * Which rule is behind an obstacle: R1 to R24 as {@code core.recovery.Rules} numbers them, L2 and
 * L4 of the laws in docs/architecture.md, or the timer or setting of the group. The texts are
 * {@code rule.CODE}.
 */
public final class Stops {

    /** The rules by the obstacle's name; what is not here has none. */
    static final Map<String, String> RULES =
            Map.ofEntries(
                    Map.entry(Obstacle.NO_MAJORITY.name(), "L4"),
                    Map.entry(Obstacle.WATCHING.name(), "R4"),
                    Map.entry(Obstacle.LEDGER_UNKNOWN.name(), "R6"),
                    Map.entry(Obstacle.FAILED_HERE.name(), "FAILED_RETRY"),
                    Map.entry(Obstacle.PARKED.name(), "R9"),
                    Map.entry(Obstacle.HELD.name(), "R16"),
                    Map.entry(Obstacle.NOT_IN_SYNC.name(), "R5"),
                    Map.entry(Obstacle.PINNED.name(), "R21"),
                    Map.entry(Obstacle.NEVER_RAN.name(), "R5"),
                    Map.entry(Obstacle.PEERS_TURN.name(), "HAND_OVER_LIMIT"),
                    Map.entry(Obstacle.HOLDER_LIVES.name(), "R3"),
                    Map.entry(Obstacle.MANUAL.name(), "FAILOVER_MANUAL"),
                    Map.entry(Refusal.PEER_NOT_IN_SYNC.name(), "R5"),
                    Map.entry("FALLBACK_MANUAL", "FALLBACK_MANUAL"),
                    Map.entry("FALLBACK_HEALTHY", "FALLBACK_HEALTHY"),
                    Map.entry("STANDBY_HERE", "L2"),
                    Map.entry("NO_STREAM", "R8"),
                    Map.entry("CATCHING_UP", "R8"),
                    Map.entry("JOINING", "R8"),
                    Map.entry("RECORDING_TOGETHER", "R8"),
                    Map.entry("RECORDING_ALONE", "R7"),
                    Map.entry("RELAXING", "R7"));

    private Stops() {}

    /** Returns the rule behind {@code obstacle}, or null if it has none. */
    public static String rule(String obstacle) {
        return RULES.get(obstacle);
    }
}
