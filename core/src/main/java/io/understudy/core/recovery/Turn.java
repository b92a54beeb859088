package io.understudy.core.recovery;

import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One decision in the making: the copy that is being changed, the time, and the effects so far. */
final class Turn {

    /** A step that did not succeed is repeated after this long. */
    private static final Duration AGAIN = Duration.ofMillis(300);

    /** No wake-up sooner than this: a rule that is due for ever must not spin. */
    private static final Duration SOONEST = Duration.ofMillis(1);

    final Settings settings;
    final Rules rules;
    final Situation s;
    final Moment now;
    private final List<Effect> effects = new ArrayList<>();
    private Moment wakeAt;

    Turn(Settings settings, Rules rules, Situation copy, Moment now) {
        this.settings = settings;
        this.rules = rules;
        this.s = copy;
        this.now = now;
        this.wakeAt = now.plus(Duration.ofSeconds(1));
    }

    Timers timers() {
        return settings.timers();
    }

    NodeName self() {
        return settings.self();
    }

    NodeName peer() {
        return settings.peer();
    }

    /** How long the holder of the record seen last counts on it, by its own word. */
    Duration counted() {
        return s.record.map(LeaseRecord::length).orElse(s.lastLength);
    }

    /** How long a provisional tenure may be counted on. */
    Duration provisionalLength() {
        Duration theirs = counted();
        boolean shorter = !theirs.isZero() && theirs.compareTo(timers().lease()) < 0;
        return shorter ? theirs : timers().lease();
    }

    /** How long before its end a lease is left; never more than half of the one that is held. */
    Duration margin() {
        // Several times in every decision: Duration divides by way of BigDecimal.
        Duration half = Duration.ofNanos(s.heldLength.toNanos() / 2);
        Duration whole = timers().leaseMargin();
        return !half.isZero() && half.compareTo(whole) < 0 ? half : whole;
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    void tell(EventCode code, Map<String, String> details) {
        effects.add(new Effect.Tell(code, details));
    }

    void tell(EventCode code) {
        tell(code, Map.of("node", self().value(), "epoch", s.epoch.toString()));
    }

    /** Asks for a wake-up not later than {@code moment}. */
    void wakeBy(Moment moment) {
        wakeAt = Moment.earlier(wakeAt, moment);
    }

    boolean reached(Moment due) {
        if (now.isBefore(due)) {
            wakeBy(due);
            return false;
        }
        return true;
    }

    /**
     * Returns the next moment of a beat that all instances of this node share, at most {@code
     * period} ahead: what they ask of a store then travels together.
     */
    Moment nextBeat(Duration period) {
        long nanos = period.toNanos();
        return new Moment((Math.floorDiv(now.nanos(), nanos) + 1) * nanos);
    }

    // Calls of the stores; each keeps the rule of one outstanding call.

    boolean leaseIdle() {
        return s.leaseCall.isEmpty();
    }

    void readLease() {
        s.leaseCall = Optional.of(new Situation.LeaseCall(now, Optional.empty(), Optional.empty()));
        s.leaseDue = nextBeat(timers().renewEvery());
        add(new Effect.ReadLease());
    }

    void writeLease(LeaseRecord next) {
        s.leaseCall = Optional.of(new Situation.LeaseCall(now, s.record, Optional.of(next)));
        s.leaseDue = nextBeat(timers().renewEvery());
        add(new Effect.WriteLease(s.record, next));
    }

    boolean ledgerIdle() {
        return s.ledgerCall.isEmpty();
    }

    void readLedger() {
        s.ledgerCall =
                Optional.of(new Situation.LedgerCall(now, Optional.empty(), Optional.empty()));
        add(new Effect.ReadLedger());
    }

    void claimLedger(Epoch epoch) {
        s.ledgerCall =
                Optional.of(new Situation.LedgerCall(now, Optional.of(epoch), Optional.empty()));
        add(new Effect.ClaimLedger(epoch));
    }

    /**
     * Takes in what the ledger says of the turn. A turn that was there when this node first looked,
     * and has not changed since, is older than this node's start.
     */
    void learn(Optional<LedgerEntry> newest) {
        boolean same = s.ledger.map(Turn::turnOf).equals(newest.map(Turn::turnOf));
        s.restarted = s.turnSeen ? s.restarted && same : newest.isPresent();
        s.turnSeen = true;
        s.ledger = newest;
    }

    private static String turnOf(LedgerEntry entry) {
        return entry.assigned() + " " + entry.reason();
    }

    /**
     * A write without an answer may have been stored, and a voter refuses two entries under one
     * number: each write gets its own.
     */
    void writeLedger(LedgerEntry wanted) {
        boolean again = s.writtenEpoch.equals(wanted.epoch());
        long number =
                again ? Math.max(wanted.revision(), s.writtenRevision + 1) : wanted.revision();
        LedgerEntry entry = wanted.atRevision(number);
        s.writtenEpoch = entry.epoch();
        s.writtenRevision = number;
        if (!entry.inSync().equals(Set.of(self()))) {
            s.shared = Optional.of(entry);
        }
        s.ledgerCall =
                Optional.of(new Situation.LedgerCall(now, Optional.empty(), Optional.of(entry)));
        add(new Effect.WriteLedger(entry));
    }

    boolean stepIdle() {
        return s.running.isEmpty() && s.again.isEmpty();
    }

    void execute(Step step) {
        execute(step, s.epoch);
    }

    /** Repeats a step that did not succeed: soon, but not in a tight loop. */
    void executeAgain(Step step) {
        s.again = Optional.of(step);
        s.againDue = now.plus(AGAIN);
        wakeBy(s.againDue);
    }

    /** Begins the step that is to be repeated, once it is due. */
    void repeat() {
        if (s.again.isPresent() && s.running.isEmpty() && reached(s.againDue)) {
            execute(s.again.get());
        }
    }

    void execute(Step step, Epoch epoch) {
        s.again = Optional.empty();
        s.tickets++;
        s.running = Optional.of(new Situation.Running(s.tickets, step, epoch));
        add(new Effect.Execute(s.tickets, step, epoch));
    }

    void conclude(Optional<Refusal> refusal) {
        s.request.ifPresent(r -> add(new Effect.Conclude(r.id(), refusal)));
        s.request = Optional.empty();
    }

    Decision decision() {
        Moment soonest = now.plus(SOONEST);
        return new Decision(s, effects, wakeAt.isBefore(soonest) ? soonest : wakeAt);
    }
}
