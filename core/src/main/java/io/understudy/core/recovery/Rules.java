package io.understudy.core.recovery;

import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.Optional;

/**
 * The rules on which safety rests, one method each, so that each can be broken on purpose: the
 * simulator must notice (its mutants override one rule at a time).
 */
class Rules {

    /** The rules as they are. */
    static final Rules STANDARD = new Rules();

    /** R1. A renewal counts from before it was asked for: the store may have applied it then. */
    Moment validFrom(Moment asked, Moment answered) {
        return asked;
    }

    /** R2. The holder stops serving a margin before its lease can have ended for others. */
    boolean leaseOver(Moment now, Moment validUntil, Duration margin) {
        return !now.isBefore(validUntil.minus(margin));
    }

    /**
     * R3. A record may be challenged only when a read that was asked for long enough after the
     * record was first seen still shows it: longer than any holder can count on it.
     */
    boolean mayChallenge(Moment firstSeen, Moment asked, Timers timers, Duration counted) {
        return asked.since(firstSeen).compareTo(timers.challengeWait(counted(counted))) >= 0;
    }

    /**
     * Of R3: an instance without a record counts as seen so since this life of the store was first
     * seen here. Who holds one from an earlier life, before a reset, renewed it before that. What
     * was watched by an earlier process counts for nothing.
     */
    Moment emptySince(Optional<Moment> watched, Moment started, Moment now) {
        return watched.filter(w -> w.isBefore(now))
                .map(w -> w.isBefore(started) ? started : w)
                .orElse(now);
    }

    /** R4. After a start nobody claims before a provisional tenure of the peer must be over. */
    boolean watched(Moment started, Moment asked, Timers timers, Duration counted) {
        return asked.since(started).compareTo(timers.challengeWait(counted(counted))) >= 0;
    }

    /** R17. Whoever waits, waits for as long as the holder counts on, whatever its own timers. */
    Duration counted(Duration byHolder) {
        return byHolder;
    }

    /** R5. Only a copy that holds everything acknowledged may become the primary. */
    boolean holdsEverything(LedgerEntry entry, NodeName node) {
        return entry.inSync().contains(node);
    }

    /** R6. A tenure that the ledger refused is none. */
    boolean mustBeGranted() {
        return true;
    }

    /** R7. That the standby is out of sync is recorded before commits stop waiting for it. */
    boolean recordsBeforeRelaxing() {
        return true;
    }

    /** R8. That the standby is in sync is recorded only after it has everything. */
    boolean joinsBeforeRecording() {
        return true;
    }

    /** R9. What was stopped on purpose stays stopped. */
    boolean parkedStays(LedgerEntry entry) {
        return entry.parked();
    }

    /** R10. Each change of holder raises the epoch. */
    Epoch nextEpoch(Epoch latest) {
        return latest.next();
    }

    /**
     * R11. A provisional tenure ends one lease after the latest proof was asked for, unless
     * confirmed; of the dead holder's leases, if they were shorter, for its next life waits for no
     * longer.
     */
    Moment provisionalUntil(Moment proofAsked, Moment now, Duration length) {
        return proofAsked.plus(length);
    }

    /** R12. Before the lease is given back, services and databases have been stopped. */
    boolean stopsBeforeReleasing() {
        return true;
    }

    /** R14. By itself an instance goes home only to a copy that holds everything. */
    boolean goesHomeOnlyInSync() {
        return true;
    }

    /** R15. What failed is moved by itself only to a copy that holds everything. */
    boolean relievedOnlyInSync() {
        return true;
    }

    /** R16. A held instance is not moved, started or mended by itself; a copy may follow. */
    boolean handsOffWhileHeld() {
        return true;
    }

    /** R18. A node on which a volume has failed takes nothing over by itself. */
    boolean standsAsideOnBadVolume() {
        return true;
    }

    /**
     * R19. That the standby is gone is believed only of a database that answers: one that hangs on
     * its disk cannot tell, and its standby is the only one that could take over.
     */
    boolean believesOnlyWhatAnswers() {
        return true;
    }

    /**
     * R20. Whoever lets go of a tenure by its own word has let go of that one and of earlier ones,
     * not of what it may have been granted since.
     */
    boolean letGo(LeaseRecord record, Event.PeerLetGo word) {
        return record.isHeldBy(word.node()) && !word.epoch().isBefore(record.epoch());
    }

    /** R21. Without a majority only a holder goes on beside which nobody may serve. */
    boolean goesOn(boolean pinned) {
        return pinned;
    }

    /** R22. Who lets its time run out, for instance while it was paused, has lost its right. */
    boolean goesOnAfterItsEnd() {
        return false;
    }

    /**
     * R23. From when an entry that lets another serve begins to be written nothing earlier counts.
     */
    boolean pinnedBy(LedgerEntry stored, Optional<LedgerEntry> shared) {
        return shared.filter(s -> s.compareTo(stored) > 0).isEmpty();
    }

    /** R24. Who alone may serve is on record also for an instance without a database. */
    boolean pinCountsWithoutData() {
        return true;
    }

    /** R13. A lease that another tenure has taken is lost, whatever the clock says. */
    boolean yieldsToAnother() {
        return true;
    }
}
