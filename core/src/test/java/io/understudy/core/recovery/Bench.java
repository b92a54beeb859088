package io.understudy.core.recovery;

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
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One node's recovery core in a world that answers at once: stores, disks, steps. What the peer and
 * the parts do is set by the test; time is virtual.
 */
final class Bench {

    static final NodeName ALPHA = NodeName.of("alpha");
    static final NodeName BETA = NodeName.of("beta");
    static final InstanceName DEMO = InstanceName.of("demo");
    private static final Duration OBSERVE = Duration.ofMillis(200);

    final NodeName self;
    Recovery recovery;
    Situation situation;
    Moment now = new Moment(1_000_000_000_000L);
    private Moment wakeAt = now;
    private Moment observeAt = now;

    // The world.
    Optional<LeaseRecord> record = Optional.empty();
    Optional<LedgerEntry> ledger = Optional.empty();
    Optional<Event.PeerReport> peer = Optional.of(new Event.PeerReport(Phase.STANDBY, true, false));
    boolean standbyAttached = true;
    boolean databaseRuns;
    boolean databaseAnswers = true;
    boolean storeAnswers = true;
    boolean ledgerAnswers = true;
    Ledger.Written written = Ledger.Written.STORED;
    ServiceCondition dataVolume = ServiceCondition.RUNNING;
    ServiceCondition service = ServiceCondition.STOPPED;
    final Set<Step> failing = EnumSet.noneOf(Step.class);

    // What came of it.
    final List<Effect> effects = new ArrayList<>();
    final List<LedgerEntry> entries = new ArrayList<>();

    Bench(NodeName self, Timers timers, boolean failover, boolean fallback) {
        this.self = self;
        this.recovery = new Recovery(settings(self, timers, failover, fallback));
        this.situation = Situation.begin(now);
    }

    static Settings settings(NodeName self, Timers timers, boolean failover, boolean fallback) {
        return new Settings(
                self, DEMO, ALPHA, BETA, timers, failover, fallback, Settings.Data.CONTINUE);
    }

    /** A node that serves, its peer standing by in sync. */
    static Bench serving(NodeName self, Timers timers, boolean fallback, Reason turn) {
        Bench bench = new Bench(self, timers, true, fallback);
        bench.ledger = Optional.of(entry(self, turn, Set.of()));
        bench.start();
        bench.advance(timers.challengeWait().plusSeconds(5));
        return bench;
    }

    static LedgerEntry entry(NodeName assigned, Reason reason, Set<NodeName> failed) {
        return new LedgerEntry(
                DEMO,
                new Epoch(2),
                1,
                assigned,
                Set.of(ALPHA, BETA),
                assigned,
                reason,
                false,
                failed);
    }

    NodeName other() {
        return self.equals(ALPHA) ? BETA : ALPHA;
    }

    void start() {
        post(new Event.Start());
        post(new Event.PeerContact(Contact.HEARD, now));
    }

    void advance(Duration time) {
        Moment end = now.plus(time);
        while (now.isBefore(end)) {
            now = Moment.earlier(end, Moment.earlier(wakeAt, observeAt));
            if (!now.isBefore(observeAt)) {
                observeAt = now.plus(OBSERVE);
                observe();
            }
            post(new Event.Wake(false));
        }
    }

    private void observe() {
        peer.ifPresent(this::post);
        DatabaseRole role =
                databaseRuns
                        ? situation.held() ? DatabaseRole.PRIMARY : DatabaseRole.STANDBY
                        : DatabaseRole.STOPPED;
        boolean attached = databaseRuns && standbyAttached && databaseAnswers;
        post(
                new Event.Databases(
                        List.of(
                                new DatabaseFacts(
                                        "demo",
                                        role,
                                        attached,
                                        attached,
                                        ReplicationMode.SYNCHRONOUS,
                                        OptionalLong.empty(),
                                        OptionalInt.empty(),
                                        Optional.empty(),
                                        "",
                                        databaseAnswers
                                                ? Optional.empty()
                                                : Optional.of("does not answer")))));
        post(
                new Event.Services(
                        List.of(
                                new ServiceFacts(
                                        "web",
                                        true,
                                        service,
                                        0,
                                        Optional.empty(),
                                        Optional.empty()),
                                new ServiceFacts(
                                        ServiceFacts.DATA_VOLUME,
                                        true,
                                        dataVolume,
                                        0,
                                        Optional.empty(),
                                        Optional.empty()))));
    }

