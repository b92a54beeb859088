package io.understudy.core.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules of taking and losing an instance, one by one, as its standby sees them. */
class RecoveryTest {

    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");
    private static final InstanceName DEMO = InstanceName.of("demo");

    private Moment now = new Moment(1_000_000_000_000L);
    private Situation situation = Situation.begin(now);
    private List<Effect> effects = List.of();
    private Recovery recovery = new Recovery(settings(true));

    private static Settings settings(boolean automatic) {
        return new Settings(
                BETA, DEMO, ALPHA, BETA, Timers.FAST, automatic, false, Settings.Data.CONTINUE);
    }

    private static LedgerEntry entry(Set<NodeName> inSync, boolean parked) {
        return new LedgerEntry(
                DEMO, new Epoch(2), 1, ALPHA, inSync, ALPHA, Reason.NORMAL, parked, Set.of());
    }

    private void after(Duration time, Event event) {
        now = now.plus(time);
        Decision decision = recovery.decide(situation, event, now);
        situation = decision.situation();
        effects = decision.effects();
    }

    private void at(Event event) {
        after(Duration.ZERO, event);
    }

    private static LeaseRecord alphaHolds(long sequence) {
        return new LeaseRecord(Optional.of(ALPHA), new Epoch(2), sequence);
    }

    /** Beta has watched alpha serve for a while and knows the ledger. */
    private void standingBy(LedgerEntry entry) {
        at(new Event.Start());
        at(new Event.PeerContact(Contact.HEARD, now));
        for (long i = 0; i < 16; i++) {
            at(new Event.LeaseRead(Optional.of(alphaHolds(i))));
            at(new Event.LedgerRead(Optional.of(entry)));
            after(Duration.ofMillis(250), new Event.Wake(false));
        }
        at(new Event.LeaseRead(Optional.of(alphaHolds(16))));
        at(new Event.LedgerRead(Optional.of(entry)));
    }

    private void unchangedFor(Duration time) {
        Moment until = now.plus(time);
        while (now.isBefore(until) && situation.phase() == Phase.STANDBY) {
            after(Duration.ofMillis(250), new Event.Wake(false));
            if (situation.phase() == Phase.STANDBY) {
                at(new Event.LeaseRead(situation.record()));
            }
        }
    }

    @Test
    void a_lease_that_changes_is_not_challenged() {
        standingBy(entry(Set.of(ALPHA, BETA), false));
        assertEquals(Phase.STANDBY, situation.phase());
        assertTrue(recovery.obstacles(situation, now).contains(Obstacle.HOLDER_LIVES));
    }

    @Test
    void a_record_unchanged_for_one_and_a_half_leases_is_challenged() {
        standingBy(entry(Set.of(ALPHA, BETA), false));
        unchangedFor(Duration.ofMillis(2_750));
        assertEquals(Phase.STANDBY, situation.phase());
        unchangedFor(Duration.ofMillis(750));
        assertEquals(Phase.CLAIMING, situation.phase());
        assertEquals(new Epoch(4), situation.epoch());
    }

    private static Event.Services volume(ServiceCondition condition) {
        return new Event.Services(
                List.of(
                        new ServiceFacts(
                                "disk", true, condition, 0, Optional.empty(), Optional.empty())));
    }

    @Test
    void a_standby_whose_volume_has_failed_is_not_able_and_does_not_claim() {
        standingBy(entry(Set.of(ALPHA, BETA), false));
        at(volume(ServiceCondition.FAILED));
        assertFalse(situation.able());
        unchangedFor(Duration.ofSeconds(10));
        assertEquals(Phase.STANDBY, situation.phase());
        assertTrue(recovery.obstacles(situation, now).contains(Obstacle.VOLUME_FAILED));
        at(volume(ServiceCondition.RUNNING));
        assertEquals(Phase.CLAIMING, situation.phase());
    }

