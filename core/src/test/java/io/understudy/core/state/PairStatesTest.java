package io.understudy.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.text.Messages;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PairStatesTest {

    static final NodeName ALPHA = NodeName.of("alpha");
    static final NodeName BETA = NodeName.of("beta");

    private static List<Map<?, ?>> scenarios(String file) throws IOException {
        try (InputStream in = PairStatesTest.class.getResourceAsStream("/scenarios/" + file)) {
            List<Map<?, ?>> maps = new ArrayList<>();
            for (Object element : new ObjectMapper(new YAMLFactory()).readValue(in, List.class)) {
                maps.add((Map<?, ?>) element);
            }
            return maps;
        }
    }

    private static NodeFacts facts(String words) {
        List<String> list = Arrays.asList(words.split(" "));
        return list.get(0).equals("unseen")
                ? NodeFacts.unseen()
                : new NodeFacts(
                        Optional.of(NodePhase.valueOf(list.get(0))),
                        !list.contains("unable"),
                        list.contains("database"),
                        list.contains("restarted"));
    }

    static PairSituation situation(Map<?, ?> scenario) {
        String home = (String) scenario.get("home");
        String backup = (String) scenario.get("backup");
        Set<NodeName> failed = new HashSet<>();
        if (home.contains("failed")) {
            failed.add(ALPHA);
        }
        if (backup.contains("failed")) {
            failed.add(BETA);
        }
        Optional<NodeName> holder =
                home.startsWith("ACTIVE")
                        ? Optional.of(ALPHA)
                        : backup.startsWith("ACTIVE") ? Optional.of(BETA) : Optional.empty();
        return new PairSituation(
                ALPHA,
                BETA,
                scenario.get("turn").equals("home") ? ALPHA : BETA,
                holder,
                facts(home),
                facts(backup),
                Reason.valueOf((String) scenario.get("reason")),
                Boolean.TRUE.equals(scenario.get("parked")),
                failed,
                !Boolean.FALSE.equals(scenario.get("synced")),
                !Boolean.FALSE.equals(scenario.get("enabled")),
                !Boolean.FALSE.equals(scenario.get("majority")));
    }

    @TestFactory
    Stream<DynamicTest> showsEveryRowOfTheReference() throws IOException {
        return scenarios("state-pairs.yaml").stream()
                .map(
                        s ->
                                DynamicTest.dynamicTest(
                                        (String) s.get("row"),
                                        () -> {
                                            PairStates states = PairStates.derive(situation(s));
                                            assertEquals(
                                                    s.get("expect"),
                                                    List.of(
                                                            states.home().state().name(),
                                                            states.home().reason().name(),
                                                            states.backup().state().name(),
                                                            states.backup().reason().name(),
                                                            states.home().advice()));
                                        }));
    }

    @TestFactory
    Stream<DynamicTest> showsTheWholeLifeOfAPair() throws IOException {
        return scenarios("pair-life.yaml").stream()
                .map(
                        s ->
                                DynamicTest.dynamicTest(
                                        (String) s.get("step"),
                                        () -> {
                                            PairStates states = PairStates.derive(situation(s));
                                            assertEquals(
                                                    s.get("pair"),
                                                    List.of(
                                                            states.home().pairState().name(),
                                                            states.backup().pairState().name()));
                                            if (s.containsKey("advice")) {
                                                assertEquals(
                                                        s.get("advice"), states.home().advice());
                                            }
                                        }));
    }

    @Test
    void everyPairStateOccursInALife() throws IOException {
        Set<Object> shown = new HashSet<>();
        for (Map<?, ?> step : scenarios("pair-life.yaml")) {
            shown.addAll((List<?>) step.get("pair"));
        }
        assertEquals(
                Arrays.stream(PairState.values()).map(Enum::name).collect(Collectors.toSet()),
                shown);
    }

    /** Every situation there can be; the facts that rows do not read are left out. */
    static void everySituation(Consumer<PairSituation> check) {
        List<NodeFacts> sides = new ArrayList<>(List.of(NodeFacts.unseen()));
        for (NodePhase phase : NodePhase.values()) {
            sides.add(NodeFacts.in(phase));
            sides.add(new NodeFacts(Optional.of(phase), false, true, true));
        }
        Optional<NodePhase> standby = Optional.of(NodePhase.STANDBY);
        sides.add(new NodeFacts(standby, true, false, true));
        sides.add(new NodeFacts(standby, false, false, false));
        for (NodeFacts home : sides) {
            for (NodeFacts backup : sides) {
                for (Reason reason : Reason.values()) {
                    for (int bits = 0; bits < 128; bits++) {
                        check.accept(situation(home, backup, reason, bits));
                    }
                }
            }
        }
    }

    private static PairSituation situation(
            NodeFacts home, NodeFacts backup, Reason reason, int bits) {
        Set<NodeName> failed = new HashSet<>();
        if ((bits & 8) != 0) {
            failed.add(ALPHA);
        }
        if ((bits & 16) != 0) {
            failed.add(BETA);
        }
        return new PairSituation(
                ALPHA,
                BETA,
                (bits & 1) != 0 ? ALPHA : BETA,
                (bits & 32) != 0 ? Optional.of(ALPHA) : Optional.empty(),
                home,
                backup,
                reason,
                (bits & 2) != 0,
                failed,
                (bits & 4) != 0,
                true,
                (bits & 64) == 0);
    }

    @Test
    void everySituationHasARowAndEveryRowASituation() {
        Set<PairTable.Row> used = new HashSet<>();
        everySituation(s -> used.add(PairTable.rowFor(s)));
        Set<String> left =
                PairTable.rows().stream()
                        .filter(row -> !used.contains(row))
                        .map(PairTable.Row::advice)
                        .collect(Collectors.toSet());
        // The scenarios above show those that ask for what everySituation leaves out.
        left.removeAll(Set.of("not-enabled", "idle-both-restarted", "idle-backup-restarted"));
        assertEquals(Set.of(), left);
    }

    @Test
    void neverShowsTwoThatServe() {
        Set<NodeState> serving = Set.of(NodeState.RUNNING_IN_BACKUP_MODE);
        everySituation(
                s -> {
                    PairStates states = PairStates.derive(s);
                    boolean home =
                            states.home().state() == NodeState.NORMAL
                                    && Standing.of(s, ALPHA) == Standing.ACTIVE;
                    boolean backup = serving.contains(states.backup().state());
                    assertFalse(home && backup, s::toString);
                });
    }

    @Test
    void neverCallsNormalWhatIsNotSeen() {
        everySituation(
                s -> {
                    PairStates states = PairStates.derive(s);
                    if (s.homeFacts().phase().isEmpty()) {
                        assertNotEquals(NodeState.NORMAL, states.home().state(), s::toString);
                    }
                    if (s.backupFacts().phase().isEmpty()) {
                        assertNotEquals(NodeState.NORMAL, states.backup().state(), s::toString);
                    }
                });
    }

    @Test
    void everyAdviceHasAText() {
        Messages english = Messages.in(Locale.ENGLISH);
        for (PairTable.Row row : PairTable.rows()) {
            assertTrue(english.has("advice." + row.advice()), row.advice());
        }
    }

    @Test
    void picksTheGraverOfTwo() {
        NodeStatus normal =
                new NodeStatus(NodeState.NORMAL, Reason.NORMAL, PairState.PRIMARY_ACTIVE, "normal");
        NodeStatus failed =
                new NodeStatus(
                        NodeState.RUNNING_IN_FAILED_MODE,
                        Reason.UNKNOWN,
                        PairState.TERMINATED,
                        "failed");
        assertEquals(failed, PairStates.graver(normal, failed));
        assertEquals(failed, PairStates.graver(failed, normal));
    }

    /** By standing: state, health-monitor state, advice; no word of a missing other node. */
    @Test
    void oneThatStandsAloneByChoiceIsNormalWhileItServes() {
        Map<String, String> expected =
                Map.of(
                        "ACTIVE", "NORMAL PRIMARY_ACTIVE stand-alone",
                        "STANDBY", "INITIALIZING TERMINATED starting",
                        "TAKING", "INITIALIZING TERMINATED starting",
                        "FAILED", "RUNNING_IN_FAILED_MODE TERMINATED stand-alone-failed",
                        "STOPPED", "IDLE GRACEFUL_SHUTDOWN stand-alone-stopped",
                        "unseen", "UNKNOWN TERMINATED stand-alone-unseen");
        LedgerEntry entry =
                new LedgerEntry(
                        InstanceName.of("nms"),
                        new Epoch(2),
                        1,
                        ALPHA,
                        Set.of(ALPHA),
                        ALPHA,
                        Reason.NORMAL,
                        false,
                        Set.of());
        expected.forEach(
                (facts, words) -> {
                    PairSituation alone =
                            PairSituation.of(
                                    ALPHA,
                                    ALPHA,
                                    Optional.of(entry),
                                    Optional.of(ALPHA),
                                    facts(facts),
                                    facts(facts),
                                    true,
                                    true);
                    NodeStatus status = PairStates.derive(alone).of(alone, ALPHA);
                    assertEquals(
                            words,
                            status.state() + " " + status.pairState() + " " + status.advice());
                    assertTrue(Messages.in(Locale.ENGLISH).has("advice." + status.advice()), facts);
                });
    }
}
