package io.understudy.core.simulation;

import io.understudy.core.database.DatabaseRole;
import io.understudy.core.database.ReplicationMode;
import io.understudy.core.lease.Epoch;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Settings;
import io.understudy.core.recovery.Step;
import io.understudy.core.recovery.StepOutcome;
import java.time.Duration;
import java.util.Optional;

/** Carries out the steps of one node, one after another; a kill cancels the one that runs. */
final class Lane {

    private final SimNode node;
    private long current;

    Lane(SimNode node) {
        this.node = node;
    }

    void clear() {
        current++;
    }

    void execute(Effect.Execute e) {
        long mine = ++current;
        World world = node.world;
        boolean refused =
                e.step().needsLease() && node.clock() >= node.situation.validUntil().nanos();
        if (refused) {
            finish(mine, Duration.ofMillis(1), e, () -> Optional.of(StepOutcome.FAILED));
            return;
        }
        switch (e.step()) {
            case DATABASE_CREATE, DATABASE_PRIMARY ->
                    finish(mine, world.between(80, 600), e, () -> primary(e));
            case SERVICES_START ->
                    finish(mine, world.between(30, 600), e, () -> startServices(e.epoch()));
            case SERVICES_STOP ->
                    finish(
                            mine,
                            world.between(20, 200),
                            e,
                            () -> {
                                node.servicesUp = false;
                                return Optional.of(StepOutcome.DONE);
                            });
            case DATABASE_STOP -> stopDatabase(mine, e, world.now() + 2_000_000_000L);
            case KILL ->
                    finish(
                            mine,
                            world.between(5, 60),
                            e,
                            () -> {
                                node.servicesUp = false;
                                node.copy.end();
                                return Optional.of(StepOutcome.DONE);
                            });
            case DATABASE_STANDBY -> follow(mine, e);
            case REPLICATE_SYNC -> {
                node.copy.mode = ReplicationMode.SYNCHRONOUS;
                awaitStandby(mine, e, node.copy.log.size(), world.now() + 1_500_000_000L);
            }
            case REPLICATE_ASYNC ->
                    finish(
                            mine,
                            world.between(5, 100),
                            e,
                            () -> {
                                if (node.copy.role != DatabaseRole.PRIMARY || node.diskHangs()) {
                                    return Optional.of(StepOutcome.FAILED);
                                }
                                node.copy.relax();
                                return Optional.of(StepOutcome.DONE);
                            });
        }
    }

    private interface Work {
        /** Returns the outcome, or empty to be asked again later. */
        Optional<StepOutcome> run();
    }

    private void finish(long mine, Duration delay, Effect.Execute e, Work work) {
        long born = node.boot;
        node.world.after(
                delay,
                () -> {
                    if (mine != current || born != node.boot || !node.running) {
                        return;
                    }
                    if (!node.awake()) {
                        finish(mine, Duration.ofMillis(20), e, work);
                        return;
                    }
                    Optional<StepOutcome> outcome = work.run();
                    if (outcome.isEmpty()) {
                        finish(mine, Duration.ofMillis(20), e, work);
                    } else {
                        node.post(
                                new Event.StepEnded(
                                        e.ticket(), outcome.get(), Optional.of(e.step().name())));
                    }
                });
    }

    private Optional<StepOutcome> primary(Effect.Execute e) {
        Copy copy = node.copy;
        boolean create = e.step() == Step.DATABASE_CREATE && !copy.exists;
        boolean missing = !copy.exists && !create;
        boolean fails = node.diskHangs() || node.sim.databaseFails(node);
        if (missing || e.epoch().isBefore(copy.epoch) || fails) {
            return Optional.of(StepOutcome.FAILED);
        }
        copy.exists = true;
        copy.epoch = e.epoch();
        copy.attached = false;
        copy.role = DatabaseRole.PRIMARY;
        copy.mode =
                node.recovery.settings().data() == Settings.Data.WAIT
                        ? ReplicationMode.SYNCHRONOUS
                        : ReplicationMode.ASYNCHRONOUS;
        node.sim.checks.becamePrimary(node, e.epoch());
        return Optional.of(StepOutcome.DONE);
    }

