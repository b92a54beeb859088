package io.understudy.core.recovery;

import static io.understudy.core.recovery.Bench.ALPHA;
import static io.understudy.core.recovery.Bench.BETA;
import static io.understudy.core.recovery.Bench.DEMO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The policy to go on without a majority: when it is prepared, used, and taken back. */
class PinningTest {

    private static final Set<NodeName> BOTH = Set.of(ALPHA, BETA);
    private static final Set<NodeName> ALONE = Set.of(ALPHA);
    private static final Duration NOTICED = Duration.ofSeconds(4);

    private static Settings settings(NodeName self, Settings.Data data, boolean continues) {
        return new Settings(self, DEMO, ALPHA, BETA, Timers.FAST, true, false, data, continues);
    }

    private static Bench serving(Settings.Data data, boolean continues) {
        Bench b = new Bench(ALPHA, Timers.FAST, true, false);
        b.recovery = new Recovery(settings(ALPHA, data, continues));
        b.ledger = Optional.of(Bench.entry(ALPHA, Reason.NORMAL, Set.of()));
        b.start();
        b.advance(Timers.FAST.challengeWait().plusSeconds(5));
        assertEquals(Phase.ACTIVE, b.situation.phase());
        assertEquals(data == Settings.Data.ASYNCHRONOUS ? ALONE : BOTH, b.turn().inSync());
        return b;
    }

    private static Bench pinned(Settings.Data data) {
        Bench b = serving(data, true);
        b.effects.clear();
        b.post(new Event.Voters(true));
        b.advance(NOTICED);
        assertEquals(ALONE, b.turn().inSync());
        return b;
    }

    private static void loseMajority(Bench b) {
        b.storeAnswers = false;
        b.ledgerAnswers = false;
        b.standbyAttached = false;
        b.peer = Optional.empty();
        b.post(new Event.Voters(true));
        b.post(new Event.PeerContact(Contact.SILENT, b.now));
    }

    private static Bench goingOn() {
        Bench b = pinned(Settings.Data.CONTINUE);
        loseMajority(b);
        b.advance(Duration.ofMinutes(2));
        assertTrue(b.situation.beyondLease());
        return b;
    }

    @Test
    void whileAVoterIsMissingOnlyTheHolderCounts() {
        Bench b = pinned(Settings.Data.CONTINUE);
        assertTrue(b.did(Step.REPLICATE_ASYNC));
        assertEquals(1, b.told(EventCode.PINNED));
        assertEquals(0, b.told(EventCode.UNPROTECTED));
        b.post(new Event.Voters(false));
        b.advance(Duration.ofSeconds(2));
        assertEquals(BOTH, b.turn().inSync());
    }

    @Test
    void aVoterThatIsBackWithinTwoSecondsWasNotMissing() {
        Bench b = serving(Settings.Data.CONTINUE, true);
        b.post(new Event.Voters(true));
        b.advance(Duration.ofMillis(1_900));
        b.post(new Event.Voters(false));
        b.advance(NOTICED);
        assertEquals(BOTH, b.turn().inSync());
        assertEquals(0, b.told(EventCode.PINNED));
    }

    @Test
    void withThePolicyToStopNothingIsPreparedAndTheLeaseEnds() {
        Bench b = serving(Settings.Data.CONTINUE, false);
        b.post(new Event.Voters(true));
        b.advance(NOTICED);
        assertEquals(BOTH, b.turn().inSync());
        loseMajority(b);
        b.advance(Timers.FAST.lease());
        assertTrue(b.did(Step.KILL));
    }

    @Test
    void databasesThatWaitForTheStandbyStopAsBefore() {
        Bench b = serving(Settings.Data.WAIT, true);
        b.post(new Event.Voters(true));
        b.advance(NOTICED);
        assertEquals(BOTH, b.turn().inSync());
        loseMajority(b);
        b.advance(Timers.FAST.lease());
        assertTrue(b.did(Step.KILL));
    }

