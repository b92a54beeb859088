package io.understudy.core.simulation;

import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.OperatorAction;
import io.understudy.core.timing.Timer;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SplittableRandom;

/** Faults and operators at random moments; all of them end, or are ended by {@link #mend}. */
final class Schedule {

    private static final Timers SLOW =
            Timers.FAST.with(
                    Map.of(
                            Timer.LEASE, Duration.ofSeconds(6),
                            Timer.LEASE_MARGIN, Duration.ofSeconds(2),
                            Timer.RENEW_EVERY, Duration.ofMillis(600)),
                    OptionalDouble.empty());

    private final Simulation sim;
    private final World world;
    private final List<Runnable> mends = new ArrayList<>();

    Schedule(Simulation sim) {
        this.sim = sim;
        this.world = sim.world;
    }

    /** Plans one to six faults and returns when the last one ends. */
    long plan(long from) {
        int count = 1 + world.random.nextInt(6);
        long end = from;
        for (int i = 0; i < count; i++) {
            long start = from + Duration.ofMillis(world.millis(0, 14_000)).toNanos();
            Duration lasts = Duration.ofMillis(world.millis(100, 9_000));
            fault(start, lasts);
            end = Math.max(end, start + lasts.toNanos() + Duration.ofSeconds(6).toNanos());
        }
        if (sim.continues && sim.policy.nextInt(3) > 0) {
            end = Math.max(end, oneAfterAnother(from) + Duration.ofSeconds(6).toNanos());
        }
        return end + 1;
    }

    /**
     * Two of three voters are lost, one after the other, for longer than a lease; they die or are
     * cut off, and return one after the other. Of its own source, as is the policy.
     */
    private long oneAfterAnother(long from) {
        SplittableRandom random = sim.policy;
        SimNode holder = random.nextInt(4) == 0 ? sim.beta : sim.alpha;
        SimNode other = sim.peerOf(holder);
        boolean dies = random.nextBoolean();
        boolean otherDies = random.nextBoolean();
        long first = from + Duration.ofMillis(random.nextInt(10_000)).toNanos();
        long second = first + Duration.ofMillis(1_000 + random.nextInt(5_000)).toNanos();
        long end = second + Duration.ofMillis(2_000 + random.nextInt(13_000)).toNanos();
        boolean witnessFirst = random.nextBoolean();
        long witnessAt = witnessFirst ? first : second;
        long otherAt = witnessFirst ? second : first;
        Duration lasts = Duration.ofNanos(end - witnessAt).plusMillis(random.nextInt(4_000));
        Duration otherLasts = Duration.ofNanos(end - otherAt).plusMillis(random.nextInt(4_000));
        if (dies) {
            during(witnessAt, lasts, () -> killVoter(sim.witness), () -> restartVoter(sim.witness));
        } else {
            cut(witnessAt, lasts, holder.name, "witness", true);
        }
        sim.other.ifPresent(o -> cut(witnessAt, lasts, holder.name, o.name, true));
        if (otherDies) {
            during(otherAt, otherLasts, () -> killNode(other), () -> restart(other));
        } else {
            cut(otherAt, otherLasts, holder.name, other.name, true);
        }
        return Math.max(witnessAt + lasts.toNanos(), otherAt + otherLasts.toNanos());
    }

