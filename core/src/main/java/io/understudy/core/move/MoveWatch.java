package io.understudy.core.move;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.database.DatabaseRole;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Obstacle;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Recovery;
import io.understudy.core.recovery.Settings;
import io.understudy.core.recovery.Situation;
import io.understudy.core.recovery.Step;
import io.understudy.core.recovery.StepOutcome;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Times the moves of one instance to this node, from its decisions: it looks on and changes
 * nothing. A move is a tenure that follows another node's. One thread at a time, time is an
 * argument.
 */
public final class MoveWatch {

    /** What has not come by then is not waited for: the record is given out without it. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final MoveFacts facts;

    /** Since when the other node has been suspected, and its last beat before. */
    private Optional<Suspicion> suspicion = Optional.empty();

    private Optional<Moment> clear = Optional.empty();
    private Moment claimed;
    private Moment unchanged;
    private boolean free;

    /** How this node gives the instance away, until it holds it again. */
    private Optional<MoveFacts.Giving> giving = Optional.empty();

    private Draft draft;
    private boolean databaseWell;
    private boolean servicesWell;

    private record Suspicion(Moment lastBeat, Moment since) {}

    /** A move under way. */
    private static final class Draft {
        private final MoveKind kind;
        private final NodeName from;
        private final Reason reason;
        private final Moment began;
        private final Moment serves;
        private final Map<MovePhase, Moment> ends = new EnumMap<>(MovePhase.class);
        private boolean succeeded;
        private boolean active;

        private Draft(MoveKind kind, NodeName from, Reason reason, Moment began, Moment now) {
            this.kind = kind;
            this.from = from;
            this.reason = reason;
            this.began = began;
            this.serves = now;
        }
    }

    /**
     * @param facts what the parts rest on besides decisions
     */
    public MoveWatch(MoveFacts facts) {
        this.facts = facts;
    }

    /**
     * Looks at a decision.
     *
     * @param recovery what decided
     * @param before the situation before the event
     * @param event what happened
     * @param after the situation after it
     * @param now when it was decided
     * @return the move that this decision completed, if it did
     */
    public Optional<Move> look(
            Recovery recovery, Situation before, Event event, Situation after, Moment now) {
        Settings settings = recovery.settings();
        if (settings.alone()) {
            forget();
            return Optional.empty();
        }
        give(before, after, now);
        suspect(event, now);
        if (after.phase() == Phase.STANDBY) {
            clear = clearSince(recovery, after, now);
        }
        if (before.phase() == Phase.STANDBY && after.phase() == Phase.CLAIMING) {
            claimed = now;
            unchanged = before.recordSince();
            free = before.record().filter(r -> r.holder().isPresent()).isEmpty();
        }
        if (after.phase() == Phase.ACTIVATING && before.phase() == Phase.CLAIMING) {
            begin(settings, before, after, now);
        }
        return draft == null ? Optional.empty() : goOn(settings, before, event, after, now);
    }

    /** Since when nothing but the holder's right is in the way; not looked at for ever. */
    private Optional<Moment> clearSince(Recovery recovery, Situation after, Moment now) {
        if (suspicion.filter(s -> now.since(s.since()).compareTo(LONGEST_WAIT) < 0).isEmpty()) {
            return Optional.empty();
        }
        boolean only =
                recovery.obstacles(after, now).stream().allMatch(Obstacle.HOLDER_LIVES::equals);
        return only ? clear.or(() -> Optional.of(now)) : Optional.empty();
    }

    private void forget() {
        draft = null;
        giving = Optional.empty();
        suspicion = Optional.empty();
        clear = Optional.empty();
    }

    /** Returns how this node gives the instance away in order, until it holds it again. */
    public Optional<MoveFacts.Giving> giving() {
        return giving;
    }

    private void give(Situation before, Situation after, Moment now) {
        if (after.phase() == Phase.ACTIVATING) {
            giving = Optional.empty();
        } else if (after.phase() == Phase.DEACTIVATING && before.phase() == Phase.ACTIVE) {
            giving = Optional.of(new MoveFacts.Giving(now, Optional.empty()));
        }
        boolean stops = after.runningStep().filter(Step.SERVICES_STOP::equals).isPresent();
        if (stops && giving.filter(g -> g.decided().isEmpty()).isPresent()) {
            giving = Optional.of(new MoveFacts.Giving(giving.get().began(), Optional.of(now)));
        }
    }

    private void suspect(Event event, Moment now) {
        if (event instanceof Event.PeerContact contact) {
            if (contact.contact() == Contact.HEARD && !contact.mainLost()) {
                suspicion = Optional.empty();
                clear = Optional.empty();
            } else if (suspicion.isEmpty()) {
                suspicion = Optional.of(new Suspicion(facts.lastBeat(), now));
                clear = Optional.empty();
            }
        }
    }