    @Test
    void whoIsPinnedGoesOnForAsLongAsItTakesAndTellsTheGuard() {
        Bench b = pinned(Settings.Data.CONTINUE);
        loseMajority(b);
        b.effects.clear();
        for (int i = 0; i < 600; i++) {
            b.advance(Duration.ofMillis(100));
            assertEquals(Phase.ACTIVE, b.situation.phase());
            assertTrue(b.situation.validUntil().isAfter(b.now));
        }
        assertEquals(1, b.told(EventCode.GOES_ON));
        assertFalse(b.did(Step.KILL));
        long extended = b.effects.stream().filter(Effect.Guard.class::isInstance).count();
        assertTrue(extended >= 60 / 2, "the guard was told " + extended + " times");
        assertEquals(
                Refusal.NO_MAJORITY,
                b.ask(OperatorAction.SWITCHOVER).orElseThrow().refusal().orElseThrow());
    }

    @Test
    void withoutAPinNobodyGoesOn() {
        Bench b = serving(Settings.Data.CONTINUE, true);
        loseMajority(b);
        b.advance(Timers.FAST.lease());
        assertTrue(b.did(Step.KILL));
        assertEquals(0, b.told(EventCode.GOES_ON));
    }

    @Test
    void whoWasPausedPastItsDeadlineHasLostIt() {
        Bench b = goingOn();
        b.now = b.situation.validUntil().plus(Duration.ofMillis(1));
        b.post(new Event.Wake(false));
        assertTrue(b.did(Step.KILL));
        assertFalse(b.situation.held());
    }

    @Test
    void whoIsToStopDoesNotGoOn() {
        Bench b = goingOn();
        b.post(new Event.Stop(false));
        b.advance(Timers.FAST.lease());
        assertTrue(b.did(Step.KILL));
    }

    @Test
    void whenTheMajorityIsBackItRenewsItsOwnRecordAndIsJoinedAgain() {
        Bench b = goingOn();
        Epoch epoch = b.situation.epoch();
        b.storeAnswers = true;
        b.ledgerAnswers = true;
        b.advance(Duration.ofSeconds(1));
        assertFalse(b.situation.beyondLease());
        assertEquals(1, b.told(EventCode.RENEWED_AGAIN));
        assertEquals(epoch, b.record.orElseThrow().epoch());
        assertEquals(ALONE, b.turn().inSync());
        b.standbyAttached = true;
        b.post(new Event.PeerContact(Contact.HEARD, b.now));
        b.post(new Event.Voters(false));
        b.advance(Duration.ofSeconds(2));
        assertEquals(BOTH, b.turn().inSync());
        assertFalse(b.did(Step.KILL));
    }

    @Test
    void inAStoreFormedAnewItWritesItsRecordOnceTheLedgerConsents() {
        Bench b = goingOn();
        b.record = Optional.empty();
        b.storeAnswers = true;
        b.advance(Duration.ofSeconds(3));
        assertTrue(b.record.isEmpty(), "without the ledger's consent");
        assertTrue(b.situation.beyondLease());
        b.ledgerAnswers = true;
        b.advance(Duration.ofSeconds(1));
        assertTrue(b.record.orElseThrow().isHeldBy(ALPHA));
        assertEquals(b.situation.epoch(), b.record.orElseThrow().epoch());
        assertFalse(b.situation.beyondLease());
        assertFalse(b.did(Step.KILL));
    }

    @Test
    void whereTheLedgerKnowsALaterTenureItStops() {
        Bench b = goingOn();
        b.record = Optional.empty();
        b.storeAnswers = true;
        b.ledgerAnswers = true;
        b.written = Ledger.Written.REFUSED;
        b.advance(Duration.ofSeconds(1));
        assertTrue(b.did(Step.KILL));
        assertTrue(b.record.isEmpty());
    }

    @Test
    void whereAnotherHoldsTheLeaseItStops() {
        Bench b = goingOn();
        b.peerHolds(1);
        b.storeAnswers = true;
        b.advance(Duration.ofSeconds(1));
        assertTrue(b.did(Step.KILL));
    }

    @Test
    void beyondItsLeaseItLetsNobodyIn() {
        Bench b = goingOn();
        b.ledgerAnswers = true;
        b.standbyAttached = true;
        b.post(new Event.PeerContact(Contact.HEARD, b.now));
        b.post(new Event.Voters(false));
        b.advance(Duration.ofSeconds(5));
        assertTrue(
                b.entries.subList(b.entries.size() - 1, b.entries.size()).stream()
                        .allMatch(e -> e.inSync().equals(ALONE)));
        assertTrue(b.situation.beyondLease());
    }

