package io.understudy.core.simulation;

import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.LedgerEntry;
import io.understudy.core.node.NodeName;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Mutant;
import io.understudy.core.recovery.OperatorAction;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Recovery;
import io.understudy.core.recovery.Settings;
import io.understudy.core.timing.Timer;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One run: two nodes, a witness, a lease store, a ledger, a replicated database, clients; faults by
 * seed; the invariants after every event. The same seed always gives the same run.
 */
public final class Simulation {

    /** What a run came to. */
    public record Result(
            long settleMillis,
            long outageMillis,
            int acknowledged,
            int followedWhileHeld,
            int wentOn) {}

    /** From the end of all faults to one node serving, protected: docs/timing.md derives it. */
    static final Duration SETTLE_BOUND = settleBound(Timers.FAST);

    final long seed;
    private final Mutant mutant;
    final World world;
    final SimNode alpha;
    final SimNode beta;
    final SimHost witness;

    /** A voter of another group, in whose place one of the two nodes does not vote, if any. */
    final Optional<SimHost> other;

    final StoreModel store;
    final LedgerModel ledger;
    final Checks checks;
    final Shell shell;
    final Schedule schedule;
    final boolean guarded;
    final boolean automatic;
    final boolean automaticFallback;
    final Timers timers;
    final Settings.Data data;

    /** The group's policy is to go on without a majority. */
    final boolean continues;

    /** What is about that policy only: of its own source, so that other runs stay what they are. */
    final SplittableRandom policy;

    /** Nodes are told at times that all voters are there though one is not. */
    final boolean lies;

    final Set<String> openRequests = new HashSet<>();
    final Set<String> moves = new HashSet<>();
    long holdUntil;
    private Optional<SimNode> isolated = Optional.empty();
    private boolean faultsEnded = true;
    private long nextWrite;
    private int requests;
    boolean databaseFailing;

    /** Prepares a run. */
    public Simulation(long seed, Mutant mutant, boolean tells) {
        this.seed = seed;
        this.mutant = mutant;
        this.world = new World(seed, tells);
        this.schedule = new Schedule(this);
        this.checks = new Checks(this);
        this.guarded = world.chance(0.6);
        this.automatic = world.chance(0.85);
        this.automaticFallback = world.chance(0.35);
        this.timers =
                Timers.FAST.with(
                        Map.of(
                                Timer.FALLBACK_HEALTHY,
                                Duration.ofMillis(world.chance(0.7) ? 3_000 : 0)),
                        OptionalDouble.empty());
        Settings.Data usual =
                world.chance(0.15)
                        ? Settings.Data.NONE
                        : world.chance(0.85) ? Settings.Data.CONTINUE : Settings.Data.WAIT;
        this.policy = new SplittableRandom(seed ^ 0x9d0c11);
        this.continues = policy.nextInt(3) == 0;
        this.lies = policy.nextInt(4) == 0;
        this.data = continues && policy.nextInt(3) == 0 ? Settings.Data.NONE : usual;
        this.alpha = new SimNode(this, "alpha", recovery("alpha", timers));
        this.beta = new SimNode(this, "beta", recovery("beta", timers));
        this.witness = new SimHost(world, "witness");
        // Of its own source, so that the runs of the usual shape stay what they are.
        SplittableRandom shape = new SplittableRandom(seed ^ 0x5ca1ab1e);
        this.other =
                shape.nextInt(4) == 0 ? Optional.of(new SimHost(world, "other")) : Optional.empty();
        List<SimHost> voters =
                other.map(o -> List.of(o, shape.nextBoolean() ? alpha : beta, witness))
                        .orElse(List.of(alpha, beta, witness));
        this.store = new StoreModel(world, voters);
        this.ledger = new LedgerModel(world, voters);
        this.shell = new Shell(this);
    }

    boolean goesOn() {
        return alpha.recovery.settings().goesOn();
    }

    /** An operator changes the timers; the change reaches one node sooner than the other. */
    void changeTimers(Timers changed) {
        for (SimNode node : List.of(alpha, beta)) {
            long delay = world.chance(0.5) ? world.millis(1, 400) : world.millis(400, 9_000);
            world.after(Duration.ofMillis(delay), () -> node.timers(changed));
        }
    }

    Recovery recovery(String self, Timers changed) {
        return mutant.recovery(settings(self, data, changed));
    }

