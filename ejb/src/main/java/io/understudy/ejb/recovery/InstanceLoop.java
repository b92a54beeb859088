package io.understudy.ejb.recovery;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.lease.LeaseStore;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.recovery.Decision;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Evidence;
import io.understudy.core.recovery.Obstacle;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Recovery;
import io.understudy.core.recovery.Settings;
import io.understudy.core.recovery.Situation;
import io.understudy.core.time.Moment;
import io.understudy.ejb.guard.GuardLink;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One instance on this node: keeps its situation, lets the core decide on the decision thread, and
 * begins the effects in their order. All methods may be called from any thread.
 */
final class InstanceLoop implements AutoCloseable {

    /**
     * What the loop reaches around itself.
     *
     * @param begun when this process was there for its peers, at the latest: a proof of its
     *     predecessor's death was asked for before
     */
    record Around(
            LeaseStore leases,
            Ledger ledger,
            GuardLink guard,
            DecisionThread thread,
            ExecutorService steps,
            ExecutorService urgent,
            LongSupplier nanos,
            Moment begun,
            DecisionRecorder recorder,
            Moves moves,
            Announcements announcements) {}

    /** What leaves the node. */
    interface Announcements {
        /** Let the peers read the lease record now. */
        void nudge();

        /** The lease was written: let the peers read it. */
        void renewed();

        /** Bring the lease's Raft leadership here. */
        void leadHere(InstanceName instance);

        /** Add to the event log. */
        void tell(InstanceName instance, Effect.Tell tell);

        /** Answer an operator. */
        void conclude(Effect.Conclude conclude);

        /** Something that peers or faces see has changed. */
        void changed();

        /** The instance is down on this node. */
        void stopped(InstanceName instance);
    }

    private final InstanceName instance;
    private final Around around;
    private final Supplier<InstanceParts> parts;
    private final Lane lane;
    private final MoveTiming timing;
    private Recovery recovery;
    private ScheduledFuture<?> wake;
    private volatile Situation situation;
    private volatile Phase shownPhase = Phase.STANDBY;
    private boolean closed;

    InstanceLoop(Settings settings, Around around, Supplier<InstanceParts> parts) {
        this.instance = settings.instance();
        this.around = around;
        this.parts = parts;
        this.recovery = new Recovery(settings);
        this.situation = Situation.begin(around.begun());
        this.timing =
                new MoveTiming(
                        () -> around.moves().lastBeat(recovery.settings().peer()),
                        () -> parts.get().announced(),
                        () -> parts.get().addresses().confirmed());
        this.lane =
                new Lane(
                        around.steps(),
                        around.urgent(),
                        step -> parts.get().carryOut(step),
                        this::leaseHolds,
                        this::post);
    }

    void begin() {
        around.guard().noLease(instance, situation.epoch());
        post(new Event.Start());
    }

    Situation situation() {
        return situation;
    }

    Settings settings() {
        return recovery.settings();
    }

    InstanceParts parts() {
        return parts.get();
    }

    MoveTiming timing() {
        return timing;
    }

    Set<Obstacle> obstacles() {
        return recovery.obstacles(situation, now());
    }

    boolean wouldReplaceHolder() {
        return recovery.wouldReplaceHolder(situation, now());
    }

    /** Returns what this node knows of the instance now, laid open for people. */
    Evidence evidence() {
        return Evidence.of(recovery.settings(), situation, now());
    }

    /** Returns whether this node may and does serve now. */
    boolean active() {
        Situation s = situation;
        return s.phase() == Phase.ACTIVE && s.validUntil().isAfter(now());
    }

    void settings(Settings settings) {
        around.thread().run(() -> recovery = new Recovery(settings));
    }

    void post(Event event) {
        around.thread().run(() -> decide(event));
    }

    /** Takes what the peer told, unless it is what is known: peers tell of all when one changes. */
    void reported(Event.PeerReport report) {
        around.thread()
                .run(
                        () -> {
                            if (!situation.peer().equals(Optional.of(report))) {
                                decide(report);
                            }
                        });
    }

    /** Takes how the other node gives the instance away, if it does. */
    void given(NodeReport.OfInstance peers) {
        timing.given(peers.givingMillis(), peers.givingDecidedMillis(), now());
    }

