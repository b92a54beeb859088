package io.understudy.core.recovery;

import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The policy to go on without a majority (docs/decisions/0024). While a voter is missing, the
 * holder is on record as the only one that counts; a holder that knows itself so recorded, on a
 * majority of disks and in its own epoch, may serve on beyond its lease: whoever wants to serve
 * instead has to ask a majority, and learns there that it may not.
 */
final class Pinning {

    /** A voter that is back by then was not missing: a restart, or a word that came late. */
    static final Duration AFTER = Duration.ofSeconds(2);

    private Pinning() {}

    static void noted(Turn t, Event.Voters voters) {
        if (!voters.missing()) {
            t.s.voterMissingSince = Optional.empty();
        } else if (t.s.voterMissingSince.isEmpty()) {
            t.s.voterMissingSince = Optional.of(t.now);
        }
    }

    /** Returns whether the holder is to be the only one that counts. */
    static boolean wanted(Turn t) {
        return t.settings.goesOn()
                && t.s.voterMissingSince.filter(since -> t.reached(since.plus(AFTER))).isPresent();
    }

    /**
     * Returns whether that is to be recorded now: by a holder that still has answers, for what
     * somebody wrote whom nobody answers would keep the other from serving, and help nobody.
     */
    static boolean toBeRecorded(Turn t) {
        return wanted(t) && ReplicationKeeping.renewedSince(t, t.s.voterMissingSince.orElseThrow());
    }

    /**
     * Returns whether another may be let in: no voter is missing, and this node counts on no more
     * than a lease that others know of, or they could serve before it has stopped.
     */
    static boolean mayShare(Turn t) {
        boolean missing = t.settings.goesOn() && t.s.voterMissingSince.isPresent();
        return !missing && !t.s.beyond;
    }

    /**
     * Returns whether every node of the pair may serve as far as data is concerned: it has none.
     */
    static boolean forAll(Turn t) {
        return !t.settings.data().present() && !t.settings.alone();
    }

    static Set<NodeName> both(Turn t) {
        return Set.of(t.self(), t.peer());
    }

    /** Returns whether an instance without a database may be served by one other node only. */
    static boolean byAnother(Turn t, LedgerEntry entry) {
        return !t.settings.data().present()
                && t.rules.pinCountsWithoutData()
                && !entry.mayServe(t.self(), false);
    }

    /** While active: where no replication keeps the record, it is kept here. */
    static void duties(Turn t) {
        LedgerEntry entry = t.s.ledger.orElseThrow();
        if (t.settings.data().synchronous()) {
            return;
        }
        boolean alone = !forAll(t) || toBeRecorded(t);
        Set<NodeName> right = alone ? Set.of(t.self()) : both(t);
        boolean may = alone || mayShare(t);
        if (may && !entry.inSync().equals(right) && t.ledgerIdle() && t.reached(t.s.ledgerDue)) {
            t.writeLedger(entry.withInSync(right));
        }
    }

    /** An entry of this tenure is on a majority of disks, and no later epoch was promised there. */
    static void recorded(Turn t, LedgerEntry entry) {
        boolean alone = entry.inSync().equals(Set.of(t.self()));
        boolean before = t.s.ledger.filter(e -> !e.inSync().equals(entry.inSync())).isPresent();
        if (forAll(t) && before && alone) {
            tell(t);
        }
        if (t.s.consentAsked.filter(entry::equals).isPresent()) {
            t.s.consented = true;
            t.s.leaseDue = Moment.earlier(t.s.leaseDue, t.now);
        }
    }

    static void tell(Turn t) {
        t.tell(EventCode.PINNED, Map.of("node", t.self().value(), "to", t.peer().value()));
    }

    private static boolean pinned(Turn t) {
        return t.s.ledger
                .filter(e -> e.epoch().equals(t.s.epoch) && e.inSync().equals(Set.of(t.self())))
                .filter(e -> t.rules.pinnedBy(e, t.s.shared))
                .isPresent();
    }

    /** Returns whether this holder may serve on whether or not anybody answers. */
    static boolean mayGoOn(Turn t) {
        boolean another =
                t.s.record
                        .filter(r -> !(r.isHeldBy(t.self()) && r.epoch().equals(t.s.epoch)))
                        .isPresent();
        return t.settings.goesOn()
                && t.s.phase == Phase.ACTIVE
                && t.s.granted
                && !t.s.provisional
                && !t.s.stopAfterwards
                && !another
                && t.rules.goesOn(pinned(t));
    }

    /** Extends the right by one lease, in good time before it ends: once ended it is lost. */
    static void goOn(Turn t) {
        Moment due = due(t);
        if (!mayGoOn(t) || !t.reached(due)) {
            return;
        }
        t.s.validUntil = t.now.plus(t.s.heldLength);
        if (!t.s.beyond) {
            t.s.beyond = true;
            t.tell(EventCode.GOES_ON);
        }
        t.add(new Effect.Guard(t.s.epoch, Optional.of(t.s.validUntil)));
        t.wakeBy(due(t));
    }

    /** With three fifths left: the margin, at most a half, may change with the timers meanwhile. */
    private static Moment due(Turn t) {
        return t.s.validUntil.minus(t.s.heldLength.multipliedBy(3).dividedBy(5));
    }

    static void renewed(Turn t) {
        forgetConsent(t);
        if (t.s.beyond) {
            t.s.beyond = false;
            t.tell(EventCode.RENEWED_AGAIN);
        }
    }

    /**
     * A store that was formed anew knows nobody. Who served beyond its lease writes its record
     * there only after the ledger, asked since, has taken an entry of its epoch: then nobody has
     * begun a later tenure.
     */
    static boolean consented(Turn t) {
        if (!t.s.beyond || t.s.consented) {
            return true;
        }
        if (t.ledgerIdle() && t.reached(t.s.ledgerDue)) {
            t.writeLedger(t.s.ledger.orElseThrow().withInSync(Set.of(t.self())));
            t.s.consentAsked = t.s.ledgerCall.flatMap(Situation.LedgerCall::entry);
        }
        return false;
    }

    static void forgetConsent(Turn t) {
        t.s.consented = false;
        t.s.consentAsked = Optional.empty();
    }
}