    @Test
    void an_operator_may_have_the_instance_where_a_volume_has_failed() {
        standingBy(entry(Set.of(ALPHA, BETA), false));
        at(volume(ServiceCondition.FAILED));
        unchangedFor(Duration.ofSeconds(4));
        at(new Event.Operator("1", OperatorAction.FAILOVER, false));
        unchangedFor(Duration.ofSeconds(1));
        assertEquals(Phase.CLAIMING, situation.phase());
    }

    @Test
    void a_holder_that_hangs_is_worth_ending_where_this_node_would_go_on_at_once() {
        standingBy(entry(Set.of(ALPHA, BETA), false));
        assertTrue(recovery.wouldReplaceHolder(situation, now));
        assertEquals(Contact.HEARD, situation.contact());
    }

    @Test
    void a_holder_that_hangs_is_left_alone_where_this_node_could_not_go_on() {
        standingBy(entry(Set.of(ALPHA), false));
        assertFalse(recovery.wouldReplaceHolder(situation, now), "the copy is not in sync");
        recovery = new Recovery(settings(false));
        standingBy(entry(Set.of(ALPHA, BETA), false));
        assertFalse(recovery.wouldReplaceHolder(situation, now), "failover is manual");
        recovery = new Recovery(settings(true));
        at(new Event.LeaseRead(Optional.of(alphaHolds(17).released())));
        assertFalse(recovery.wouldReplaceHolder(situation, now), "nobody holds it");
    }

    @Test
    void a_copy_that_is_not_in_sync_is_never_promoted_by_itself() {
        standingBy(entry(Set.of(ALPHA), false));
        unchangedFor(Duration.ofSeconds(10));
        assertEquals(Phase.STANDBY, situation.phase());
        assertTrue(recovery.obstacles(situation, now).contains(Obstacle.NOT_IN_SYNC));
    }

    @Test
    void an_operator_may_accept_the_loss() {
        standingBy(entry(Set.of(ALPHA), false));
        unchangedFor(Duration.ofSeconds(4));
        at(new Event.Operator("1", OperatorAction.FAILOVER, true));
        assertEquals(Phase.CLAIMING, situation.phase());
    }

    @Test
    void without_that_word_the_operator_is_refused_with_the_reason() {
        standingBy(entry(Set.of(ALPHA), false));
        unchangedFor(Duration.ofSeconds(4));
        at(new Event.Operator("1", OperatorAction.FAILOVER, false));
        assertTrue(effects.contains(new Effect.Conclude("1", Optional.of(Refusal.NOT_IN_SYNC))));
    }

    @Test
    void what_was_stopped_on_purpose_is_not_taken_over() {
        standingBy(entry(Set.of(ALPHA, BETA), true));
        at(new Event.LeaseRead(Optional.of(alphaHolds(17).released())));
        at(new Event.LedgerRead(Optional.of(entry(Set.of(ALPHA, BETA), true))));
        unchangedFor(Duration.ofSeconds(20));
        assertEquals(Phase.STANDBY, situation.phase());
    }

    @Test
    void manual_failover_waits_for_the_operator() {
        recovery = new Recovery(settings(false));
        standingBy(entry(Set.of(ALPHA, BETA), false));
        unchangedFor(Duration.ofSeconds(10));
        assertEquals(Phase.STANDBY, situation.phase());
        at(new Event.Operator("1", OperatorAction.FAILOVER, false));
        assertEquals(Phase.CLAIMING, situation.phase());
    }

    @Test
    void proof_of_death_lets_it_serve_before_the_store_has_elected() {
        standingBy(entry(Set.of(ALPHA, BETA), false));
        Moment asked = now;
        after(Duration.ofMillis(20), new Event.PeerContact(Contact.GONE, asked));
        assertEquals(Phase.CLAIMING, situation.phase());
        assertTrue(situation.provisional());
        assertEquals(new Epoch(3), situation.epoch());
        assertEquals(asked.plus(Timers.FAST.lease()), situation.validUntil());
        assertTrue(effects.contains(new Effect.ClaimLedger(new Epoch(3))));
    }