    private Moment now() {
        return new Moment(around.nanos().getAsLong());
    }

    private boolean leaseHolds() {
        return situation.held() && situation.validUntil().isAfter(now());
    }

    private void decide(Event event) {
        if (closed) {
            return;
        }
        Moment now = now();
        Situation before = situation;
        Decision decision = recovery.decide(before, event, now);
        situation = decision.situation();
        around.recorder().record(recovery.settings(), before, event, now, decision);
        for (Effect effect : decision.effects()) {
            begin(effect);
        }
        timing.look(recovery, before, event, situation, now).ifPresent(around.moves()::completed);
        if (wake != null) {
            wake.cancel(false);
        }
        wake =
                around.thread()
                        .after(decision.wakeAt().since(now()), () -> decide(new Event.Wake(false)));
        if (shownPhase != situation.phase() || before.held() != situation.held()) {
            if (situation.phase() == Phase.ACTIVE && shownPhase != Phase.ACTIVE) {
                around.moves().serves(instance);
            }
            shownPhase = situation.phase();
            around.announcements().changed();
        }
    }

    private void begin(Effect effect) {
        if (effect instanceof Effect.ReadLease) {
            around.leases()
                    .read(instance)
                    .whenComplete(
                            (record, e) ->
                                    post(
                                            e == null
                                                    ? read(record)
                                                    : new Event.LeaseUnknown(why(e))));
        } else if (effect instanceof Effect.WriteLease w) {
            around.leases()
                    .compareAndSet(instance, w.expected(), w.next())
                    .whenComplete(
                            (applied, e) -> {
                                if (Boolean.TRUE.equals(applied)) {
                                    around.announcements().renewed();
                                }
                                post(
                                        e == null
                                                ? new Event.LeaseWritten(applied)
                                                : new Event.LeaseUnknown(why(e)));
                            });
        } else if (effect instanceof Effect.ReadLedger) {
            around.ledger()
                    .read(instance)
                    .whenComplete(
                            (newest, e) ->
                                    post(
                                            e == null
                                                    ? new Event.LedgerRead(newest)
                                                    : new Event.LedgerUnknown(why(e))));
        } else if (effect instanceof Effect.ClaimLedger c) {
            around.ledger()
                    .claim(instance, c.epoch())
                    .whenComplete(
                            (claim, e) ->
                                    post(
                                            e == null
                                                    ? new Event.LedgerClaimed(claim)
                                                    : new Event.LedgerUnknown(why(e))));
        } else if (effect instanceof Effect.WriteLedger w) {
            around.ledger()
                    .write(w.entry())
                    .whenComplete(
                            (written, e) ->
                                    post(
                                            e == null
                                                    ? new Event.LedgerWritten(w.entry(), written)
                                                    : new Event.LedgerUnknown(why(e))));
        } else {
            beginLocal(effect);
        }
    }

    private Event read(Optional<LeaseRecord> record) {
        return new Event.LeaseRead(
                record, record.isEmpty() ? around.leases().watchedSince() : Optional.empty());
    }

    private void beginLocal(Effect effect) {
        Announcements out = around.announcements();
        if (effect instanceof Effect.Guard g) {
            Optional<Moment> until = g.validUntil();
            if (until.isPresent()) {
                around.guard().lease(instance, g.epoch(), until.get());
            } else {
                around.guard().noLease(instance, g.epoch());
            }
        } else if (effect instanceof Effect.Execute e) {
            lane.execute(e);
        } else if (effect instanceof Effect.Nudge) {
            out.nudge();
        } else if (effect instanceof Effect.LeadHere) {
            out.leadHere(instance);
        } else if (effect instanceof Effect.Tell t) {
            out.tell(instance, t);
        } else if (effect instanceof Effect.Conclude c) {
            out.conclude(c);
        } else if (effect instanceof Effect.Stopped) {
            out.stopped(instance);
        }
    }

    private static String why(Throwable e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }

    /** Ends decisions; what runs is closed by the owner of the parts. */
    @Override
    public void close() {
        around.thread()
                .run(
                        () -> {
                            closed = true;
                            if (wake != null) {
                                wake.cancel(false);
                            }
                        });
    }
}
