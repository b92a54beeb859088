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
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fallback, automatic recovery, failed mode, graceful stops: each mode of the reference. */
class ModesTest {

    private static final Duration BLINK = Duration.ofSeconds(1);

    private static Bench backupServes(boolean fallback, Reason turn) {
        return Bench.serving(BETA, Timers.FAST, fallback, turn);
    }

    @Test
    void goes_home_by_itself_once_the_home_node_was_well_for_the_set_time() {
        Bench b = backupServes(true, Reason.PEER_DOWN);
        assertEquals(Phase.ACTIVE, b.situation.phase());
        // In sync and able since some seconds: not before the set time has passed whole.
        b.advance(Timers.FAST.fallbackHealthy().minusSeconds(8));
        assertEquals(BETA, b.turn().assigned());
        b.advance(Duration.ofSeconds(8));
        assertEquals(ALPHA, b.turn().assigned());
        assertEquals(Reason.AUTOMATIC_FALLBACK, b.turn().reason());
        assertEquals(Phase.STANDBY, b.situation.phase());
    }

    @Test
    void under_classic_it_waits_for_thirty_minutes() {
        Bench b = Bench.serving(BETA, Timers.CLASSIC, true, Reason.PEER_DOWN);
        b.advance(Duration.ofMinutes(29).plusSeconds(50));
        assertEquals(BETA, b.turn().assigned());
        b.advance(Duration.ofSeconds(15));
        assertEquals(Reason.AUTOMATIC_FALLBACK, b.turn().reason());
    }

    @Test
    void under_classic_a_silent_node_is_taken_over_after_exactly_sixty_seconds() {
        Bench b = new Bench(BETA, Timers.CLASSIC, true, false);
        b.ledger = Optional.of(Bench.entry(ALPHA, Reason.NORMAL, Set.of()));
        b.peer = Optional.of(new Event.PeerReport(Phase.ACTIVE, false, true));
        b.peerHolds(1);
        b.start();
        for (int i = 2; i < 30; i++) {
            b.advance(Timers.CLASSIC.renewEvery());
            b.peerHolds(i);
        }
        // The last renewal is read now; from here on the node is silent.
        b.advance(Timers.CLASSIC.renewEvery());
        b.peer = Optional.empty();
        b.post(new Event.PeerContact(Contact.SILENT, b.now));
        Moment seen = b.situation.recordSince;
        Moment limit = seen.plus(Duration.ofMinutes(3));
        while (b.situation.phase() == Phase.STANDBY && b.now.isBefore(limit)) {
            b.advance(Duration.ofMillis(100));
        }
        assertEquals(Phase.ACTIVE, b.situation.phase());
        long millis = b.now.since(seen).toMillis();
        assertTrue(millis >= 60_000 && millis <= 60_200, () -> "after " + millis + " ms");
    }

    @Test
    void under_classic_a_failed_service_moves_at_once_once_its_delay_is_over() {
        Bench b = Bench.serving(ALPHA, Timers.CLASSIC, false, Reason.NORMAL);
        b.service = ServiceCondition.DOWN;
        b.advance(Duration.ofSeconds(89));
        assertEquals(ALPHA, b.turn().assigned());
        b.service = ServiceCondition.FAILED;
        b.advance(Duration.ofMillis(500));
        assertEquals(BETA, b.turn().assigned());
        assertEquals(Reason.CRITICAL_SERVICE_DOWN, b.turn().reason());
    }

    @Test
    void a_change_to_longer_timers_does_not_end_the_lease_that_is_held() {
        Bench b = Bench.serving(ALPHA, Timers.FAST, false, Reason.NORMAL);
        b.recovery = new Recovery(Bench.settings(ALPHA, Timers.CLASSIC, true, false));
        b.advance(Duration.ofMinutes(2));
        assertEquals(Phase.ACTIVE, b.situation.phase());
        assertEquals(Timers.CLASSIC.lease(), b.record.orElseThrow().length());
        b.recovery = new Recovery(Bench.settings(ALPHA, Timers.FAST, true, false));
        b.advance(Duration.ofMinutes(2));
        assertEquals(Timers.FAST.lease(), b.record.orElseThrow().length());
        assertEquals(0, b.told(EventCode.LEASE_LOST));
    }

    @Test
    void whoever_challenges_waits_for_as_long_as_the_holder_counts_on() {
        Bench b = new Bench(BETA, Timers.FAST, true, false);
        b.ledger = Optional.of(Bench.entry(ALPHA, Reason.NORMAL, Set.of()));
        b.record =
                Optional.of(
                        new LeaseRecord(
                                Optional.of(ALPHA), new Epoch(2), 7, Duration.ofSeconds(40)));
        b.peer = Optional.empty();
        b.post(new Event.Start());
        b.advance(Duration.ofSeconds(59));
        assertEquals(Phase.STANDBY, b.situation.phase());
        b.advance(Duration.ofSeconds(3));
        assertEquals(Phase.ACTIVE, b.situation.phase());
    }