    @Test
    void fromTheMomentAJoinIsBegunThePinCountsNoMore() {
        Bench b = pinned(Settings.Data.CONTINUE);
        b.ledgerAnswers = false;
        b.post(new Event.Voters(false));
        b.advance(Duration.ofMillis(300));
        assertEquals(ALONE, b.turn().inSync());
        b.storeAnswers = false;
        b.advance(Timers.FAST.lease());
        assertTrue(b.did(Step.KILL));
        assertEquals(0, b.told(EventCode.GOES_ON));
    }

    @Test
    void aDatabaseThatCannotBeAskedKeepsItsStandby() {
        Bench b = serving(Settings.Data.CONTINUE, true);
        b.databaseAnswers = false;
        b.advance(Duration.ofMillis(400));
        b.post(new Event.Voters(true));
        b.advance(NOTICED);
        assertEquals(BOTH, b.turn().inSync());
    }

    @Test
    void withoutADatabaseBothMayServeUntilAVoterIsMissing() {
        Bench b = pinned(Settings.Data.NONE);
        assertEquals(1, b.told(EventCode.PINNED));
        loseMajority(b);
        b.advance(Duration.ofMinutes(1));
        assertEquals(Phase.ACTIVE, b.situation.phase());
        b.storeAnswers = true;
        b.ledgerAnswers = true;
        b.post(new Event.Voters(false));
        b.advance(Duration.ofSeconds(2));
        assertEquals(BOTH, b.turn().inSync());
    }

    @Test
    void withoutADatabaseAnOrderlyStopLetsTheOtherServe() {
        Bench b = pinned(Settings.Data.NONE);
        b.post(new Event.Stop(false));
        b.advance(Duration.ofSeconds(1));
        assertEquals(BOTH, b.turn().inSync());
        assertTrue(b.turn().parked());
    }

    /** Beta, of an instance without a database of which alpha alone may serve. */
    private static Bench kept() {
        Bench b = new Bench(BETA, Timers.FAST, true, false);
        // The policy here does not matter: what is on record does.
        b.recovery = new Recovery(settings(BETA, Settings.Data.NONE, false));
        LedgerEntry both = Bench.entry(ALPHA, Reason.NORMAL, Set.of());
        b.ledger = Optional.of(both.withInSync(ALONE));
        b.peerHolds(1);
        b.peer = Optional.empty();
        b.post(new Event.Start());
        b.post(new Event.PeerContact(Contact.SILENT, b.now));
        b.advance(Duration.ofSeconds(20));
        return b;
    }

    @Test
    void whoMayNotServeByTheRecordTakesNothingOverByItself() {
        Bench b = kept();
        assertEquals(Phase.STANDBY, b.situation.phase());
        assertEquals(Set.of(Obstacle.PINNED), b.recovery.obstacles(b.situation, b.now));
        assertEquals(
                Refusal.PINNED,
                b.ask(OperatorAction.FAILOVER).orElseThrow().refusal().orElseThrow());
    }

    @Test
    void anOperatorWhoKnowsThatTheHostIsOffMayOverrideIt() {
        Bench b = kept();
        b.post(new Event.Operator("1", OperatorAction.FAILOVER, true));
        b.advance(Duration.ofSeconds(1));
        assertEquals(Phase.ACTIVE, b.situation.phase());
        assertEquals(BOTH, b.turn().inSync());
    }

    @Test
    void whoIsHeardToServeIsNotOffWhateverAnOperatorSays() {
        Bench b = kept();
        b.peer = Optional.of(new Event.PeerReport(Phase.ACTIVE, false, false));
        b.post(new Event.PeerContact(Contact.HEARD, b.now));
        b.advance(Duration.ofMillis(300));
        b.post(new Event.Operator("1", OperatorAction.FAILOVER, true));
        b.advance(Duration.ofSeconds(5));
        assertEquals(Phase.STANDBY, b.situation.phase());
    }
}