    private Optional<StepOutcome> startServices(Epoch epoch) {
        if (node.startsFail) {
            return Optional.of(StepOutcome.FAILED);
        }
        node.servicesUp = true;
        node.serviceBroken = false;
        node.servingEpoch = epoch;
        node.sim.checks.beganServing(node, epoch);
        return Optional.of(StepOutcome.DONE);
    }

    /** An orderly stop sends everything to an attached standby first. */
    private void stopDatabase(long mine, Effect.Execute e, long deadline) {
        finish(
                mine,
                node.world.between(20, 120),
                e,
                () -> {
                    Copy copy = node.copy;
                    Copy other = node.peerNode().copy;
                    boolean primary = copy.role == DatabaseRole.PRIMARY;
                    boolean attached = primary && other.streaming(copy);
                    if (attached && other.log.size() < copy.log.size()) {
                        other.pull();
                        if (node.world.now() < deadline) {
                            return Optional.empty();
                        }
                    }
                    boolean complete = !primary || attached && other.log.size() == copy.log.size();
                    copy.end();
                    return Optional.of(complete ? StepOutcome.DONE : StepOutcome.FAILED);
                });
    }

    private void awaitStandby(long mine, Effect.Execute e, int size, long deadline) {
        finish(
                mine,
                Duration.ofMillis(10),
                e,
                () -> {
                    Copy other = node.peerNode().copy;
                    other.pull();
                    if (node.copy.role != DatabaseRole.PRIMARY) {
                        return Optional.of(StepOutcome.FAILED);
                    }
                    if (other.streaming(node.copy) && other.log.size() >= size) {
                        return Optional.of(StepOutcome.DONE);
                    }
                    return node.world.now() > deadline
                            ? Optional.of(StepOutcome.UNKNOWN)
                            : Optional.empty();
                });
    }

    /** Follows as it is where its log is a beginning of the primary's, else copies anew. */
    private void follow(long mine, Effect.Execute e) {
        Copy copy = node.copy;
        Copy source = node.peerNode().copy;
        boolean reachable =
                source.primary()
                        && node.world.both(node.name, source.node.name)
                        && !node.diskHangs()
                        && !source.node.diskHangs();
        if (!reachable || copy.role == DatabaseRole.PRIMARY || e.epoch().isBefore(copy.epoch)) {
            finish(mine, Duration.ofMillis(50), e, () -> Optional.of(StepOutcome.FAILED));
            return;
        }
        boolean clean =
                copy.exists
                        && copy.log.size() <= source.log.size()
                        && source.log.subList(0, copy.log.size()).equals(copy.log);
        Duration needed = clean ? node.world.between(50, 200) : node.world.between(300, 2000);
        if (!clean) {
            copy.exists = false;
            copy.role = DatabaseRole.RESYNCING;
            copy.truncateTo(0);
        }
        long sourceBoot = source.node.boot;
        finish(
                mine,
                needed,
                e,
                () -> {
                    boolean still =
                            source.primary()
                                    && source.node.boot == sourceBoot
                                    && node.world.both(node.name, source.node.name);
                    if (!still) {
                        copy.role = DatabaseRole.STOPPED;
                        return Optional.of(StepOutcome.UNKNOWN);
                    }
                    if (!clean) {
                        source.log.forEach(copy::append);
                        copy.exists = true;
                    }
                    copy.epoch = e.epoch();
                    copy.role = DatabaseRole.STANDBY;
                    copy.mode = ReplicationMode.ASYNCHRONOUS;
                    copy.attached = true;
                    return Optional.of(StepOutcome.DONE);
                });
    }
}