    @Test
    void a_home_node_that_falters_begins_its_time_anew() {
        Bench b = backupServes(true, Reason.PEER_DOWN);
        b.advance(Duration.ofSeconds(50));
        b.standbyAttached = false;
        b.advance(Duration.ofSeconds(2));
        b.standbyAttached = true;
        b.advance(Duration.ofSeconds(58));
        assertEquals(BETA, b.turn().assigned());
        b.advance(Duration.ofSeconds(5));
        assertEquals(ALPHA, b.turn().assigned());
    }

    @Test
    void never_before_the_copy_has_caught_up() {
        Bench b = backupServes(true, Reason.PEER_DOWN);
        b.standbyAttached = false;
        b.advance(Duration.ofMinutes(10));
        assertEquals(BETA, b.turn().assigned());
    }

    @Test
    void where_an_operator_has_put_it_it_stays() {
        Bench b = backupServes(true, Reason.ON_ADMIN_REQUEST);
        b.advance(Duration.ofMinutes(10));
        assertEquals(BETA, b.turn().assigned());
        b.ask(OperatorAction.FALLBACK);
        assertEquals(ALPHA, b.turn().assigned());
    }

    @Test
    void manual_fallback_waits_for_the_operator() {
        Bench b = backupServes(false, Reason.PEER_DOWN);
        b.advance(Duration.ofMinutes(10));
        assertEquals(BETA, b.turn().assigned());
    }

    @Test
    void a_service_that_stops_on_the_backup_sends_the_instance_home() {
        Bench b = backupServes(false, Reason.PEER_DOWN);
        b.service = ServiceCondition.FAILED;
        b.advance(BLINK);
        assertEquals(ALPHA, b.turn().assigned());
        assertEquals(Reason.AUTO_RECOVERY_CRITICAL_SERVICE_DOWN, b.turn().reason());
        assertTrue(b.turn().failed().contains(BETA));
    }

    @Test
    void a_database_that_stops_on_the_backup_does_too() {
        Bench b = backupServes(false, Reason.PEER_DOWN);
        b.databaseRuns = false;
        b.advance(BLINK);
        assertEquals(ALPHA, b.turn().assigned());
        assertEquals(Reason.AUTO_RECOVERY_DATABASE_FAILURE, b.turn().reason());
    }

    @Test
    void not_to_a_home_node_that_is_not_able_or_not_in_sync_or_where_an_operator_decides() {
        Bench unable = backupServes(false, Reason.CRITICAL_SERVICE_DOWN);
        unable.peer = Optional.of(new Event.PeerReport(Phase.STANDBY, false, false));
        unable.advance(BLINK);
        unable.failing.add(Step.SERVICES_START);
        unable.service = ServiceCondition.FAILED;
        unable.advance(BLINK);
        assertEquals(BETA, unable.turn().assigned());
        assertTrue(unable.situation.failed(), "both in failed mode");

        Bench behind = backupServes(false, Reason.PEER_DOWN);
        behind.standbyAttached = false;
        behind.advance(Duration.ofSeconds(2));
        behind.failing.add(Step.SERVICES_START);
        behind.service = ServiceCondition.FAILED;
        behind.advance(BLINK);
        assertEquals(BETA, behind.turn().assigned());

        Bench manual = backupServes(false, Reason.PEER_DOWN);
        manual.recovery = new Recovery(Bench.settings(BETA, Timers.FAST, false, false));
        manual.failing.add(Step.SERVICES_START);
        manual.service = ServiceCondition.FAILED;
        manual.advance(BLINK);
        assertEquals(BETA, manual.turn().assigned());
    }

    @Test
    void recover_on_the_holder_tries_at_once_what_would_be_tried_later() {
        Bench b = backupServes(false, Reason.CRITICAL_SERVICE_DOWN);
        b.peer = Optional.of(new Event.PeerReport(Phase.STANDBY, false, false));
        b.failing.add(Step.SERVICES_START);
        b.service = ServiceCondition.FAILED;
        b.advance(Duration.ofSeconds(5));
        assertTrue(b.situation.failed());
        b.failing.clear();
        assertEquals(Optional.empty(), b.ask(OperatorAction.RECOVER).orElseThrow().refusal());
        b.advance(BLINK);
        assertFalse(b.situation.failed());
        assertEquals(ServiceCondition.RUNNING, b.service);
    }

    @Test
    void recover_on_the_other_makes_it_able_again() {
        Bench home = Bench.serving(ALPHA, Timers.FAST, false, Reason.NORMAL);
        home.service = ServiceCondition.FAILED;
        home.advance(BLINK);
        assertEquals(BETA, home.turn().assigned());
        home.peerHolds(1);
        home.post(new Event.Wake(true));
        assertFalse(home.situation.able());
        home.post(new Event.TryAgain());
        assertTrue(home.situation.able());
    }

