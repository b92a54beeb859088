package io.understudy.core.explain;

import io.understudy.core.timing.Outage;
import io.understudy.core.timing.Timers;
import io.understudy.core.view.ClusterView;
import java.util.List;
import java.util.Objects;

/** What a takeover would cost, by the arithmetic of docs/timing.md. */
public final class Takeovers {

    private Takeovers() {}

    /**
     * Returns what it would cost if the active node failed now.
     *
     * @param timers the group's
     * @param lossless whether the standby's copy holds everything acknowledged, or there is none
     * @param active the name of the node that serves, null if none does
     * @param databases as observed on both nodes
     */
    public static ClusterView.Takeover of(
            Timers timers, boolean lossless, String active, List<ClusterView.Database> databases) {
        return new ClusterView.Takeover(
                expectedMillis(timers),
                longestMillis(timers),
                lossless,
                lossless ? null : lag(active, databases));
    }

    /** How long writes stand still if the active's processes die while its host answers. */
    static long expectedMillis(Timers timers) {
        return Outage.of(Outage.Fault.KILLED_WITH_PROOF, timers).expectedTotal().toMillis();
    }

    /** How long writes stand still at the longest if the active's host is lost. */
    static long longestMillis(Timers timers) {
        return Outage.of(Outage.Fault.HOST_LOST, timers).worstTotal().toMillis();
    }

    /**
     * The log that the standby's copies lack by the active node's word, or null if it says none.
     */
    static Long lag(String active, List<ClusterView.Database> databases) {
        return databases.stream()
                .filter(d -> d.node().equals(active))
                .map(ClusterView.Database::lagBytes)
                .filter(Objects::nonNull)
                .max(Long::compare)
                .orElse(null);
    }
}