    private Settings settings(String self, Settings.Data data, Timers timers) {
        return new Settings(
                NodeName.of(self),
                SimHost.INSTANCE,
                NodeName.of("alpha"),
                NodeName.of("beta"),
                timers,
                automatic,
                automaticFallback,
                data,
                continues);
    }

    /** Store formed anew, watched, hand-over given up, a failed start retried, copied anew. */
    static Duration settleBound(Timers timers) {
        Duration store = Duration.ofSeconds(8);
        Duration copy = Duration.ofSeconds(10);
        return store.plus(timers.challengeWait())
                .plus(timers.handOverLimit())
                .plus(timers.failedRetry())
                .plus(timers.startLimit())
                .plus(copy);
    }

    SimNode peerOf(SimNode node) {
        return node == alpha ? beta : alpha;
    }

    boolean databaseFails(SimNode node) {
        return databaseFailing && world.chance(0.3);
    }

    void sendBeat(SimNode from) {
        SimNode to = peerOf(from);
        if (world.loss > 0 && world.chance(world.loss) || !world.open(from.name, to.name)) {
            return;
        }
        Event.PeerReport report = from.report();
        Optional<Timing.Ages> giving = from.timing.told();
        Optional<Epoch> letGo = from.situation.letGo(NodeName.of(from.name));
        long born = from.boot;
        world.after(
                Duration.ofNanos(200_000 + world.extraDelay * 1000),
                () -> {
                    if (to.running && to.powered && from.boot == born) {
                        to.timing.heard(giving);
                        to.heard(from, report);
                        letGo.filter(epoch -> to.awake())
                                .map(epoch -> new Event.PeerLetGo(NodeName.of(from.name), epoch))
                                .ifPresent(to::post);
                    }
                });
    }

    /** Tells the other node that a lease was renewed, if it gets there. */
    void renewed(SimNode from) {
        SimNode to = peerOf(from);
        if (world.loss > 0 && world.chance(world.loss) || !world.open(from.name, to.name)) {
            return;
        }
        world.after(
                Duration.ofNanos(200_000 + world.extraDelay * 1000),
                () -> {
                    if (to.running && to.powered && to.awake()) {
                        to.post(new Event.PeerRenewed());
                    }
                });
    }

    /** Now and then a holder is cut off while its record that another counts is under way. */
    void shares(SimNode node, LedgerEntry entry) {
        boolean another = entry.inSync().size() > 1 && entry.revision() > 0;
        if (!continues || faultsEnded || !another || policy.nextBoolean()) {
            return;
        }
        Duration before = Duration.ofMillis(4 + policy.nextInt(6));
        Duration lasts = Duration.ofMillis(6_000 + policy.nextInt(6_000));
        world.after(before, () -> isolate(node));
        world.after(before.plus(lasts), this::healIsolated);
    }

    private void isolate(SimNode node) {
        if (faultsEnded || isolated.isPresent()) {
            return;
        }
        world.tell("cut off " + node.name);
        isolated = Optional.of(node);
        others(node).forEach(o -> world.cut(node.name, o));
        others(node).forEach(o -> world.cut(o, node.name));
    }

    void healIsolated() {
        isolated.ifPresent(
                node -> {
                    world.tell("healed " + node.name);
                    others(node).forEach(o -> world.heal(node.name, o));
                    others(node).forEach(o -> world.heal(o, node.name));
                });
        isolated = Optional.empty();
    }

    private List<String> others(SimNode node) {
        List<String> others = new ArrayList<>(List.of(peerOf(node).name, witness.name));
        other.ifPresent(o -> others.add(o.name));
        return others;
    }

    /** Requests end with the process that took them. */
    void forgetRequests(SimNode node) {
        openRequests.removeIf(id -> id.startsWith(node.name));
    }

    void nudge(SimNode from) {
        SimNode to = peerOf(from);
        sendBeat(from);
        world.after(
                world.travel(),
                () -> {
                    if (to.running && world.open(from.name, to.name)) {
                        to.post(new Event.Wake(true));
                    }
                });
    }

    /** An operator holds the instance until then, or releases it; both nodes are told. */
    void hold(long until) {
        holdUntil = until;
        for (SimNode node : List.of(alpha, beta)) {
            world.after(Duration.ofMillis(world.millis(1, 300)), node::holdAsKept);
        }
    }