    @Test
    void a_node_that_says_it_can_again_is_failed_no_more() {
        Bench b = new Bench(BETA, Timers.FAST, true, false);
        b.ledger = Optional.of(Bench.entry(BETA, Reason.CRITICAL_SERVICE_DOWN, Set.of(ALPHA)));
        b.peer = Optional.of(new Event.PeerReport(Phase.STANDBY, false, false));
        b.start();
        b.advance(Duration.ofSeconds(8));
        assertEquals(Set.of(ALPHA), b.turn().failed());
        b.peer = Optional.of(new Event.PeerReport(Phase.STANDBY, true, false));
        b.advance(BLINK);
        assertEquals(Set.of(), b.turn().failed());
        assertEquals(Reason.CRITICAL_SERVICE_DOWN, b.turn().reason());
    }

    @Test
    void a_graceful_stop_parks_and_a_start_serves_again() {
        Bench b = Bench.serving(ALPHA, Timers.FAST, false, Reason.NORMAL);
        b.post(new Event.Stop(false));
        b.advance(BLINK);
        assertEquals(Phase.STOPPED, b.situation.phase());
        assertTrue(b.turn().parked());
        assertEquals(Reason.GRACEFUL_SHUTDOWN, b.turn().reason());
        b.situation = Situation.begin(b.now);
        b.start();
        assertTrue(b.situation.restarted());
        b.advance(Duration.ofSeconds(6));
        assertEquals(Phase.ACTIVE, b.situation.phase());
        assertFalse(b.turn().parked());
        assertEquals(Reason.NORMAL, b.turn().reason());
        assertFalse(b.situation.restarted());
    }

    @Test
    void a_stop_with_hand_over_gives_the_turn_away_as_a_reboot() {
        Bench b = Bench.serving(ALPHA, Timers.FAST, false, Reason.NORMAL);
        b.post(new Event.Stop(true));
        b.advance(BLINK);
        assertEquals(Phase.STOPPED, b.situation.phase());
        assertEquals(BETA, b.turn().assigned());
        assertEquals(Reason.PEER_REBOOT, b.turn().reason());
        assertFalse(b.turn().parked());
    }

    @Test
    void a_stop_with_hand_over_that_is_not_possible_parks() {
        Bench b = Bench.serving(ALPHA, Timers.FAST, false, Reason.NORMAL);
        b.post(new Event.PeerContact(Contact.SILENT, b.now));
        b.post(new Event.Stop(true));
        b.advance(Duration.ofSeconds(3));
        assertTrue(b.turn().parked());
        assertEquals(ALPHA, b.turn().assigned());
    }

    @Test
    void a_peer_that_was_never_heard_was_down_during_initialization() {
        Bench b = new Bench(BETA, Timers.FAST, true, false);
        b.ledger = Optional.of(Bench.entry(ALPHA, Reason.NORMAL, Set.of()));
        b.peerHolds(7);
        b.post(new Event.Start());
        assertTrue(b.recovery.obstacles(b.situation, b.now).contains(Obstacle.WATCHING));
        b.advance(Duration.ofSeconds(8));
        assertEquals(Phase.ACTIVE, b.situation.phase());
        assertEquals(Reason.PEER_DOWN_DURING_INITIALIZATION, b.turn().reason());
    }

    @Test
    void a_database_that_does_not_start_names_the_direction() {
        Bench over = new Bench(BETA, Timers.FAST, true, false);
        over.ledger = Optional.of(Bench.entry(BETA, Reason.ON_ADMIN_REQUEST, Set.of()));
        over.failing.add(Step.DATABASE_PRIMARY);
        over.start();
        over.advance(Duration.ofSeconds(5));
        assertEquals(Reason.TAKE_OVER_USERS_FAILED, over.turn().reason());

        Bench back = new Bench(ALPHA, Timers.FAST, true, false);
        back.ledger = Optional.of(Bench.entry(ALPHA, Reason.AUTOMATIC_FALLBACK, Set.of()));
        back.failing.add(Step.DATABASE_PRIMARY);
        back.start();
        back.advance(Duration.ofSeconds(5));
        assertEquals(Reason.TAKE_BACK_USERS_FAILED, back.turn().reason());
    }

    @ParameterizedTest
    @EnumSource(OperatorAction.class)
    void every_request_of_a_second_operator_is_refused_while_a_move_is_under_way(
            OperatorAction action) {
        Bench b = Bench.serving(ALPHA, Timers.FAST, false, Reason.NORMAL);
        b.failing.add(Step.KILL);
        b.failing.add(Step.SERVICES_STOP);
        b.ask(OperatorAction.FAILOVER);
        assertEquals(Phase.DEACTIVATING, b.situation.phase());
        assertEquals(Optional.of(Refusal.BUSY), b.ask(action).orElseThrow().refusal());
    }
}
