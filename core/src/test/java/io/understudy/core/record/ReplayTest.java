package io.understudy.core.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.recovery.Decision;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.OperatorAction;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Recovery;
import io.understudy.core.recovery.Settings;
import io.understudy.core.recovery.Situation;
import io.understudy.core.recovery.StepOutcome;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is written down is enough to decide again, and a change of the rules shows. */
class ReplayTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");
    private static final InstanceName DEMO = InstanceName.of("demo");
    private static final Settings SETTINGS =
            new Settings(BETA, DEMO, ALPHA, BETA, Timers.FAST, true, false, Settings.Data.CONTINUE);

    private final Recovery recovery = new Recovery(SETTINGS);
    private final List<Recorded> lines = new ArrayList<>();
    private final List<Situation> befores = new ArrayList<>();
    private Moment now = new Moment(5_000_000_000L);
    private Situation situation = Situation.begin(now);

    private void after(int millis, Event event) {
        now = now.plus(Duration.ofMillis(millis));
        Decision decision = recovery.decide(situation, event, now);
        befores.add(situation);
        lines.add(
                new Recorded(
                        "2026-11-20T09:00:00Z",
                        BETA,
                        DEMO,
                        lines.size(),
                        now,
                        event,
                        lines.isEmpty()
                                ? Optional.of(new Recorded.Whole(SETTINGS, situation))
                                : Optional.empty(),
                        decision.situation().phase().name(),
                        Recorded.effects(decision)));
        situation = decision.situation();
    }

    /** Beta stands by, the holder is proven gone, beta takes over and is stopped by an operator. */
    private void life() {
        LedgerEntry entry =
                new LedgerEntry(
                        DEMO,
                        new Epoch(2),
                        3,
                        ALPHA,
                        Set.of(ALPHA, BETA),
                        ALPHA,
                        Reason.NORMAL,
                        false,
                        Set.of());
        after(0, new Event.Start());
        after(1, new Event.PeerContact(Contact.HEARD, now));
        after(1, new Event.PeerReport(Phase.ACTIVE, true, true));
        after(1, new Event.Databases(List.of(DatabaseFacts.stopped("db"))));
        after(
                1,
                new Event.Services(
                        List.of(
                                new ServiceFacts(
                                        "web",
                                        true,
                                        ServiceCondition.STOPPED,
                                        0,
                                        Optional.empty(),
                                        Optional.of("as it should be")))));
        for (long i = 0; i < 16; i++) {
            after(
                    200,
                    new Event.LeaseRead(
                            Optional.of(new LeaseRecord(Optional.of(ALPHA), new Epoch(2), i))));
            after(10, new Event.LedgerRead(Optional.of(entry)));
            after(40, new Event.Wake(false));
        }
        after(100, new Event.StepEnded(1, StepOutcome.DONE, Optional.empty()));
        after(10, new Event.LedgerRead(Optional.of(entry)));
        after(10, new Event.PeerContact(Contact.GONE, now));
        assertEquals(Phase.CLAIMING, situation.phase());
        after(5, new Event.LedgerClaimed(new Ledger.Claim(true, Optional.of(entry), Epoch.NONE)));
        LedgerEntry first = written();
        after(5, new Event.LedgerWritten(first, Ledger.Written.STORED));
        assertEquals(Phase.ACTIVATING, situation.phase());
        after(5, new Event.LeaseUnknown("nobody answers"));
        after(5, new Event.StepEnded(2, StepOutcome.UNKNOWN, Optional.of("it hung")));
        after(5, new Event.Operator("op-1", OperatorAction.FAILOVER, true));
        after(5, new Event.Stop(false));
    }

    private LedgerEntry written() {
        return recovery
                .decide(befores.get(befores.size() - 1), lines.get(lines.size() - 1).event(), now)
                .effects()
                .stream()
                .filter(Effect.WriteLedger.class::isInstance)
                .map(e -> ((Effect.WriteLedger) e).entry())
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> json(Recorded line) throws IOException {
        return JSON.readValue(JSON.writeValueAsString(line.tree()), new TypeReference<>() {});
    }

    private static List<Recorded> readBack(List<Recorded> lines) throws IOException {
        List<Recorded> result = new ArrayList<>();
        for (Recorded line : lines) {
            result.add(Recorded.of(json(line)));
        }
        return result;
    }

    @Test
    void a_life_decides_the_same_again() throws IOException {
        life();
        for (Replay.Outcome outcome : Replay.all(readBack(lines))) {
            assertEquals(
                    Replay.Verdict.SAME,
                    outcome.verdict(),
                    () -> outcome.line() + " now " + outcome.effects());
        }
    }

    @Test
    void each_line_alone_decides_the_same_again() throws IOException {
        life();
        for (int i = 0; i < lines.size(); i++) {
            Map<String, Object> tree = json(lines.get(i));
            Recorded.Whole whole = new Recorded.Whole(SETTINGS, befores.get(i));
            tree.put("before", Tree.of(whole.before()));
            tree.put("settings", Tree.of(SETTINGS));
            Replay.Outcome outcome = new Replay().next(Recorded.of(tree));
            assertEquals(Replay.Verdict.SAME, outcome.verdict(), outcome.line()::toString);
            assertEquals(Tree.of(befores.get(i)), Tree.of(outcome.situation()));
        }
    }

    @Test
    void another_decision_is_noticed() throws IOException {
        life();
        for (String key : List.of("effects", "phase")) {
            Map<String, Object> tree = json(lines.get(0));
            tree.put(key, key.equals("phase") ? "ACTIVE" : List.of(Map.of("type", "Nudge")));
            assertEquals(Replay.Verdict.DIFFERENT, new Replay().next(Recorded.of(tree)).verdict());
        }
    }

    @Test
    void a_situation_changed_past_the_decisions_is_noticed() throws IOException {
        life();
        Replay replay = new Replay();
        replay.next(Recorded.of(json(lines.get(0))));
        Map<String, Object> tree = json(lines.get(1));
        Map<String, Object> before = new LinkedHashMap<>();
        ((Map<?, ?>) Tree.of(befores.get(1))).forEach((k, v) -> before.put((String) k, v));
        before.put("contact", "GONE");
        tree.put("before", before);
        tree.put("settings", Tree.of(SETTINGS));
        Replay.Outcome outcome = replay.next(Recorded.of(tree));
        assertEquals(List.of("contact"), outcome.strayed());
        assertEquals(Replay.Verdict.DIFFERENT, outcome.verdict());
    }

    @Test
    void a_gap_is_a_gap_until_the_next_whole_line() throws IOException {
        life();
        Replay replay = new Replay();
        replay.next(Recorded.of(json(lines.get(0))));
        assertEquals(Replay.Verdict.GAP, replay.next(Recorded.of(json(lines.get(2)))).verdict());
        assertEquals(Replay.Verdict.GAP, replay.next(Recorded.of(json(lines.get(3)))).verdict());
    }

    @Test
    void what_an_older_version_did_not_write_has_a_default() throws IOException {
        life();
        Map<String, Object> tree = json(lines.get(0));
        Map<?, ?> settings = (Map<?, ?>) tree.get("settings");
        settings.remove("automaticFallback");
        ((Map<?, ?>) settings.get("timers")).remove("fallbackHealthy");
        ((Map<?, ?>) tree.get("before")).remove("homeReadySince");
        Recorded read = Recorded.of(tree);
        assertEquals(SETTINGS, read.whole().orElseThrow().settings());
    }

    @Test
    void what_is_no_decision_is_refused_by_name() throws IOException {
        life();
        Map<String, Object> tree = json(lines.get(0));
        tree.put("event", Map.of("type", "Earthquake"));
        String problem =
                assertThrows(IllegalArgumentException.class, () -> Recorded.of(tree)).getMessage();
        assertTrue(problem.contains("Earthquake"), problem);
        assertThrows(IllegalArgumentException.class, () -> Recorded.of(Map.of("a", 1)));
    }

    @Test
    void watching_is_not_notable_and_a_lost_peer_is() {
        life();
        Situation before = befores.get(10);
        Event wake = new Event.Wake(false);
        assertFalse(Recorded.notable(before, wake, recovery.decide(before, wake, now)));
        Event silent = new Event.PeerContact(Contact.SILENT, now);
        assertTrue(Recorded.notable(before, silent, recovery.decide(before, silent, now)));
    }
}
