package io.understudy.core.recovery;

import static io.understudy.core.recovery.Bench.ALPHA;
import static io.understudy.core.recovery.Bench.BETA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.Reason;
import io.understudy.core.peer.Contact;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Maintenance: what stops, what goes on, and how it ends. */
class HoldingTest {

    private static final Duration BLINK = Duration.ofSeconds(1);

    private static void hold(Bench bench, Duration time) {
        bench.post(
                new Event.Hold(
                        Optional.of(
                                new Event.HoldTime(
                                        bench.now.plus(time),
                                        bench.now.plus(time).minus(time.dividedBy(10))))));
    }

    private static Bench home() {
        return Bench.serving(ALPHA, Timers.FAST, false, Reason.NORMAL);
    }

    /** Beta watches alpha serve. */
    private static Bench standby(Reason turn) {
        Bench b = new Bench(BETA, Timers.FAST, true, false);
        b.ledger = Optional.of(Bench.entry(ALPHA, turn, Set.of()));
        b.peerHolds(1);
        b.peer = Optional.of(new Event.PeerReport(Phase.ACTIVE, false, true));
        b.start();
        for (int i = 2; i < 30; i++) {
            b.advance(Duration.ofMillis(250));
            b.peerHolds(i);
        }
        return b;
    }

    @Test
    void a_service_that_fails_is_seen_and_left_alone_until_it_ends() {
        Bench b = home();
        hold(b, Duration.ofMinutes(5));
        b.service = ServiceCondition.FAILED;
        int before = b.entries.size();
        b.advance(Duration.ofMinutes(4));
        assertEquals(Phase.ACTIVE, b.situation.phase());
        assertEquals(before, b.entries.size());
        assertEquals(ServiceCondition.FAILED, b.service);
        assertEquals(1, b.told(EventCode.SERVICE_FAILED));
        b.advance(Duration.ofSeconds(61));
        assertEquals(1, b.told(EventCode.HOLD_ENDED));
        assertEquals(BETA, b.turn().assigned());
    }

    @Test
    void what_somebody_mended_by_hand_is_well_again() {
        Bench b = home();
        hold(b, Duration.ofMinutes(5));
        b.service = ServiceCondition.FAILED;
        b.advance(BLINK);
        assertTrue(b.situation.failed());
        b.service = ServiceCondition.RUNNING;
        b.advance(BLINK);
        assertFalse(b.situation.failed());
        b.advance(Duration.ofMinutes(6));
        assertEquals(ALPHA, b.turn().assigned());
    }

    @Test
    void a_database_that_ends_is_neither_started_nor_moved() {
        Bench b = home();
        hold(b, Duration.ofMinutes(5));
        b.databaseRuns = false;
        b.effects.clear();
        b.advance(Duration.ofMinutes(4));
        assertFalse(b.did(Step.DATABASE_PRIMARY));
        assertFalse(b.did(Step.KILL));
        assertEquals(ALPHA, b.turn().assigned());
    }

    @Test
    void the_lease_is_renewed_and_its_end_still_kills() {
        Bench b = home();
        hold(b, Duration.ofMinutes(5));
        long renewed = b.record.orElseThrow().sequence();
        b.advance(Duration.ofSeconds(10));
        assertTrue(b.record.orElseThrow().sequence() > renewed + 30);
        b.now = b.now.plus(Timers.FAST.lease());
        b.post(new Event.Wake(false));
        assertEquals(1, b.told(EventCode.LEASE_LOST));
        assertTrue(b.did(Step.KILL));
    }

    @Test
    void a_lost_standby_is_recorded_and_writes_go_on() {
        Bench b = home();
        b.advance(Duration.ofSeconds(2));
        hold(b, Duration.ofMinutes(5));
        assertEquals(Set.of(ALPHA, BETA), b.turn().inSync());
        b.standbyAttached = false;
        b.effects.clear();
        b.advance(Duration.ofSeconds(3));
        assertEquals(Set.of(ALPHA), b.turn().inSync());
        assertTrue(b.did(Step.REPLICATE_ASYNC));
    }

    @Test
    void nobody_takes_over_neither_on_silence_nor_on_proof_until_it_ends() {
        Bench b = standby(Reason.NORMAL);
        hold(b, Duration.ofMinutes(5));
        b.peer = Optional.empty();
        b.post(new Event.PeerContact(Contact.SILENT, b.now));
        b.advance(Duration.ofMinutes(1));
        b.post(new Event.PeerContact(Contact.GONE, b.now));
        b.advance(Duration.ofMinutes(3));
        assertEquals(Phase.STANDBY, b.situation.phase());
        assertTrue(b.recovery.obstacles(b.situation, b.now).contains(Obstacle.HELD));
        b.advance(Duration.ofMinutes(2));
        assertEquals(Phase.ACTIVE, b.situation.phase());
    }

    @Test
    void released_it_is_taken_over_at_once() {
        Bench b = standby(Reason.NORMAL);
        hold(b, Duration.ofMinutes(5));
        b.peer = Optional.empty();
        b.post(new Event.PeerContact(Contact.SILENT, b.now));
        b.advance(Duration.ofMinutes(1));
        b.post(new Event.Hold(Optional.empty()));
        b.advance(Duration.ofMillis(50));
        assertEquals(Phase.ACTIVE, b.situation.phase());
        assertEquals(0, b.told(EventCode.HOLD_ENDED));
    }

