package io.understudy.core.simulation;

import io.understudy.core.database.DatabaseRole;
import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.ledger.Reason;
import io.understudy.core.move.Move;
import io.understudy.core.move.MovePhase;
import io.understudy.core.node.NodeName;
import io.understudy.core.recovery.Decision;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Replication;
import io.understudy.core.recovery.Situation;
import io.understudy.core.recovery.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold after every event. */
final class Checks {

    /** An invariant broke. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message);
        }
    }

    private static final Set<Reason> BY_ITSELF =
            EnumSet.of(
                    Reason.AUTOMATIC_FALLBACK,
                    Reason.CRITICAL_SERVICE_DOWN,
                    Reason.DATABASE_FAILURE,
                    Reason.START_OF_CRITICAL_SERVICES_FAILED,
                    Reason.AUTO_RECOVERY_DATABASE_FAILURE,
                    Reason.AUTO_RECOVERY_CRITICAL_SERVICE_DOWN);

    private final Simulation sim;
    final Set<Long> acknowledged = new HashSet<>();
    private final Map<Epoch, String> tenures = new HashMap<>();
    private Epoch highest = Epoch.NONE;
    private Optional<LedgerEntry> newest = Optional.empty();
    boolean lossAccepted;
    int followedWhileHeld;
    int wentOn;
    final List<Move> moved = new ArrayList<>();
    boolean movesAllowedWhileParked;

    Checks(Simulation sim) {
        this.sim = sim;
    }

    /** Where a volume has failed nothing is taken over, unless an operator wanted something. */
    private void badVolume(SimNode node, Situation before, Decision decision) {
        boolean claims =
                before.phase() == Phase.STANDBY && decision.situation().phase() == Phase.CLAIMING;
        if (claims && node.volumeSeenBad && sim.openRequests.isEmpty()) {
            throw new Violation(node.name + " takes over though its volume has failed");
        }
    }

    /**
     * I9: a right that has ended is over, whatever is decided later; and whoever alone may serve,
     * by the disks of a majority, and was not paused, is not ended by silence.
     */
    private void goingOn(SimNode node, Situation before, Decision decision) {
        Situation after = decision.situation();
        long now = node.clock();
        boolean goesOn = after.held() && after.epoch().equals(before.epoch());
        if (before.held() && goesOn && now > before.validUntil().nanos()) {
            throw new Violation(node.name + " goes on past its deadline");
        }
        wentOn += after.beyondLease() && !before.beyondLease() ? 1 : 0;
        boolean silenced =
                decision.effects().stream()
                        .anyMatch(
                                e ->
                                        e instanceof Effect.Tell t
                                                && "not renewed in time"
                                                        .equals(t.details().get("why")));
        boolean paused = now - node.decidedAt > 400_000_000L;
        if (silenced
                && before.phase() == Phase.ACTIVE
                && after.phase() == Phase.KILLING
                && !before.stopping()
                && !before.provisional()
                && !paused
                && node.recovery.settings().goesOn()
                && pinnedOnDisks(node, before.epoch())) {
            throw new Violation(node.name + " stops though nobody else may serve");
        }
    }

    /** By the disks, and nothing else on its way to them. */
    private boolean pinnedOnDisks(SimNode node, Epoch epoch) {
        Set<NodeName> alone = Set.of(NodeName.of(node.name));
        return sim.store.voters().stream()
                                .filter(v -> v.entry.filter(e -> pins(e, epoch, alone)).isPresent())
                                .count()
                        >= 2
                && node.told.pinKnown(epoch);
    }

    private static boolean pins(LedgerEntry entry, Epoch epoch, Set<NodeName> alone) {
        return entry.epoch().equals(epoch) && entry.inSync().equals(alone);
    }

    /** Who cannot ask his database gives his standby up by nobody's word but an operator's. */
    private void silentDatabase(SimNode node, Situation before, Event event, Decision decision) {
        Situation after = decision.situation();
        boolean givesUp =
                before.replication() == Replication.TOGETHER
                        && after.replication() == Replication.RECORDING_ALONE
                        && before.phase() == Phase.ACTIVE
                        && after.phase() == Phase.ACTIVE
                        && after.degraded().isEmpty();
        boolean unheard = node.seenSilent && !(event instanceof Event.Operator);
        if (givesUp && unheard) {
            throw new Violation(node.name + " gives its standby up though its database is silent");
        }
    }