    private void fault(long start, Duration lasts) {
        SimNode node = world.chance(0.65) ? either() : world.chance(0.5) ? sim.alpha : sim.beta;
        switch (world.random.nextInt(sim.guarded ? 26 : 24)) {
            case 0, 1 -> during(start, lasts, () -> killNode(node), () -> restart(node));
            case 2 -> during(start, lasts, () -> powerOff(node), () -> restart(node));
            case 3 -> {
                SimHost third = third();
                during(start, lasts, () -> killVoter(third), () -> restartVoter(third));
            }
            case 4 -> cut(start, lasts, "alpha", "beta", world.chance(0.5));
            case 5 -> cut(start, lasts, node.name, "witness", world.chance(0.5));
            case 6 -> isolated(start, lasts, node);
            case 7 -> during(start, lasts, () -> world.loss = 0.2, () -> world.loss = 0);
            case 8 ->
                    during(
                            start,
                            lasts,
                            () -> world.extraDelay = 80_000,
                            () -> world.extraDelay = 0);
            case 9 -> during(start, lasts, () -> slowDisks(150), () -> slowDisks(5));
            case 10 ->
                    during(
                            start,
                            lasts,
                            () -> node.startsFail = true,
                            () -> node.startsFail = false);
            case 11 -> at(start, () -> databaseDies(node));
            case 12 -> at(start, () -> node.serviceBroken = node.servicesUp);
            case 13 -> powerCut(start);
            case 14 -> at(start, () -> sim.operator(node, anyAction(), world.chance(0.1)));
            case 15 -> at(start, () -> sim.operator(either(), OperatorAction.SWITCHOVER, false));
            case 16 -> during(start, lasts, () -> stop(node), () -> restart(node));
            case 17 -> {
                at(start, () -> node.crashAfterEffects = 1 + world.random.nextInt(12));
                at(start + lasts.toNanos(), () -> restart(node));
            }
            case 18 -> takerIsolated(start, lasts, node);
            case 19 -> hold(start, lasts, node);
            case 20 -> broken(start, lasts, node);
            case 21 -> timers(start, lasts, node);
            case 22 ->
                    during(
                            start,
                            lasts.multipliedBy(2),
                            () -> node.volumeBad = true,
                            () -> node.volumeBad = false);
            case 23 ->
                    during(
                            start,
                            lasts.multipliedBy(2),
                            () -> node.diskHangs(true),
                            () -> node.diskHangs(false));
            case 24 -> during(start, lasts, () -> hang(node), node::resumeIfHung);
            case 25 -> during(start, lasts, () -> freeze(node), node::unfreezeIfFrozen);
            default -> throw new IllegalStateException();
        }
    }

    /** Nothing comes or goes; or it is deaf, and what it says is heard. */
    private void isolated(long start, Duration lasts, SimNode node) {
        // Of its own source, so that the other runs stay what they are.
        boolean deaf = new SplittableRandom(sim.seed ^ 0xdeafL).nextInt(3) == 0;
        cut(start, lasts, "witness", node.name, !deaf);
        cut(start, lasts, sim.peerOf(node).name, node.name, !deaf);
        sim.other.ifPresent(o -> cut(start, lasts, o.name, node.name, !deaf));
    }

    /** The holder dies; who took over on proof is cut off before it can be confirmed. */
    private void takerIsolated(long start, Duration lasts, SimNode holder) {
        SimNode taker = sim.peerOf(holder);
        long cutFrom = start + Duration.ofMillis(world.millis(350, 1_500)).toNanos();
        at(start, () -> killNode(holder));
        at(start + Duration.ofMillis(world.millis(200, 1_500)).toNanos(), () -> restart(holder));
        cut(cutFrom, lasts.plusSeconds(4), taker.name, "witness", true);
        cut(cutFrom, lasts.plusSeconds(4), taker.name, holder.name, true);
        sim.other.ifPresent(o -> cut(cutFrom, lasts.plusSeconds(4), taker.name, o.name, true));
    }

    /** Maintenance, during which somebody works on what is held; it ends by itself or by word. */
    private void hold(long start, Duration lasts, SimNode node) {
        boolean released = world.chance(0.4);
        Duration planned = released ? lasts.multipliedBy(3) : lasts;
        at(start, () -> world.tell("hold for " + planned));
        at(start, () -> sim.hold(world.now() + planned.toNanos()));
        long work = start + lasts.toNanos() / 3;
        switch (world.random.nextInt(4)) {
            case 0 -> at(work, () -> databaseDies(node));
            case 1 -> at(work, () -> node.serviceBroken = node.servicesUp);
            case 2 -> during(work, lasts.dividedBy(2), () -> killNode(node), () -> restart(node));
            default -> at(work, () -> sim.operator(node, anyAction(), false));
        }
        if (released) {
            at(start + lasts.toNanos(), () -> sim.hold(0));
        }
    }

    /** Lease timers change live, there and back, while a node is cut off or dies. */
    private void timers(long start, Duration lasts, SimNode node) {
        at(start, () -> sim.changeTimers(SLOW));
        at(start + lasts.toNanos(), () -> sim.changeTimers(sim.timers));
        long trouble = start + Duration.ofMillis(world.millis(0, 4_000)).toNanos();
        if (world.chance(0.5)) {
            cut(trouble, lasts, node.name, "witness", true);
            cut(trouble, lasts, node.name, sim.peerOf(node).name, true);
        } else {
            during(trouble, lasts, () -> powerOff(node), () -> restart(node));
        }
    }

    /** What runs at one node breaks again and again while the other is well. */
    private void broken(long start, Duration lasts, SimNode node) {
        during(start, lasts, () -> node.startsFail = true, () -> node.startsFail = false);
        at(start + 1_000_000, () -> node.serviceBroken = node.servicesUp);
        at(start + lasts.toNanos() + 1, () -> sim.operator(node, OperatorAction.RECOVER, false));
    }

