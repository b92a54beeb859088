package io.understudy.core.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.database.DatabaseRole;
import io.understudy.core.database.ReplicationMode;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pair that becomes one node, and a pair again, with stores and steps that always answer. */
class StandAloneTest {

    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");
    private static final InstanceName NMS = InstanceName.of("nms");

    private Moment now = new Moment(1_000_000_000_000L);
    private Situation situation = Situation.begin(now);
    private Recovery recovery = pair(Settings.Data.CONTINUE);
    private Optional<LeaseRecord> record = Optional.empty();
    private Optional<LedgerEntry> ledger = Optional.empty();
    private final Deque<Event> answers = new ArrayDeque<>();
    private final List<Effect> seen = new ArrayList<>();

    private static Recovery pair(Settings.Data data) {
        return new Recovery(new Settings(ALPHA, NMS, ALPHA, BETA, Timers.FAST, true, true, data));
    }

    private static Recovery alone(Settings.Data data) {
        return new Recovery(new Settings(ALPHA, NMS, ALPHA, ALPHA, Timers.FAST, true, true, data));
    }

    private void tell(Event event) {
        answers.add(event);
        for (int steps = 0; !answers.isEmpty(); steps++) {
            assertTrue(steps < 200, () -> "spins: " + seen.subList(seen.size() - 6, seen.size()));
            Decision decision = recovery.decide(situation, answers.poll(), now);
            situation = decision.situation();
            decision.effects().forEach(this::answer);
        }
    }

    private void answer(Effect effect) {
        seen.add(effect);
        if (effect instanceof Effect.ReadLease) {
            answers.add(new Event.LeaseRead(record));
        } else if (effect instanceof Effect.WriteLease w) {
            boolean applied = w.expected().equals(record);
            record = applied ? Optional.of(w.next()) : record;
            answers.add(new Event.LeaseWritten(applied));
        } else if (effect instanceof Effect.ReadLedger) {
            answers.add(new Event.LedgerRead(ledger));
        } else if (effect instanceof Effect.ClaimLedger c) {
            answers.add(new Event.LedgerClaimed(new Ledger.Claim(true, ledger, c.epoch())));
        } else if (effect instanceof Effect.WriteLedger w) {
            ledger = Optional.of(w.entry());
            answers.add(new Event.LedgerWritten(w.entry(), Ledger.Written.STORED));
        } else if (effect instanceof Effect.Execute e) {
            answers.add(new Event.StepEnded(e.ticket(), StepOutcome.DONE, Optional.empty()));
        }
    }

    private void pass(Duration time) {
        Moment until = now.plus(time);
        while (now.isBefore(until)) {
            now = now.plus(Duration.ofMillis(100));
            tell(new Event.Wake(false));
        }
    }

    private void standby(boolean attached) {
        tell(
                new Event.Databases(
                        List.of(
                                new DatabaseFacts(
                                        "nms",
                                        DatabaseRole.PRIMARY,
                                        attached,
                                        attached,
                                        ReplicationMode.ASYNCHRONOUS,
                                        OptionalLong.empty(),
                                        OptionalInt.empty(),
                                        Optional.empty(),
                                        "",
                                        Optional.empty()))));
    }

    /** Alpha serves and beta holds everything. */
    private void together(Settings.Data data) {
        recovery = pair(data);
        tell(new Event.Start());
        tell(new Event.PeerContact(Contact.HEARD, now));
        pass(Duration.ofSeconds(6));
        standby(true);
        tell(new Event.PeerReport(Phase.STANDBY, true, false));
        pass(Duration.ofSeconds(1));
        assertEquals(Phase.ACTIVE, situation.phase());
        assertEquals(Set.of(ALPHA, BETA), ledger.orElseThrow().inSync());
        assertEquals(Replication.TOGETHER, situation.replication());
        seen.clear();
    }

    @ParameterizedTest
    @EnumSource(
            value = Settings.Data.class,
            names = {"WAIT", "CONTINUE"})
    void goes_on_serving_alone_and_commits_stop_waiting_once_that_is_on_record(Settings.Data data) {
        together(data);
        Epoch before = situation.epoch();
        recovery = alone(data);
        pass(Duration.ofSeconds(2));

        assertEquals(Phase.ACTIVE, situation.phase());
        assertEquals(before, situation.epoch());
        assertEquals(Set.of(ALPHA), ledger.orElseThrow().inSync());
        assertEquals(Replication.ALONE, situation.replication());
        List<Effect> order =
                seen.stream()
                        .filter(e -> e instanceof Effect.WriteLedger || e instanceof Effect.Execute)
                        .toList();
        assertTrue(order.get(0) instanceof Effect.WriteLedger, order::toString);
        assertEquals(Step.REPLICATE_ASYNC, ((Effect.Execute) order.get(1)).step());
        assertEquals(2, order.size(), order::toString);
    }