    /** The tenure begins: is it a move, and since when? */
    private void begin(Settings settings, Situation before, Situation after, Moment now) {
        draft = null;
        Optional<LedgerEntry> last = before.ledger();
        if (last.isEmpty() || last.get().writer().equals(settings.self()) || claimed == null) {
            return;
        }
        LedgerEntry entry = last.get();
        boolean given = entry.assigned().equals(settings.self());
        Optional<MoveFacts.Giving> how = given ? facts.giving() : Optional.empty();
        boolean stopped = free && !given;
        Moment began =
                stopped
                        ? claimed
                        : how.map(MoveFacts.Giving::began).orElseGet(() -> lastLife(given));
        Reason reason = after.ledger().map(LedgerEntry::reason).orElse(entry.reason());
        draft = new Draft(kind(settings, given, reason), entry.writer(), reason, began, now);
        // What was stopped on purpose, perhaps long ago, begins to move with its claim.
        if (!given && !stopped) {
            // A holder whose lease has run out may fall silent after it was claimed.
            Moment noticed =
                    suspicion
                            .map(Suspicion::since)
                            .filter(since -> since.isBefore(claimed))
                            .orElse(claimed);
            end(MovePhase.DETECT, noticed);
            end(MovePhase.DECIDE, clear.filter(c -> !c.isBefore(noticed)).orElse(claimed));
        } else if (given) {
            how.flatMap(MoveFacts.Giving::decided).ifPresent(d -> end(MovePhase.DECIDE, d));
        }
        end(MovePhase.FENCE, now);
    }

    /** The last beat; of a node that is still heard, the last renewal of its lease. */
    private Moment lastLife(boolean given) {
        return given ? unchanged : suspicion.map(Suspicion::lastBeat).orElse(unchanged);
    }

    private static MoveKind kind(Settings settings, boolean given, Reason reason) {
        if (!given) {
            return MoveKind.FAILOVER;
        }
        if (settings.self().equals(settings.home())) {
            return MoveKind.FALLBACK;
        }
        return reason == Reason.ON_ADMIN_REQUEST ? MoveKind.SWITCHOVER : MoveKind.FAILOVER;
    }

    private Optional<Move> goOn(
            Settings settings, Situation before, Event event, Situation after, Moment now) {
        if (!draft.active && event instanceof Event.StepEnded ended) {
            stepEnded(before.runningStep(), ended.outcome(), now);
        }
        if (after.phase() == Phase.ACTIVE) {
            if (!draft.active) {
                draft.active = true;
                draft.succeeded = after.degraded().isEmpty();
                servicesWell = draft.succeeded;
                databaseWell = !settings.data().present();
            } else {
                observed(event);
            }
            if (servicesWell && databaseWell) {
                end(MovePhase.FIRST_SUCCESS, now);
            }
            boolean longAgo = now.since(draft.serves).compareTo(LONGEST_WAIT) >= 0;
            boolean done = draft.ends.containsKey(MovePhase.FIRST_SUCCESS) && !unconfirmed(now);
            return done || longAgo ? complete(settings, after) : Optional.empty();
        }
        return after.phase() == Phase.ACTIVATING ? Optional.empty() : complete(settings, after);
    }

    /** Whether somebody may yet see the addresses here from outside. */
    private boolean unconfirmed(Moment now) {
        return draft.ends.containsKey(MovePhase.ANNOUNCE)
                && confirmed(draft).isEmpty()
                && now.since(draft.serves).compareTo(facts.confirmationLimit()) < 0;
    }

    private Optional<Moment> confirmed(Draft move) {
        return facts.confirmed().filter(at -> !at.isBefore(move.serves));
    }

    private void stepEnded(Optional<Step> step, StepOutcome outcome, Moment now) {
        if (step.isEmpty() || outcome != StepOutcome.DONE) {
            return;
        }
        switch (step.get()) {
            case DATABASE_PRIMARY, DATABASE_CREATE -> end(MovePhase.PROMOTE, now);
            case SERVICES_START -> {
                facts.announced()
                        .filter(at -> !at.isBefore(draft.serves))
                        .ifPresent(at -> end(MovePhase.ANNOUNCE, at));
                end(MovePhase.START, now);
            }
            default -> {
                // Of the time before.
            }
        }
    }

    /**
     * Services that started well have answered their probes already. Of a database only what was
     * observed after the start counts: observing carries out a statement.
     */
    private void observed(Event event) {
        if (event instanceof Event.Services services) {
            servicesWell = services.facts().stream().allMatch(MoveWatch::well);
        } else if (event instanceof Event.Databases databases) {
            databaseWell = databases.facts().stream().allMatch(MoveWatch::well);
        }
    }

    private static boolean well(ServiceFacts f) {
        return !f.critical() || f.byHand() || f.condition() == ServiceCondition.RUNNING;
    }

    private static boolean well(DatabaseFacts f) {
        return f.role() == DatabaseRole.PRIMARY;
    }

    private void end(MovePhase phase, Moment at) {
        draft.ends.putIfAbsent(phase, at);
    }

    private Optional<Move> complete(Settings settings, Situation after) {
        Draft done = draft;
        draft = null;
        confirmed(done).ifPresent(at -> done.ends.putIfAbsent(MovePhase.CONFIRMED, at));
        Map<MovePhase, Long> ends = new EnumMap<>(MovePhase.class);
        done.ends.forEach((phase, at) -> ends.put(phase, millis(done.began, at)));
        return Optional.of(
                new Move(
                        settings.instance(),
                        done.kind,
                        done.from,
                        settings.self(),
                        after.epoch().value(),
                        done.reason,
                        done.succeeded,
                        ends));
    }

    private static long millis(Moment began, Moment at) {
        return Math.max(0, at.since(began).toMillis());
    }
}