    /**
     * With the policy to go on, whoever accepts a loss has first to make sure that the other host
     * is off; these operators do not know, so they do not.
     */
    void operator(SimNode node, OperatorAction action, boolean accept) {
        if (!node.awake()) {
            return;
        }
        boolean acceptLoss = accept && !continues;
        String id = node.name + "-" + requests++;
        openRequests.add(id);
        boolean gives =
                action == OperatorAction.SWITCHOVER && node.situation.phase() == Phase.ACTIVE;
        if (gives) {
            moves.add(id);
        }
        world.tell(
                "operator at " + node.name + ": " + action + (acceptLoss ? " accepting loss" : ""));
        checks.movesAllowedWhileParked = true;
        checks.lossAccepted |= acceptLoss;
        if (action == OperatorAction.RECOVER) {
            peerOf(node).post(new Event.TryAgain());
        }
        node.post(new Event.Operator(id, action, acceptLoss));
    }

    /** Runs faults and settling; throws {@link Checks.Violation} naming what broke. */
    public Result run() {
        faultsEnded = false;
        alpha.boot();
        beta.boot();
        world.after(Duration.ofMillis(50), this::client);
        long faultsFrom = Duration.ofSeconds(6).toNanos();
        long faultsEnd = schedule.plan(faultsFrom);
        runUntil(faultsEnd);
        faultsEnded = true;
        schedule.mend();
        return settle(faultsEnd);
    }

    /** Lets time pass, without faults of a schedule. */
    void pass(Duration time) {
        runUntil(world.now() + time.toNanos());
    }

    private void runUntil(long time) {
        boolean[] reached = new boolean[1];
        world.at(time, () -> reached[0] = true);
        while (!reached[0] && world.step()) {
            checks.afterEvent();
        }
    }

    private Result settle(long from) {
        long deadline = from + SETTLE_BOUND.toNanos();
        long outage = -1;
        long unattended = from + Duration.ofSeconds(15).toNanos();
        while (world.step()) {
            checks.afterEvent();
            boolean serving = alpha.servicesUp || beta.servicesUp;
            if (serving && outage < 0) {
                outage = (world.now() - from) / 1_000_000;
            }
            if (checks.settled()) {
                checks.finalContent();
                return new Result(
                        (world.now() - from) / 1_000_000,
                        outage,
                        checks.acknowledged.size(),
                        checks.followedWhileHeld,
                        checks.wentOn);
            }
            if (world.now() > unattended && !serving) {
                unattended = world.now() + Duration.ofSeconds(12).toNanos();
                attend();
            }
            if (world.now() > deadline) {
                throw new Checks.Violation(
                        "not settled: alpha "
                                + state(alpha)
                                + "; beta "
                                + state(beta)
                                + "; record "
                                + store.record()
                                + "; requests "
                                + openRequests);
            }
        }
        throw new Checks.Violation("the world came to an end");
    }

    /** With manual failover a standstill is an operator's to end. */
    private void attend() {
        if (automatic) {
            return;
        }
        SimNode ready =
                List.of(alpha, beta).stream()
                        .filter(
                                n ->
                                        n.situation
                                                .ledger()
                                                .filter(
                                                        e ->
                                                                e.inSync()
                                                                        .contains(
                                                                                NodeName.of(
                                                                                        n.name)))
                                                .isPresent())
                        .findAny()
                        .orElse(alpha);
        operator(ready, OperatorAction.FAILOVER, false);
    }

    private static String state(SimNode n) {
        return n.situation.phase()
                + " "
                + n.situation.replication()
                + " step "
                + n.situation.runningStep()
                + " copy "
                + n.copy.role
                + " exists "
                + n.copy.exists
                + " services "
                + n.servicesUp
                + " contact "
                + n.situation.contact()
                + " running "
                + n.running
                + " epoch "
                + n.situation.epoch()
                + " ledger "
                + n.situation.ledger()
                + " degraded "
                + n.situation.degraded()
                + " failed "
                + n.situation.failed()
                + " obstacles "
                + n.recovery.obstacles(n.situation, n.moment());
    }

    private void client() {
        for (SimNode node : List.of(alpha, beta)) {
            boolean accepts =
                    node.copy.primary()
                            && node.servicesUp
                            && node.situation.phase() != Phase.STOPPED;
            if (accepts || node.copy.primary() && world.chance(0.3)) {
                long id = nextWrite++;
                node.copy.write(id, checks::acknowledged);
            }
        }
        world.after(world.between(20, 80), this::client);
    }
}
