package io.understudy.core.recovery;

import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A rule broken on purpose. The simulator must notice every one but {@link #NONE}. */
public enum Mutant {
    /** The rules as they are. */
    NONE(Rules::new),
    /** R1: counts a renewal from its answer. */
    COUNTS_FROM_ANSWER(
            () ->
                    new Rules() {
                        @Override
                        Moment validFrom(Moment asked, Moment answered) {
                            return answered.plus(Duration.ofMillis(2000));
                        }
                    }),
    /** R2: serves past its lease. */
    SERVES_PAST_THE_LEASE(
            () ->
                    new Rules() {
                        @Override
                        boolean leaseOver(Moment now, Moment until, Duration margin) {
                            return now.isAfter(until.plus(Duration.ofSeconds(4)));
                        }
                    }),
    /** R3: challenges after half a lease. */
    CHALLENGES_TOO_EARLY(
            () ->
                    new Rules() {
                        @Override
                        boolean mayChallenge(
                                Moment seen, Moment asked, Timers timers, Duration counted) {
                            return asked.since(seen).compareTo(timers.lease().dividedBy(4)) >= 0;
                        }
                    }),
    /** R4: claims right after a start. */
    CLAIMS_WITHOUT_WATCHING(
            () ->
                    new Rules() {
                        @Override
                        boolean watched(
                                Moment started, Moment asked, Timers timers, Duration counted) {
                            return true;
                        }

                        @Override
                        boolean mayChallenge(
                                Moment seen, Moment asked, Timers timers, Duration counted) {
                            return true;
                        }
                    }),
    /** R5: promotes a copy that lacks acknowledged writes. */
    PROMOTES_ANY_COPY(
            () ->
                    new Rules() {
                        @Override
                        boolean holdsEverything(LedgerEntry entry, NodeName node) {
                            return true;
                        }
                    }),
    /** R6: goes on although the ledger refused the epoch. */
    SKIPS_THE_EPOCH_CHECK(
            () ->
                    new Rules() {
                        @Override
                        boolean mustBeGranted() {
                            return false;
                        }

                        @Override
                        Epoch nextEpoch(Epoch latest) {
                            return new Epoch(Math.max(2, latest.value()));
                        }
                    }),
    /** R7: relaxes replication before recording it. */
    RELAXES_BEFORE_RECORDING(
            () ->
                    new Rules() {
                        @Override
                        boolean recordsBeforeRelaxing() {
                            return false;
                        }
                    }),
    /** R8: records the standby as in sync before it is. */
    RECORDS_BEFORE_JOINING(
            () ->
                    new Rules() {
                        @Override
                        boolean joinsBeforeRecording() {
                            return false;
                        }
                    }),
    /** R9: takes over what was stopped on purpose. */
    IGNORES_PARKING(
            () ->
                    new Rules() {
                        @Override
                        boolean parkedStays(LedgerEntry entry) {
                            return false;
                        }
                    }),
    /** R10: a new holder keeps the old epoch. */
    KEEPS_THE_EPOCH(
            () ->
                    new Rules() {
                        @Override
                        Epoch nextEpoch(Epoch latest) {
                            return new Epoch(Math.max(2, latest.value()));
                        }
                    }),
    /** R11: a provisional tenure never ends. */
    PROVISIONAL_FOR_EVER(
            () ->
                    new Rules() {
                        @Override
                        Moment provisionalUntil(Moment asked, Moment now, Duration length) {
                            return now.plus(Duration.ofSeconds(60));
                        }
                    }),
    /** R12: gives the lease back before it has stopped. */
    RELEASES_BEFORE_STOPPING(
            () ->
                    new Rules() {
                        @Override
                        boolean stopsBeforeReleasing() {
                            return false;
                        }
                    }),
    /** R14: falls back by itself before the home node has caught up. */
    FALLS_BACK_BEFORE_CAUGHT_UP(
            () ->
                    new Rules() {
                        @Override
                        boolean goesHomeOnlyInSync() {
                            return false;
                        }
                    }),
    /** R15: moves what failed to a copy that is not in sync. */
    RELIEVED_BY_ANY_COPY(
            () ->
                    new Rules() {
                        @Override
                        boolean relievedOnlyInSync() {
                            return false;
                        }
                    }),
    /** R16: acts although the instance is held for maintenance. */
    ACTS_WHILE_HELD(
            () ->
                    new Rules() {
                        @Override
                        boolean handsOffWhileHeld() {
                            return false;
                        }
                    }),
    /** R17: waits by its own timers, whatever the holder counts on. */
    WAITS_BY_ITS_OWN_TIMERS(
            () ->
                    new Rules() {
                        @Override
                        Duration counted(Duration byHolder) {
                            return Duration.ZERO;
                        }
                    }),
    /** R18: takes over where a volume has failed. */
    TAKES_OVER_ON_A_BAD_VOLUME(
            () ->
                    new Rules() {
                        @Override
                        boolean standsAsideOnBadVolume() {
                            return false;
                        }
                    }),
    /** R19: takes a database that does not answer for one without a standby. */
    GOES_ALONE_WITHOUT_AN_ANSWER(
            () ->
                    new Rules() {
                        @Override
                        boolean believesOnlyWhatAnswers() {
                            return false;
                        }
                    }),
    /** R20: takes an old word for one about what the peer holds now. */
    BELIEVES_AN_OLD_WORD(
            () ->
                    new Rules() {
                        @Override
                        boolean letGo(LeaseRecord record, Event.PeerLetGo word) {
                            return record.isHeldBy(word.node());
                        }
                    }),
    /** R21: goes on without a majority though another may serve. */
    GOES_ON_WITHOUT_A_PIN(
            () ->
                    new Rules() {
                        @Override
                        boolean goesOn(boolean pinned) {
                            return true;
                        }
                    }),
    /** R22: goes on by its pin after a pause in which its time ran out. */
    GOES_ON_PAST_ITS_DEADLINE(
            () ->
                    new Rules() {
                        @Override
                        boolean goesOnAfterItsEnd() {
                            return true;
                        }
                    }),
    /** R23: goes on by a pin that is just being taken back. */
    GOES_ON_WHILE_SHARING(
            () ->
                    new Rules() {
                        @Override
                        boolean pinnedBy(LedgerEntry stored, Optional<LedgerEntry> shared) {
                            return true;
                        }
                    }),
    /** R24: takes an instance without a database over though another alone may serve it. */
    IGNORES_A_PIN(
            () ->
                    new Rules() {
                        @Override
                        boolean pinCountsWithoutData() {
                            return false;
                        }
                    });

    private final Supplier<Rules> rules;

    Mutant(Supplier<Rules> rules) {
        this.rules = rules;
    }

    /** Returns a recovery that decides by this mutant's rules. */
    public Recovery recovery(Settings settings) {
        return new Recovery(settings, rules.get());
    }
}
