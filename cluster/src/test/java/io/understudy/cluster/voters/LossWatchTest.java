package io.understudy.cluster.voters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.node.NodeName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What counts as a store that is lost for good, and what does not. */
class LossWatchTest {

    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");
    private static final NodeName WITNESS = NodeName.of("witness");
    private static final List<NodeName> ALL = List.of(ALPHA, BETA, WITNESS);
    private static final long CALM = LossWatch.CALM.toNanos();
    private static final String LEASE = "lease-nms#7";

    private final UUID a = UUID.randomUUID();
    private final UUID b = UUID.randomUUID();
    private final UUID w = UUID.randomUUID();
    private final Map<NodeName, VoterReport> word = new HashMap<>();
    private final LossWatch watch = new LossWatch();

    @Test
    void oneSurvivorAndTwoNewProcessesAreALoss() {
        say(ALPHA, a, Map.of());
        say(BETA, null, Map.of());
        say(WITNESS, null, Map.of());
        say(ALPHA, a, Map.of(LEASE, Set.of(a, b, w)));
        assertEquals(Set.of(LEASE), word.get(ALPHA).standing().lost());
        assertFalse(lost(0), "at once");
        assertFalse(lost(CALM - 1));
        assertTrue(lost(CALM));
    }

    @Test
    void nobodyIsLostWhoHasNotSaidWhoItIs() {
        say(ALPHA, a, Map.of(LEASE, Set.of(a, b, w)));
        say(BETA, null, Map.of());
        assertEquals(Set.of(), word.get(ALPHA).standing().lost());
        assertFalse(lost(0));
        assertFalse(lost(CALM));
    }

    @Test
    void whoWasCutOffStillHasItsIdentity() {
        say(ALPHA, a, Map.of());
        say(BETA, b, Map.of());
        say(WITNESS, null, Map.of());
        say(ALPHA, a, Map.of(LEASE, Set.of(a, b, w)));
        say(BETA, b, Map.of(LEASE, Set.of(a, b, w)));
        assertFalse(lost(0));
        assertFalse(lost(10 * CALM));
    }

    @Test
    void aSecondDeathBeforeTheFirstVotesAgainIsALoss() {
        UUID returned = UUID.randomUUID();
        say(ALPHA, a, Map.of());
        say(BETA, returned, Map.of());
        say(WITNESS, null, Map.of());
        // The returned one is among the voters and not yet in the group of the lease.
        say(ALPHA, a, Map.of(LEASE, Set.of(a, w), "METADATA#0", Set.of(a, w, returned)));
        say(BETA, returned, Map.of("METADATA#0", Set.of(a, w, returned)));
        assertFalse(lost(0));
        assertTrue(lost(CALM));
    }

    @Test
    void oneWhoKnowsBetterIsEnough() {
        UUID returned = UUID.randomUUID();
        say(ALPHA, a, Map.of());
        say(BETA, returned, Map.of());
        say(WITNESS, null, Map.of());
        say(ALPHA, a, Map.of(LEASE, Set.of(a, w)));
        say(BETA, returned, Map.of(LEASE, Set.of(a, w, returned)));
        assertFalse(lost(0));
        assertFalse(lost(CALM));
    }

    @Test
    void threeNewProcessesThatHeardOfAnOldStoreAreALossAndACleanStartIsNone() {
        ALL.forEach(name -> say(name, null, Map.of(), false));
        assertFalse(lost(0));
        assertFalse(lost(10 * CALM));
        say(BETA, null, Map.of(), true);
        assertFalse(lost(10 * CALM));
        assertTrue(lost(11 * CALM));
    }

    @Test
    void aResetIsGivenTimeAndAStandInIsAnOperatorsAffair() {
        oneSurvivorAndTwoNewProcessesAreALoss();
        assertFalse(watch.lost(word, ALL, true, CALM), "a stand-in is there");
        assertFalse(lost(2 * CALM));
        assertTrue(lost(3 * CALM));
        watch.resetBegun(3 * CALM);
        assertFalse(lost(4 * CALM));
        assertFalse(lost(5 * CALM));
        assertTrue(lost(3 * CALM + LossWatch.SETTLE.toNanos()));
    }

    @Test
    void aReportSurvivesTheWire() {
        say(ALPHA, a, Map.of());
        say(BETA, null, Map.of());
        say(WITNESS, w, Map.of());
        say(ALPHA, a, Map.of(LEASE, Set.of(a, b, w), "lease-log#9", Set.of(a, b)));
        for (VoterReport report : word.values()) {
            assertEquals(Optional.of(report), VoterReport.decode(report.encoded()));
        }
    }

    private boolean lost(long now) {
        return watch.lost(word, ALL, false, now);
    }

    private void say(NodeName name, UUID identity, Map<String, Set<UUID>> memberships) {
        say(name, identity, memberships, true);
    }

    private void say(
            NodeName name, UUID identity, Map<String, Set<UUID>> memberships, boolean met) {
        VoterReport.Standing standing =
                LossWatch.standing(Optional.ofNullable(identity), met, memberships, word, ALL);
        word.put(name, new VoterReport(name, Set.of(), Set.of(), standing));
    }
}