    @Test
    void an_unconfirmed_provisional_tenure_ends_with_everything_killed() {
        proof_of_death_lets_it_serve_before_the_store_has_elected();
        LedgerEntry kept = entry(Set.of(ALPHA, BETA), false);
        at(new Event.LedgerClaimed(new Ledger.Claim(true, Optional.of(kept), new Epoch(3))));
        LedgerEntry mine =
                effects.stream()
                        .filter(Effect.WriteLedger.class::isInstance)
                        .map(e -> ((Effect.WriteLedger) e).entry())
                        .findFirst()
                        .orElseThrow();
        assertEquals(Set.of(BETA), mine.inSync());
        at(new Event.LedgerWritten(mine, Ledger.Written.STORED));
        assertEquals(Phase.ACTIVATING, situation.phase());
        after(Timers.FAST.lease(), new Event.LeaseUnknown("election"));
        assertEquals(Phase.KILLING, situation.phase());
        assertTrue(
                effects.stream()
                        .anyMatch(e -> e instanceof Effect.Execute x && x.step() == Step.KILL));
    }

    @Test
    void without_the_ledger_s_consent_a_provisional_claim_ends_and_says_why() {
        proof_of_death_lets_it_serve_before_the_store_has_elected();
        for (int i = 0; i < 10; i++) {
            at(new Event.LedgerUnknown("no quorum"));
            at(new Event.LeaseUnknown("no majority"));
            after(Duration.ofMillis(250), new Event.PeerContact(Contact.GONE, now));
        }
        assertEquals(Phase.STANDBY, situation.phase());
        assertTrue(recovery.obstacles(situation, now).contains(Obstacle.NO_MAJORITY));
    }

    @Test
    void a_node_that_stops_while_claiming_gives_up_the_claim() {
        proof_of_death_lets_it_serve_before_the_store_has_elected();
        at(new Event.Stop(false));
        at(new Event.LeaseUnknown("no majority"));
        after(Timers.FAST.lease(), new Event.Wake(false));
        assertTrue(situation.phase() == Phase.KILLING || situation.phase() == Phase.STOPPED);
    }

    @Test
    void each_new_proof_lets_a_provisional_tenure_go_on() {
        proof_of_death_lets_it_serve_before_the_store_has_elected();
        LedgerEntry kept = entry(Set.of(ALPHA, BETA), false);
        at(new Event.LedgerClaimed(new Ledger.Claim(true, Optional.of(kept), new Epoch(3))));
        after(Duration.ofMillis(500), new Event.PeerContact(Contact.GONE, now));
        assertTrue(situation.validUntil().isAfter(now.plus(Duration.ofMillis(1_400))));
    }

    @Test
    void silence_alone_proves_nothing() {
        standingBy(entry(Set.of(ALPHA, BETA), false));
        at(new Event.PeerContact(Contact.SILENT, now));
        assertEquals(Phase.STANDBY, situation.phase());
        assertFalse(situation.provisional());
    }

    @Test
    void without_a_majority_nobody_takes_over_and_says_so() {
        standingBy(entry(Set.of(ALPHA, BETA), false));
        at(new Event.PeerContact(Contact.SILENT, now));
        for (int i = 0; i < 40; i++) {
            after(Duration.ofMillis(250), new Event.Wake(false));
            at(new Event.LeaseUnknown("no majority"));
        }
        assertEquals(Phase.STANDBY, situation.phase());
        assertTrue(recovery.obstacles(situation, now).contains(Obstacle.NO_MAJORITY));
    }

    @Test
    void a_refused_ledger_claim_ends_a_provisional_tenure_before_it_began() {
        proof_of_death_lets_it_serve_before_the_store_has_elected();
        at(new Event.LedgerClaimed(new Ledger.Claim(false, Optional.empty(), new Epoch(8))));
        assertEquals(Phase.STANDBY, situation.phase());
        assertFalse(situation.held());
    }
}
