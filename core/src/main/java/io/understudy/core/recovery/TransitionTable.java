package io.understudy.core.recovery;

import io.understudy.core.peer.Contact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What each phase does with each kind of event: one row for every pair, "ignored" written out. The
 * duties of the phase (what is due by time or became possible) follow every row.
 */
public final class TransitionTable {

    /**
     * One row.
     *
     * @param does what happens, in words, for the docs
     */
    public record Row(Phase phase, EventKind kind, String does, Reaction reaction) {}

    /** What a row does to the decision in the making. */
    @FunctionalInterface
    interface Reaction extends BiConsumer<Turn, Event> {}

    private static final Map<Phase, Map<EventKind, Row>> ROWS = new EnumMap<>(Phase.class);

    private static final EnumSet<Phase> ALL = EnumSet.allOf(Phase.class);
    private static final EnumSet<Phase> LIVING = EnumSet.complementOf(EnumSet.of(Phase.STOPPED));
    private static final EnumSet<Phase> HOLDING =
            EnumSet.of(Phase.ACTIVATING, Phase.ACTIVE, Phase.DEACTIVATING, Phase.RELEASING);

    private TransitionTable() {}

    static {
        rows(ALL, EventKind.START, "ignored: duties follow", TransitionTable::nothing);
        rows(
                ALL,
                EventKind.WAKE,
                "duties follow; a nudge makes the next read due now",
                TransitionTable::wake);
        rows(ALL, EventKind.PEER_CONTACT, "noted", TransitionTable::contact);
        rows(
                ALL,
                EventKind.PEER_REPORT,
                "noted",
                (t, e) -> t.s.peer = Optional.of((Event.PeerReport) e));
        rows(
                EnumSet.of(Phase.STANDBY),
                EventKind.PEER_RENEWED,
                "the record is read now, and again when the next renewal is overdue",
                (t, e) -> LeaseKeeping.peerRenewed(t));
        rows(
                EnumSet.complementOf(EnumSet.of(Phase.STANDBY)),
                EventKind.PEER_RENEWED,
                "ignored: who holds or claims does not watch",
                TransitionTable::nothing);
        rows(
                ALL,
                EventKind.PEER_LET_GO,
                "noted: what the record still says of that tenure need not be waited for",
                (t, e) -> t.s.peerLetGo = Optional.of((Event.PeerLetGo) e));
        rows(
                ALL,
                EventKind.SERVICES,
                "noted",
                (t, e) -> {
                    t.s.services = ((Event.Services) e).facts();
                    t.s.servicesOfBefore = false;
                });
        rows(
                ALL,
                EventKind.DATABASES,
                "noted",
                (t, e) -> t.s.databases = ((Event.Databases) e).facts());
        rows(
                ALL,
                EventKind.VOTERS,
                "noted, and since when a voter is missing",
                (t, e) -> Pinning.noted(t, (Event.Voters) e));
        lease();
        ledger();
        steps();
        operators();
    }

    private static void lease() {
        rows(
                EnumSet.of(Phase.STANDBY, Phase.KILLING, Phase.STOPPED),
                EventKind.LEASE_READ,
                "noted, and since when it has been seen so",
                (t, e) -> LeaseKeeping.observe(t, (Event.LeaseRead) e));
        rows(
                EnumSet.of(Phase.CLAIMING),
                EventKind.LEASE_READ,
                "tells whether an unanswered claim won; if not, stand by",
                (t, e) -> Claiming.leaseRead(t, ((Event.LeaseRead) e).record()));
        rows(
                HOLDING,
                EventKind.LEASE_READ,
                "tells whether the lease is still ours; if not, kill",
                (t, e) -> LeaseKeeping.observeAsHolder(t, ((Event.LeaseRead) e).record()));
        rows(
                EnumSet.of(Phase.CLAIMING),
                EventKind.LEASE_WRITTEN,
                "won: ask the ledger; lost: stand by",
                (t, e) -> Claiming.leaseWritten(t, ((Event.LeaseWritten) e).applied()));
        rows(
                EnumSet.complementOf(EnumSet.of(Phase.CLAIMING)),
                EventKind.LEASE_WRITTEN,
                "applied: the lease counts from before it was asked for; refused: read",
                (t, e) -> LeaseKeeping.written(t, ((Event.LeaseWritten) e).applied()));
        rows(
                ALL,
                EventKind.LEASE_UNKNOWN,
                "after a write: read before writing again",
                (t, e) -> LeaseKeeping.unknown(t));
    }

