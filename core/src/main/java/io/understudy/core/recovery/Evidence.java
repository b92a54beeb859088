package io.understudy.core.recovery;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.peer.Contact;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a node knows at a moment, laid open for people: with durations instead of moments, and with
 * what keeps it from taking the instance, giving it away, or going on. Durations that count down
 * are never negative.
 *
 * @param settings by what it decides
 * @param phase where the node is with the instance
 * @param contact the contact with the peer
 * @param peerReport what the peer last told, empty while it is not heard
 * @param storeAnswers whether the lease store answered last time
 * @param record the lease record as last read
 * @param everRead whether it was ever read
 * @param recordAge how long it has been seen unchanged
 * @param held whether this node holds a right to serve
 * @param provisional whether that rests on proof only
 * @param beyond whether it serves beyond its lease, as by the record only it may
 * @param leaseLeft how long it may serve, while it holds the lease
 * @param tenureAge how long ago the present tenure was claimed, while it holds the lease
 * @param epoch of the present or last tenure
 * @param ledger the newest entry known
 * @param ledgerKnown whether it was read since the lease last changed hands
 * @param takeOver what keeps this node from taking the instance now
 * @param left of those that pass by themselves, how long that takes if nothing else happens
 * @param giveAway what keeps an active node from moving the instance to its peer now; empty where
 *     nothing does, and where it is not active
 * @param homeReadyFor how long the home node has been ready to take the instance back
 * @param standbyGoneFor how long the standby's stream has been missing or stalled
 * @param replication how the copies stand, meaningful while active
 * @param degraded what failed while active
 * @param retryIn when what failed is tried again by itself
 * @param services as observed here
 * @param databases as observed here
 * @param running the step that runs
 * @param stopping whether the node or instance is to stop here
 */
public record Evidence(
        Settings settings,
        Phase phase,
        Contact contact,
        Optional<Event.PeerReport> peerReport,
        boolean storeAnswers,
        Optional<LeaseRecord> record,
        boolean everRead,
        Duration recordAge,
        boolean held,
        boolean provisional,
        boolean beyond,
        Optional<Duration> leaseLeft,
        Optional<Duration> tenureAge,
        long epoch,
        Optional<LedgerEntry> ledger,
        boolean ledgerKnown,
        Set<Obstacle> takeOver,
        Map<Obstacle, Duration> left,
        Optional<Refusal> giveAway,
        Optional<Duration> homeReadyFor,
        Optional<Duration> standbyGoneFor,
        Replication replication,
        Optional<Reason> degraded,
        Optional<Duration> retryIn,
        List<ServiceFacts> services,
        List<DatabaseFacts> databases,
        Optional<Step> running,
        boolean stopping) {

    /** Lays open what {@code s} holds at {@code now} under {@code settings}. */
    public static Evidence of(Settings settings, Situation s, Moment now) {
        Turn t = new Turn(settings, Rules.STANDARD, s.copy(), now);
        boolean active = s.phase == Phase.ACTIVE;
        return new Evidence(
                settings,
                s.phase,
                s.contact,
                s.peer,
                s.storeAnswers,
                s.record,
                s.everRead,
                now.since(s.recordSince),
                s.held,
                s.provisional,
                s.beyondLease(),
                s.held ? Optional.of(until(s.validUntil, now)) : Optional.empty(),
                s.held ? Optional.of(now.since(s.claimingSince)) : Optional.empty(),
                s.epoch.value(),
                s.ledger,
                s.ledgerKnown,
                s.phase.holdsLease() ? Set.of() : Set.copyOf(Claiming.obstacles(t)),
                left(settings, s, now),
                active ? Active.refusal(t) : Optional.empty(),
                s.homeReadySince.map(now::since),
                s.standbyGoneSince.map(now::since),
                s.replication,
                s.degraded,
                retry(settings, s, now),
                s.services,
                s.databases,
                s.running.map(Situation.Running::step),
                s.stopAfterwards);
    }

    private static Map<Obstacle, Duration> left(Settings settings, Situation s, Moment now) {
        Map<Obstacle, Duration> left = new EnumMap<>(Obstacle.class);
        Duration wait = settings.timers().challengeWait();
        left.put(Obstacle.WATCHING, until(s.started.plus(wait), now));
        left.put(Obstacle.HOLDER_LIVES, until(s.recordSince.plus(wait), now));
        left.put(
                Obstacle.PEERS_TURN,
                until(s.recordSince.plus(settings.timers().handOverLimit()), now));
        s.hold.ifPresent(h -> left.put(Obstacle.HELD, until(h.until(), now)));
        retry(settings, s, now).ifPresent(d -> left.put(Obstacle.FAILED_HERE, d));
        return left;
    }

    private static Optional<Duration> retry(Settings settings, Situation s, Moment now) {
        if (s.phase == Phase.ACTIVE && s.degraded.isPresent()) {
            return Optional.of(until(s.mendDue, now));
        }
        return s.failedHere.map(at -> until(at.plus(settings.timers().failedRetry()), now));
    }

    private static Duration until(Moment end, Moment now) {
        Duration left = end.since(now);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