    private SimNode either() {
        return world.chance(0.5) ? sim.alpha : sim.beta;
    }

    private OperatorAction anyAction() {
        OperatorAction[] all = OperatorAction.values();
        return all[world.random.nextInt(all.length)];
    }

    private void at(long time, Runnable action) {
        world.at(time, action);
    }

    private void during(long start, Duration lasts, Runnable begin, Runnable end) {
        at(start, begin);
        at(start + lasts.toNanos(), end);
    }

    private void cut(long start, Duration lasts, String a, String b, boolean both) {
        during(
                start,
                lasts,
                () -> {
                    world.tell("cut " + a + (both ? " <> " : " > ") + b);
                    world.cut(a, b);
                    if (both) {
                        world.cut(b, a);
                    }
                },
                () -> {
                    world.tell("heal " + a + " " + b);
                    world.heal(a, b);
                    if (both) {
                        world.heal(b, a);
                    }
                });
    }

    void killNode(SimNode node) {
        world.tell("kill " + node.name);
        node.kill();
    }

    private void powerOff(SimNode node) {
        world.tell("power off " + node.name);
        node.powerOff();
    }

    void restart(SimNode node) {
        if (!node.running) {
            world.tell("start " + node.name);
            node.endChildren();
            node.boot();
            sim.store.returned(node);
        }
    }

    /** A voter that serves nothing of this instance. */
    private SimHost third() {
        return sim.other.filter(o -> world.chance(0.5)).orElse(sim.witness);
    }

    void killVoter(SimHost voter) {
        if (voter.running) {
            world.tell("kill " + voter.name);
            voter.running = false;
            voter.boot++;
            sim.store.died(voter);
        }
    }

    void restartVoter(SimHost voter) {
        if (!voter.running) {
            world.tell("start " + voter.name);
            voter.running = true;
            sim.store.returned(voter);
        }
    }

    private void slowDisks(long millis) {
        sim.alpha.diskMillis = millis;
        sim.beta.diskMillis = millis;
        sim.witness.diskMillis = millis;
        sim.other.ifPresent(o -> o.diskMillis = millis);
    }

    private void databaseDies(SimNode node) {
        world.tell("database of " + node.name + " dies");
        node.copy.end();
    }

    private void powerCut(long start) {
        at(
                start,
                () -> {
                    sim.alpha.powerOff();
                    sim.beta.powerOff();
                    killVoter(sim.witness);
                    sim.other.ifPresent(this::killVoter);
                });
        List<Runnable> starts =
                new ArrayList<>(
                        List.of(
                                () -> restart(sim.alpha),
                                () -> restart(sim.beta),
                                () -> restartVoter(sim.witness)));
        sim.other.ifPresent(o -> starts.add(() -> restartVoter(o)));
        Collections.shuffle(starts, new Random(world.random.nextLong()));
        for (Runnable one : starts) {
            at(start + Duration.ofMillis(world.millis(500, 6_000)).toNanos(), one);
        }
    }

    private void stop(SimNode node) {
        if (node.awake()) {
            boolean handOver = world.chance(0.4);
            world.tell("stop " + node.name + (handOver ? " with hand-over" : ""));
            node.post(new Event.Stop(handOver));
            node.stopRequested = true;
        }
    }

    private void hang(SimNode node) {
        if (node.running) {
            world.tell("hang " + node.name);
            node.hung = true;
        }
    }

    private void freeze(SimNode node) {
        if (node.running) {
            world.tell("freeze " + node.name);
            node.frozen = true;
        }
    }

    /** Ends whatever is still wrong: all run, all links are open, nothing fails any more. */
    void mend() {
        world.tell("faults end");
        mends.forEach(Runnable::run);
        world.loss = 0;
        world.extraDelay = 0;
        sim.healIsolated();
        sim.hold(0);
        List.of(sim.alpha, sim.beta).forEach(node -> node.timers(sim.timers));
        slowDisks(5);
        for (SimNode node : List.of(sim.alpha, sim.beta)) {
            node.startsFail = false;
            node.crashAfterEffects = 0;
            node.resumeIfHung();
            node.unfreezeIfFrozen();
            if (node.stopRequested) {
                node.kill();
            }
            restart(node);
        }
        restartVoter(sim.witness);
        sim.other.ifPresent(this::restartVoter);
    }
}