    private static void ledger() {
        rows(
                EnumSet.of(Phase.STANDBY),
                EventKind.LEDGER_READ,
                "noted",
                (t, e) -> {
                    t.s.ledgerCall = Optional.empty();
                    Standby.ledgerRead(t, ((Event.LedgerRead) e).newest());
                });
        rows(
                EnumSet.complementOf(EnumSet.of(Phase.STANDBY)),
                EventKind.LEDGER_READ,
                "ignored: who claims or holds knows better",
                TransitionTable::ledgerAnswered);
        rows(
                EnumSet.of(Phase.CLAIMING),
                EventKind.LEDGER_CLAIMED,
                "granted and fit: record the tenure; else give the lease back",
                (t, e) -> {
                    Optional<Situation.LedgerCall> call = t.s.ledgerCall;
                    t.s.ledgerCall = Optional.empty();
                    boolean mine =
                            call.flatMap(Situation.LedgerCall::claim)
                                    .filter(t.s.epoch::equals)
                                    .isPresent();
                    if (mine && t.s.held) {
                        Claiming.claimed(t, ((Event.LedgerClaimed) e).claim());
                    }
                });
        rows(
                EnumSet.complementOf(EnumSet.of(Phase.CLAIMING)),
                EventKind.LEDGER_CLAIMED,
                "ignored: that claim was given up",
                TransitionTable::ledgerAnswered);
        rows(
                EnumSet.of(Phase.CLAIMING),
                EventKind.LEDGER_WRITTEN,
                "stored: the tenure begins",
                (t, e) ->
                        own(
                                t,
                                (Event.LedgerWritten) e,
                                () ->
                                        Claiming.recorded(
                                                t,
                                                ((Event.LedgerWritten) e).entry(),
                                                ((Event.LedgerWritten) e).written())));
        rows(
                EnumSet.of(Phase.ACTIVE),
                EventKind.LEDGER_WRITTEN,
                "stored: replication goes on to the next setting",
                (t, e) ->
                        own(
                                t,
                                (Event.LedgerWritten) e,
                                () ->
                                        Active.recorded(
                                                t,
                                                ((Event.LedgerWritten) e).entry(),
                                                ((Event.LedgerWritten) e).written())));
        rows(
                EnumSet.of(Phase.DEACTIVATING),
                EventKind.LEDGER_WRITTEN,
                "stored: go on with stopping",
                (t, e) ->
                        own(
                                t,
                                (Event.LedgerWritten) e,
                                () ->
                                        Deactivation.recorded(
                                                t,
                                                ((Event.LedgerWritten) e).entry(),
                                                ((Event.LedgerWritten) e).written())));
        rows(
                EnumSet.of(
                        Phase.STANDBY,
                        Phase.ACTIVATING,
                        Phase.RELEASING,
                        Phase.KILLING,
                        Phase.STOPPED),
                EventKind.LEDGER_WRITTEN,
                "ignored: that tenure is over, or the entry was written before",
                TransitionTable::ledgerAnswered);
        rows(
                ALL,
                EventKind.LEDGER_UNKNOWN,
                "asked again soon, where still wanted",
                (t, e) -> {
                    t.s.ledgerCall = Optional.empty();
                    t.s.ledgerDue = t.now.plus(Duration.ofMillis(100));
                });
    }

    private static void steps() {
        rows(
                EnumSet.of(Phase.STANDBY),
                EventKind.STEP_ENDED,
                "the copy follows, or is tried again",
                (t, e) ->
                        ended(
                                t,
                                (Event.StepEnded) e,
                                (was, end) ->
                                        Standby.stepEnded(
                                                t,
                                                was.step(),
                                                end.outcome(),
                                                was.epoch(),
                                                end.problem())));
        rows(
                EnumSet.of(Phase.ACTIVATING),
                EventKind.STEP_ENDED,
                "next step; a database that does not start gives the turn away",
                (t, e) ->
                        ended(
                                t,
                                (Event.StepEnded) e,
                                (was, end) ->
                                        Activation.stepEnded(
                                                t, was.step(), end.outcome(), end.problem())));
        rows(
                EnumSet.of(Phase.ACTIVE),
                EventKind.STEP_ENDED,
                "replication or mending goes on",
                (t, e) ->
                        ended(
                                t,
                                (Event.StepEnded) e,
                                (was, end) -> Active.stepEnded(t, was.step(), end.outcome())));
        rows(
                EnumSet.of(Phase.DEACTIVATING),
                EventKind.STEP_ENDED,
                "next step; what does not stop is killed",
                (t, e) ->
                        ended(
                                t,
                                (Event.StepEnded) e,
                                (was, end) ->
                                        Deactivation.stepEnded(t, was.step(), end.outcome())));
        rows(
                EnumSet.of(Phase.KILLING),
                EventKind.STEP_ENDED,
                "killed: stand by; not known: kill again",
                (t, e) ->
                        ended(
                                t,
                                (Event.StepEnded) e,
                                (was, end) -> LeaseKeeping.killed(t, was.step(), end.outcome())));
        rows(
                EnumSet.of(Phase.CLAIMING, Phase.RELEASING, Phase.STOPPED),
                EventKind.STEP_ENDED,
                "ignored: a step of the time before",
                (t, e) -> ended(t, (Event.StepEnded) e, (was, end) -> {}));
    }