    @Test
    void the_node_whose_turn_it_is_takes_its_own_again_after_a_restart() {
        Bench b = home();
        b.situation = Situation.begin(b.now);
        hold(b, Duration.ofMinutes(5));
        b.start();
        b.advance(Duration.ofSeconds(8));
        assertEquals(Phase.ACTIVE, b.situation.phase());
    }

    @Test
    void a_copy_that_somebody_stopped_is_left_alone_also_by_a_new_tenure() {
        Bench b = standby(Reason.NORMAL);
        b.advance(BLINK);
        hold(b, Duration.ofMinutes(5));
        b.databaseRuns = false;
        b.effects.clear();
        b.advance(Duration.ofMinutes(1));
        assertFalse(b.did(Step.DATABASE_STANDBY));
        serveOn(b, 3);
        assertFalse(b.did(Step.DATABASE_STANDBY));
        b.post(new Event.Hold(Optional.empty()));
        b.advance(BLINK);
        assertTrue(b.did(Step.DATABASE_STANDBY));
    }

    @Test
    void the_copy_of_a_node_that_starts_again_follows_as_before() {
        Bench b = standby(Reason.NORMAL);
        b.situation = Situation.begin(b.now);
        b.databaseRuns = false;
        b.effects.clear();
        hold(b, Duration.ofMinutes(5));
        b.start();
        b.advance(Duration.ofSeconds(2));
        assertTrue(b.did(Step.DATABASE_STANDBY));
        assertEquals(Phase.STANDBY, b.situation.phase());
        b.effects.clear();
        b.advance(Duration.ofMinutes(1));
        assertFalse(b.did(Step.DATABASE_STANDBY));
    }

    @Test
    void a_copy_follows_the_holder_into_its_next_tenure() {
        Bench b = standby(Reason.NORMAL);
        b.advance(BLINK);
        hold(b, Duration.ofMinutes(5));
        b.effects.clear();
        serveOn(b, 3);
        assertTrue(b.did(Step.DATABASE_STANDBY));
    }

    /** The peer serves and renews for ten seconds. */
    private static void serveOn(Bench b, long epoch) {
        for (int i = 1; i <= 40; i++) {
            b.record = Optional.of(new LeaseRecord(Optional.of(b.other()), new Epoch(epoch), i));
            b.advance(Duration.ofMillis(250));
        }
    }

    @Test
    void a_copy_is_not_made_to_follow_on_a_volume_that_has_failed() {
        Bench b = standby(Reason.NORMAL);
        b.service = ServiceCondition.FAILED;
        b.databaseRuns = false;
        b.effects.clear();
        watchFor(b, 100);
        assertFalse(b.did(Step.DATABASE_STANDBY));
        b.service = ServiceCondition.RUNNING;
        watchFor(b, 200);
        assertTrue(b.did(Step.DATABASE_STANDBY));
    }

    /** The peer renews its lease meanwhile. */
    private static void watchFor(Bench b, int from) {
        for (int i = from; i < from + 60; i++) {
            b.advance(Duration.ofMillis(250));
            b.peerHolds(i);
        }
    }

    @ParameterizedTest
    @EnumSource(OperatorAction.class)
    void operators_are_told_that_it_is_held(OperatorAction action) {
        Bench b = home();
        hold(b, Duration.ofMinutes(5));
        assertEquals(Optional.of(Refusal.HELD), b.ask(action).orElseThrow().refusal());
        Bench s = standby(Reason.NORMAL);
        hold(s, Duration.ofMinutes(5));
        assertEquals(Optional.of(Refusal.HELD), s.ask(action).orElseThrow().refusal());
    }

    @Test
    void a_stop_parks_it_whatever_was_asked() {
        Bench b = home();
        hold(b, Duration.ofMinutes(5));
        b.post(new Event.Stop(true));
        b.advance(BLINK);
        assertEquals(Phase.STOPPED, b.situation.phase());
        assertTrue(b.turn().parked());
        assertEquals(ALPHA, b.turn().assigned());
    }

    @Test
    void reminds_once_before_it_ends_and_not_again_after_a_restart() {
        Bench b = home();
        hold(b, Duration.ofMinutes(10));
        b.advance(Duration.ofMinutes(9).minusSeconds(1));
        assertEquals(0, b.told(EventCode.HOLD_ENDS_SOON));
        b.advance(Duration.ofSeconds(2));
        assertEquals(1, b.told(EventCode.HOLD_ENDS_SOON));
        Event.HoldTime same = b.situation.hold.orElseThrow();
        b.situation = Situation.begin(b.now);
        b.post(new Event.Hold(Optional.of(same)));
        b.start();
        b.advance(Duration.ofMinutes(2));
        assertEquals(1, b.told(EventCode.HOLD_ENDS_SOON));
        assertEquals(1, b.told(EventCode.HOLD_ENDED));
        assertFalse(b.situation.onHold());
    }

    @Test
    void only_one_node_tells() {
        Bench b = standby(Reason.NORMAL);
        hold(b, Duration.ofSeconds(10));
        b.advance(Duration.ofSeconds(12));
        assertEquals(0, b.told(EventCode.HOLD_ENDS_SOON) + b.told(EventCode.HOLD_ENDED));
    }

    @Test
    void an_automatic_fallback_waits_its_whole_time_after_the_hold() {
        Bench b = Bench.serving(BETA, Timers.FAST, true, Reason.PEER_DOWN);
        hold(b, Duration.ofMinutes(5));
        b.advance(Duration.ofMinutes(5).plusSeconds(50));
        assertEquals(BETA, b.turn().assigned());
        b.advance(Duration.ofSeconds(15));
        assertEquals(ALPHA, b.turn().assigned());
    }
}