    @Test
    void is_not_told_as_a_loss_of_protection() {
        together(Settings.Data.CONTINUE);
        recovery = alone(Settings.Data.CONTINUE);
        pass(Duration.ofSeconds(5));
        assertFalse(seen.stream().anyMatch(Effect.Tell.class::isInstance), seen::toString);
    }

    @Test
    void what_the_other_node_says_counts_no_more() {
        together(Settings.Data.CONTINUE);
        recovery = alone(Settings.Data.CONTINUE);
        tell(new Event.PeerContact(Contact.GONE, now));
        standby(true);
        tell(new Event.PeerReport(Phase.ACTIVE, true, true));
        pass(Duration.ofSeconds(3));
        assertEquals(Phase.ACTIVE, situation.phase());
        assertEquals(Set.of(ALPHA), ledger.orElseThrow().inSync());
    }

    @Test
    void moves_are_refused_with_the_reason_and_recover_is_not() {
        together(Settings.Data.CONTINUE);
        recovery = alone(Settings.Data.CONTINUE);
        for (OperatorAction action : OperatorAction.values()) {
            tell(new Event.Operator(action.name(), action, true));
            Refusal expected =
                    action == OperatorAction.RECOVER
                            ? Refusal.NOTHING_TO_RECOVER
                            : Refusal.STAND_ALONE;
            Effect.Conclude said = new Effect.Conclude(action.name(), Optional.of(expected));
            assertTrue(seen.contains(said), action::name);
        }
        assertEquals(Phase.ACTIVE, situation.phase());
    }

    @Test
    void a_restart_serves_again_with_a_higher_epoch_even_if_the_other_was_to_serve() {
        together(Settings.Data.CONTINUE);
        Epoch before = situation.epoch();
        recovery = alone(Settings.Data.CONTINUE);
        pass(Duration.ofSeconds(1));
        LedgerEntry kept = ledger.orElseThrow();
        ledger = Optional.of(kept.withAssigned(BETA, Reason.GRACEFUL_SHUTDOWN, true));
        situation = Situation.begin(now);
        tell(new Event.Start());
        pass(Duration.ofSeconds(8));
        standby(false);
        pass(Duration.ofSeconds(1));
        assertEquals(Phase.ACTIVE, situation.phase());
        assertTrue(before.isBefore(situation.epoch()));
    }

    @Test
    void a_stop_with_hand_over_parks_as_there_is_nobody_to_hand_over_to() {
        together(Settings.Data.CONTINUE);
        recovery = alone(Settings.Data.CONTINUE);
        pass(Duration.ofSeconds(1));
        tell(new Event.Stop(true));
        pass(Duration.ofSeconds(2));
        assertEquals(Phase.STOPPED, situation.phase());
        assertTrue(ledger.orElseThrow().parked());
        assertEquals(ALPHA, ledger.orElseThrow().assigned());
    }

    @Test
    void a_copy_that_is_not_the_newest_does_not_serve_alone_either() {
        ledger =
                Optional.of(
                        new LedgerEntry(
                                NMS,
                                new Epoch(4),
                                1,
                                BETA,
                                Set.of(BETA),
                                BETA,
                                Reason.PEER_DOWN,
                                false,
                                Set.of()));
        recovery = alone(Settings.Data.CONTINUE);
        tell(new Event.Start());
        pass(Duration.ofSeconds(20));
        assertEquals(Phase.STANDBY, situation.phase());
        assertTrue(recovery.obstacles(situation, now).contains(Obstacle.NOT_IN_SYNC));
    }

    @Test
    void a_pair_again_joins_its_second_copy_before_it_counts() {
        together(Settings.Data.CONTINUE);
        recovery = alone(Settings.Data.CONTINUE);
        pass(Duration.ofSeconds(2));
        standby(false);
        recovery = pair(Settings.Data.CONTINUE);
        tell(new Event.PeerContact(Contact.HEARD, now));
        pass(Duration.ofSeconds(2));
        assertEquals(Set.of(ALPHA), ledger.orElseThrow().inSync());
        seen.clear();
        standby(true);
        pass(Duration.ofSeconds(1));
        assertEquals(Set.of(ALPHA, BETA), ledger.orElseThrow().inSync());
        assertEquals(
                Step.REPLICATE_SYNC,
                seen.stream()
                        .filter(Effect.Execute.class::isInstance)
                        .map(e -> ((Effect.Execute) e).step())
                        .findFirst()
                        .orElseThrow());
    }
}