    /** I8: the parts of a move follow one another and add up to the whole. */
    void moved(Move move) {
        long sum = move.course().stream().mapToLong(p -> move.took(p).orElseThrow()).sum();
        if (sum != move.total() || move.from().equals(move.to())) {
            throw new Violation("the parts do not make the whole: " + move);
        }
        List<MovePhase> course = new ArrayList<>(move.course());
        List<MovePhase> inOrder = new ArrayList<>(course);
        inOrder.sort(null);
        // Confirmation goes on beside the start.
        course.remove(MovePhase.CONFIRMED);
        inOrder.remove(MovePhase.CONFIRMED);
        if (!course.equals(inOrder)) {
            throw new Violation("the parts are out of order: " + move);
        }
        if (move.succeeded() && move.took(MovePhase.FENCE).isEmpty()) {
            throw new Violation("a tenure without consent: " + move);
        }
        moved.add(move);
    }

    /** I1: at most one node serves. */
    void afterEvent() {
        if (serves(sim.alpha) && serves(sim.beta)) {
            throw new Violation(
                    "both serve: alpha " + describe(sim.alpha) + ", beta " + describe(sim.beta));
        }
    }

    private static String describe(SimNode n) {
        return "services "
                + n.servicesUp
                + " database "
                + n.copy.role
                + " phase "
                + n.situation.phase();
    }

    private static boolean serves(SimNode node) {
        return node.childrenAlive() && (node.servicesUp || node.copy.role == DatabaseRole.PRIMARY);
    }

    /** I2: epochs never fall, and no two nodes ever share one. */
    private void tenure(SimNode node, Epoch epoch) {
        String other = tenures.putIfAbsent(epoch, node.name);
        if (other != null && !other.equals(node.name)) {
            throw new Violation("epoch " + epoch + " of " + other + " used by " + node.name);
        }
        if (epoch.isBefore(highest)) {
            throw new Violation("epoch fell from " + highest + " to " + epoch + " at " + node.name);
        }
        highest = Epoch.later(highest, epoch);
    }

    /** I3: what becomes the primary holds everything acknowledged. */
    void becamePrimary(SimNode node, Epoch epoch) {
        tenure(node, epoch);
        parked(node);
        if (lossAccepted) {
            acknowledged.retainAll(node.copy.content);
            lossAccepted = false;
        }
        for (Long id : acknowledged) {
            if (!node.copy.content.contains(id)) {
                throw new Violation(
                        "write " + id + " acknowledged, not on new primary " + node.name);
            }
        }
        afterEvent();
    }

    void beganServing(SimNode node, Epoch epoch) {
        tenure(node, epoch);
        parked(node);
        afterEvent();
    }

    /** I4: what was stopped on purpose is not taken over. */
    private void parked(SimNode node) {
        boolean taken =
                newest.filter(LedgerEntry::parked)
                        .filter(e -> !e.assigned().value().equals(node.name))
                        .isPresent();
        if (taken && !movesAllowedWhileParked) {
            throw new Violation("graceful stop was followed by failover to " + node.name);
        }
    }

    /** I7: on what is held nobody acts by himself; a copy may follow, and is not made to again. */
    void decided(SimNode node, Situation before, Event event, Decision decision) {
        badVolume(node, before, decision);
        goingOn(node, before, decision);
        silentDatabase(node, before, event, decision);
        Situation after = decision.situation();
        boolean known = before.onHold() && after.onHold();
        if (!known || before.asked() || before.stopping()) {
            return;
        }
        boolean byOperator = event instanceof Event.Operator || event instanceof Event.Stop;
        boolean another =
                after.ledger().filter(e -> !e.assigned().value().equals(node.name)).isPresent();
        boolean takes =
                before.phase() == Phase.STANDBY && after.phase() == Phase.CLAIMING && another;
        boolean moves =
                before.phase() == Phase.ACTIVE
                        && after.phase() == Phase.DEACTIVATING
                        && !byOperator;
        // A database that was ended for mending before the hold came is started all the same.
        boolean finishes =
                event instanceof Event.StepEnded
                        && before.runningStep().filter(Step.KILL::equals).isPresent();
        boolean mends =
                before.phase() == Phase.ACTIVE
                        && !finishes
                        && decision.effects().stream().anyMatch(Checks::startsSomething);
        Optional<Epoch> follows = followed(decision);
        boolean again = follows.filter(before.followed()::equals).isPresent();
        followedWhileHeld += follows.isPresent() ? 1 : 0;
        if (takes || moves || mends || again) {
            throw new Violation(
                    node.name + " acts while held: " + event + " gives " + decision.effects());
        }
    }