    void post(Event event) {
        Decision decision = recovery.decide(situation, event, now);
        situation = decision.situation();
        wakeAt = decision.wakeAt();
        effects.addAll(decision.effects());
        decision.effects().forEach(this::carryOut);
    }

    private void carryOut(Effect effect) {
        boolean lease = effect instanceof Effect.ReadLease || effect instanceof Effect.WriteLease;
        if (lease && !storeAnswers) {
            post(new Event.LeaseUnknown("the store does not answer"));
        } else if (effect instanceof Effect.ReadLease) {
            post(new Event.LeaseRead(record));
        } else if (effect instanceof Effect.WriteLease w) {
            boolean applied = record.equals(w.expected());
            record = applied ? Optional.of(w.next()) : record;
            post(new Event.LeaseWritten(applied));
        } else if (effect instanceof Effect.WriteLedger && !ledgerAnswers) {
            post(new Event.LedgerUnknown("no majority"));
        } else if (effect instanceof Effect.ReadLedger) {
            post(new Event.LedgerRead(ledger));
        } else if (effect instanceof Effect.ClaimLedger c) {
            post(new Event.LedgerClaimed(new Ledger.Claim(true, ledger, c.epoch())));
        } else if (effect instanceof Effect.WriteLedger w) {
            ledger = Optional.of(w.entry());
            entries.add(w.entry());
            post(new Event.LedgerWritten(w.entry(), written));
        } else if (effect instanceof Effect.Execute e) {
            execute(e);
        }
    }

    private void execute(Effect.Execute e) {
        boolean fails = failing.contains(e.step());
        switch (e.step()) {
            case DATABASE_CREATE, DATABASE_PRIMARY, DATABASE_STANDBY -> databaseRuns = !fails;
            case SERVICES_START ->
                    service = fails ? ServiceCondition.FAILED : ServiceCondition.RUNNING;
            case SERVICES_STOP -> service = ServiceCondition.STOPPED;
            case DATABASE_STOP -> databaseRuns = false;
            case KILL -> {
                service = ServiceCondition.STOPPED;
                databaseRuns = false;
            }
            case REPLICATE_SYNC, REPLICATE_ASYNC -> {
                // Settings of what runs.
            }
        }
        post(
                new Event.StepEnded(
                        e.ticket(),
                        fails ? StepOutcome.FAILED : StepOutcome.DONE,
                        fails ? Optional.of("broken by the test") : Optional.empty()));
    }

    /** The peer holds the lease; how often it has renewed. */
    void peerHolds(long sequence) {
        record = Optional.of(new LeaseRecord(Optional.of(other()), new Epoch(2), sequence));
    }

    /** An operator asks; returns the answer, if there is one already. */
    Optional<Effect.Conclude> ask(OperatorAction action) {
        int before = effects.size();
        post(new Event.Operator(action.name(), action, false));
        return effects.subList(before, effects.size()).stream()
                .filter(Effect.Conclude.class::isInstance)
                .map(Effect.Conclude.class::cast)
                .findFirst();
    }

    /** The turn that was recorded last. */
    LedgerEntry turn() {
        return ledger.orElseThrow();
    }

    boolean did(Step step) {
        return effects.stream().anyMatch(e -> e instanceof Effect.Execute x && x.step() == step);
    }

    long told(EventCode code) {
        return effects.stream().filter(e -> e instanceof Effect.Tell t && t.code() == code).count();
    }
}