    private static void operators() {
        rows(
                EnumSet.of(Phase.ACTIVE),
                EventKind.OPERATOR,
                "begun, or refused with the reason",
                (t, e) -> OperatorRequests.whileActive(t, (Event.Operator) e));
        rows(
                EnumSet.of(Phase.STANDBY),
                EventKind.OPERATOR,
                "claims as soon as it is safe, or refused with the reason",
                (t, e) -> OperatorRequests.whileStandby(t, (Event.Operator) e));
        rows(
                EnumSet.of(
                        Phase.CLAIMING,
                        Phase.ACTIVATING,
                        Phase.DEACTIVATING,
                        Phase.RELEASING,
                        Phase.KILLING),
                EventKind.OPERATOR,
                "refused: busy",
                (t, e) -> OperatorRequests.refuse(t, (Event.Operator) e, Refusal.BUSY));
        rows(
                EnumSet.of(Phase.STOPPED),
                EventKind.OPERATOR,
                "refused: stopping",
                (t, e) -> OperatorRequests.refuse(t, (Event.Operator) e, Refusal.STOPPING));
        rows(
                ALL,
                EventKind.HOLD,
                "noted: until it ends nothing is moved, started, mended or copied by itself",
                (t, e) -> Holding.set(t, ((Event.Hold) e).time()));
        rows(
                ALL,
                EventKind.TRY_AGAIN,
                "a failed start here no longer counts; mending is due now",
                (t, e) -> {
                    t.s.failedHere = Optional.empty();
                    t.s.mendDue = t.now;
                });
        rows(
                EnumSet.of(Phase.ACTIVE),
                EventKind.STOP,
                "hand over if asked and possible, else park",
                (t, e) -> Deactivation.asked(t, (Event.Stop) e));
        rows(
                EnumSet.complementOf(EnumSet.of(Phase.ACTIVE, Phase.STOPPED)),
                EventKind.STOP,
                "stop when what is under way has ended",
                (t, e) -> t.s.stopAfterwards = true);
        rows(
                EnumSet.of(Phase.STOPPED),
                EventKind.STOP,
                "it is stopped",
                (t, e) -> t.add(new Effect.Stopped()));
    }

    /** Returns the row of a pair; there is one for every pair. */
    static Row row(Phase phase, EventKind kind) {
        return ROWS.get(phase).get(kind);
    }

    /** Returns all rows, by phase, then kind. */
    public static List<Row> rows() {
        List<Row> all = new ArrayList<>();
        ROWS.values().forEach(byKind -> all.addAll(byKind.values()));
        return all;
    }

    private static void rows(
            EnumSet<Phase> phases, EventKind kind, String does, Reaction reaction) {
        for (Phase phase : phases) {
            Row before =
                    ROWS.computeIfAbsent(phase, p -> new EnumMap<>(EventKind.class))
                            .put(kind, new Row(phase, kind, does, reaction));
            if (before != null) {
                throw new IllegalStateException("two rows for " + phase + ", " + kind);
            }
        }
    }

    private static void nothing(Turn t, Event event) {}

    private static void wake(Turn t, Event event) {
        if (((Event.Wake) event).nudged() && !t.s.held) {
            t.s.leaseDue = t.now;
            t.s.ledgerKnown = false;
        }
    }

    private static void contact(Turn t, Event event) {
        Event.PeerContact contact = (Event.PeerContact) event;
        PeerNews.take(t.s, contact, t.now);
        if (contact.contact() != Contact.HEARD) {
            // What it last told was true of a process that may be gone.
            t.s.peer = Optional.empty();
        }
        LeaseKeeping.provenAgain(t);
    }

    private static void ledgerAnswered(Turn t, Event event) {
        t.s.ledgerCall = Optional.empty();
    }

    private static void own(Turn t, Event.LedgerWritten event, Runnable then) {
        t.s.ledgerCall = Optional.empty();
        if (event.entry().epoch().equals(t.s.epoch)) {
            then.run();
        }
    }

    private static void ended(
            Turn t, Event.StepEnded event, BiConsumer<Situation.Running, Event.StepEnded> then) {
        if (t.s.running.filter(r -> r.ticket() == event.ticket()).isEmpty()) {
            return;
        }
        Situation.Running was = t.s.running.get();
        t.s.running = Optional.empty();
        then.accept(was, event);
    }
}