    /** The tenure that the copy is made to follow by this decision. */
    private static Optional<Epoch> followed(Decision decision) {
        return decision.effects().stream()
                .filter(e -> e instanceof Effect.Execute x && x.step() == Step.DATABASE_STANDBY)
                .map(e -> ((Effect.Execute) e).epoch())
                .findFirst();
    }

    private static boolean startsSomething(Effect effect) {
        return effect instanceof Effect.Execute x
                && (x.step() == Step.SERVICES_START || x.step() == Step.DATABASE_PRIMARY);
    }

    /** I6: what moves by itself moves to a copy that holds everything. */
    void ledgerAsked(LedgerEntry entry) {
        boolean moves = !entry.assigned().equals(entry.writer()) && !entry.parked();
        boolean synchronous = sim.data.synchronous() && BY_ITSELF.contains(entry.reason());
        if (moves && synchronous && !entry.inSync().contains(entry.assigned())) {
            throw new Violation("moved by itself to a copy that is not in sync: " + entry);
        }
    }

    void ledgerWritten(LedgerEntry entry, Ledger.Written written) {
        if (written == Ledger.Written.STORED
                && newest.filter(e -> e.compareTo(entry) > 0).isEmpty()) {
            if (!entry.parked()) {
                // A takeover by the ledger's word ends the parking; by whom was checked before.
                parkedTakenOver(entry);
                movesAllowedWhileParked = false;
            }
            newest = Optional.of(entry);
        }
    }

    private void parkedTakenOver(LedgerEntry entry) {
        boolean taken =
                newest.filter(LedgerEntry::parked)
                        .filter(e -> !e.assigned().equals(entry.assigned()))
                        .isPresent();
        if (taken && !movesAllowedWhileParked) {
            throw new Violation("graceful stop was followed by failover to " + entry.assigned());
        }
    }

    void acknowledged(long id) {
        acknowledged.add(id);
    }

    void concluded(Effect.Conclude conclude) {
        sim.world.tell("request " + conclude.id() + ": " + conclude.refusal());
        boolean moved = sim.moves.remove(conclude.id()) && conclude.refusal().isEmpty();
        SimNode mover = conclude.id().startsWith("alpha") ? sim.alpha : sim.beta;
        if (moved && mover.situation.phase() != Phase.STANDBY) {
            throw new Violation("move " + conclude.id() + " is said to be done and was not");
        }
        sim.openRequests.remove(conclude.id());
    }

    /** I5, at the end: exactly one serves, whole and protected, and the other stands by. */
    boolean settled() {
        SimNode active =
                sim.alpha.situation.phase() == Phase.ACTIVE
                        ? sim.alpha
                        : sim.beta.situation.phase() == Phase.ACTIVE ? sim.beta : null;
        if (active == null || !active.running || !sim.peerOf(active).running) {
            return false;
        }
        SimNode standby = sim.peerOf(active);
        boolean serves =
                active.servicesUp
                        && !active.serviceBroken
                        && !active.volumeBad
                        && active.situation.degraded().isEmpty()
                        && !active.situation.provisional()
                        && standby.situation.phase() == Phase.STANDBY
                        && sim.openRequests.isEmpty();
        boolean whole =
                !sim.data.present() && newest.filter(e -> e.inSync().size() == 2).isPresent()
                        || active.copy.primary()
                                && active.situation.replication() == Replication.TOGETHER
                                && standby.copy.streaming(active.copy);
        return serves && whole;
    }

    void finalContent() {
        SimNode active = sim.alpha.situation.phase() == Phase.ACTIVE ? sim.alpha : sim.beta;
        for (Long id : acknowledged) {
            if (!active.copy.content.contains(id)) {
                throw new Violation("write " + id + " acknowledged, lost at the end");
            }
        }
    }
}
