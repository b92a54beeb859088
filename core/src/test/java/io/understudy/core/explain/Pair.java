package io.understudy.core.explain;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.recovery.Decision;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Evidence;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Recovery;
import io.understudy.core.recovery.Settings;
import io.understudy.core.recovery.Situation;
import io.understudy.core.recovery.Step;
import io.understudy.core.recovery.StepOutcome;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One node of the pair alpha (home) and beta, driven through the core by hand. */
final class Pair {

    static final NodeName ALPHA = NodeName.of("alpha");
    static final NodeName BETA = NodeName.of("beta");
    static final InstanceName NMS = InstanceName.of("nms");

    private final Recovery recovery;
    private Moment now = new Moment(9_000_000_000_000L);
    private Situation situation = Situation.begin(now);
    private final Deque<Effect> pending = new ArrayDeque<>();

    private Pair(Settings settings) {
        this.recovery = new Recovery(settings);
    }

    static Pair node(NodeName self, boolean failover, boolean fallback) {
        return node(self, failover, fallback, Settings.Data.CONTINUE);
    }

    static Pair node(NodeName self, boolean failover, boolean fallback, Settings.Data data) {
        return new Pair(
                new Settings(self, NMS, ALPHA, BETA, Timers.FAST, failover, fallback, data));
    }

    static LedgerEntry entry(NodeName assigned, boolean parked, NodeName... inSync) {
        return new LedgerEntry(
                NMS,
                new Epoch(2),
                1,
                assigned,
                Set.of(inSync),
                assigned,
                parked ? Reason.GRACEFUL_SHUTDOWN : Reason.PEER_DOWN,
                parked,
                Set.of());
    }

    Pair after(int millis, Event event) {
        now = now.plus(Duration.ofMillis(millis));
        Decision decision = recovery.decide(situation, event, now);
        situation = decision.situation();
        pending.addAll(decision.effects());
        return this;
    }

    /** Has watched {@code holder} renew for a while, the ledger saying {@code entry}. */
    Pair watching(NodeName holder, LedgerEntry entry) {
        after(0, new Event.Start());
        after(1, new Event.PeerContact(Contact.HEARD, now));
        for (long i = 0; i < 16; i++) {
            Optional<NodeName> by = Optional.ofNullable(holder);
            after(
                    230,
                    new Event.LeaseRead(
                            Optional.of(
                                    new LeaseRecord(by, new Epoch(2), holder == null ? 9 : i))));
            after(10, new Event.LedgerRead(Optional.of(entry)));
            after(10, new Event.Wake(false));
        }
        return this;
    }

    Pair contact(Contact contact) {
        return after(5, new Event.PeerContact(contact, now));
    }

    /** Nobody holds the lease: takes it and serves. */
    Pair serving(LedgerEntry entry) {
        after(0, new Event.Start());
        after(1, new Event.PeerContact(Contact.SILENT, now));
        LeaseRecord free = new LeaseRecord(Optional.empty(), new Epoch(2), 9);
        for (int i = 0; i < 60 && situation.phase() == Phase.STANDBY; i++) {
            pending.clear();
            after(200, new Event.LeaseRead(Optional.of(free)));
            after(10, new Event.LedgerRead(Optional.of(entry)));
            after(10, new Event.Wake(false));
        }
        for (int i = 0; i < 200 && situation.phase() != Phase.ACTIVE; i++) {
            answer(entry);
        }
        pending.clear();
        if (situation.phase() != Phase.ACTIVE) {
            throw new IllegalStateException("does not serve: " + situation.phase());
        }
        return this;
    }

    private void answer(LedgerEntry entry) {
        Effect effect = pending.poll();
        if (effect == null) {
            after(50, new Event.Wake(false));
        } else if (effect instanceof Effect.WriteLease) {
            after(1, new Event.LeaseWritten(true));
        } else if (effect instanceof Effect.ReadLease) {
            after(1, new Event.LeaseRead(situation.record()));
        } else if (effect instanceof Effect.ReadLedger) {
            after(1, new Event.LedgerRead(Optional.of(entry)));
        } else if (effect instanceof Effect.ClaimLedger) {
            Ledger.Claim claim = new Ledger.Claim(true, Optional.of(entry), Epoch.NONE);
            after(1, new Event.LedgerClaimed(claim));
        } else if (effect instanceof Effect.WriteLedger write) {
            after(1, new Event.LedgerWritten(write.entry(), Ledger.Written.STORED));
        } else if (effect instanceof Effect.Execute execute) {
            after(1, new Event.StepEnded(execute.ticket(), StepOutcome.DONE, Optional.empty()));
        }
    }

    /** A critical service is found failed here. */
    Pair failing(String problem) {
        return after(
                10,
                new Event.Services(
                        List.of(
                                new ServiceFacts(
                                        "web",
                                        true,
                                        ServiceCondition.FAILED,
                                        3,
                                        Optional.empty(),
                                        Optional.of(problem)))));
    }

    /** The step that runs fails. */
    Pair stepFails(Step step, String problem) {
        for (Effect effect : pending) {
            if (effect instanceof Effect.Execute execute && execute.step() == step) {
                return after(
                        5,
                        new Event.StepEnded(
                                execute.ticket(), StepOutcome.FAILED, Optional.of(problem)));
            }
        }
        throw new IllegalStateException("no step " + step + " among " + pending);
    }

    Moment now() {
        return now;
    }

    Phase phase() {
        return situation.phase();
    }

    Evidence evidence() {
        return Evidence.of(recovery.settings(), situation, now);
    }
}
