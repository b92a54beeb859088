package io.understudy.core.simulation;

import io.understudy.core.lease.LeaseRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A lease store with the behaviour measured of Hazelcast CP: a leader among three voters, memory
 * only, elections of one to four seconds, voters that return with a new identity after three, loss
 * for good when two die, and calls without an answer that may still happen.
 */
final class StoreModel {

    private static final Duration LIMIT = Duration.ofMillis(1000);

    private final World world;
    private final List<SimHost> voters;
    private Optional<LeaseRecord> record = Optional.empty();
    private SimHost leader;
    private boolean electing;
    private boolean lost;
    private boolean forming;
    private int generation;

    /** A store that keeps its seats and records on disk: what may follow Hazelcast one day. */
    private final boolean durable;

    StoreModel(World world, List<SimHost> voters) {
        this.world = world;
        this.voters = voters;
        this.leader = voters.get(0);
        this.durable = world.chance(0.3);
        voters.forEach(v -> v.votes = true);
    }

    /** Whether, as {@code from} sees it, the loss of one more voter leaves no majority. */
    boolean missing(SimHost from) {
        return voters.stream()
                .anyMatch(v -> !live(v) || v != from && !world.both(from.name, v.name));
    }

    List<SimHost> voters() {
        return voters;
    }

    Optional<LeaseRecord> record() {
        return record;
    }

    /** A voter's process ended: its part of the memory is gone. */
    void died(SimHost host) {
        if (durable || !voters.contains(host)) {
            return;
        }
        host.votes = false;
        if (voters.stream().filter(v -> v.votes).count() < 2 && !lost) {
            lost = true;
            generation++;
            record = Optional.empty();
            world.tell("store: majority lost for good");
        }
    }

    /** A voter's process is back: it gets its seat again, if there is a majority to give it. */
    void returned(SimHost host) {
        if (durable || !voters.contains(host)) {
            return;
        }
        long boot = host.boot;
        world.after(
                world.between(3100, 3700),
                () -> {
                    if (host.boot != boot || !host.running) {
                        return;
                    }
                    if (!lost && majority(null)) {
                        host.votes = true;
                    } else {
                        returnedLater(host);
                    }
                });
        formAnew();
    }

    private void returnedLater(SimHost host) {
        long boot = host.boot;
        world.after(
                Duration.ofMillis(500),
                () -> {
                    if (host.boot != boot || !host.running || host.votes) {
                        return;
                    }
                    if (!lost && majority(null)) {
                        host.votes = true;
                    } else {
                        returnedLater(host);
                    }
                });
    }

    /**
     * With all three there, a lost store is formed anew, empty (an operator's reset, or a start).
     */
    void formAnew() {
        if (!lost || forming) {
            return;
        }
        forming = true;
        world.after(Duration.ofMillis(2700), this::tryForming);
    }

    private void tryForming() {
        boolean all =
                voters.stream().allMatch(v -> v.running && !v.frozen && !v.hung)
                        && voters.stream()
                                .allMatch(
                                        a ->
                                                voters.stream()
                                                        .allMatch(b -> world.both(a.name, b.name)));
        if (all) {
            lost = false;
            forming = false;
            leader = voters.get(world.random.nextInt(voters.size()));
            voters.forEach(v -> v.votes = true);
            world.tell("store: formed anew, empty");
        } else {
            world.after(Duration.ofMillis(500), this::tryForming);
        }
    }

    private boolean live(SimHost v) {
        return v.votes && v.running && !v.hung && !v.frozen;
    }

    /** Whether {@code centre} (or any voter) reaches a majority of the seats. */
    private boolean majority(SimHost centre) {
        return voters.stream()
                .filter(v -> centre == null || v == centre)
                .filter(this::live)
                .anyMatch(
                        c ->
                                voters.stream()
                                                .filter(this::live)
                                                .filter(v -> world.both(c.name, v.name))
                                                .count()
                                        >= 2);
    }

    private boolean serving(SimHost from) {
        return !lost && !electing && live(leader) && majority(leader) && reaches(from, leader);
    }

    /** A member that does not vote asks through any voter. */
    private boolean reaches(SimHost from, SimHost to) {
        return world.both(from.name, to.name)
                || !voters.contains(from)
                        && voters.stream()
                                .filter(this::live)
                                .anyMatch(
                                        v ->
                                                world.both(from.name, v.name)
                                                        && world.both(v.name, to.name));
    }

    private void elect() {
        if (electing || lost || (live(leader) && majority(leader))) {
            return;
        }
        electing = true;
        world.after(
                world.between(900, 3600),
                () -> {
                    electing = false;
                    voters.stream()
                            .filter(this::live)
                            .filter(this::majority)
                            .findAny()
                            .ifPresent(v -> leader = v);
                });
    }

    void leadAt(SimHost host) {
        if (serving(host) && live(host) && majority(host)) {
            world.after(
                    Duration.ofMillis(50),
                    () -> {
                        if (!electing && live(host) && majority(host)) {
                            leader = host;
                        }
                    });
        }
    }

    void read(SimHost from, Consumer<Optional<Optional<LeaseRecord>>> answer) {
        call(from, world.now() + LIMIT.toNanos(), () -> Optional.of(record), answer);
    }

    void write(
            SimHost from,
            Optional<LeaseRecord> expected,
            LeaseRecord next,
            Consumer<Optional<Boolean>> answer) {
        call(
                from,
                world.now() + LIMIT.toNanos(),
                () -> {
                    if (record.equals(expected)) {
                        record = Optional.of(next);
                        return Optional.of(true);
                    }
                    return Optional.of(false);
                },
                answer);
    }

    private interface Operation<T> {
        Optional<T> apply();
    }

    private <T> void call(
            SimHost from, long deadline, Operation<T> operation, Consumer<Optional<T>> answer) {
        boolean[] answered = new boolean[1];
        Consumer<Optional<T>> once =
                result -> {
                    if (!answered[0]) {
                        answered[0] = true;
                        answer.accept(result);
                    }
                };
        world.at(deadline, () -> once.accept(Optional.empty()));
        attempt(from, from.boot, generation, deadline, operation, once);
    }

    /** Calls keep trying in the background, also a while past their limit. */
    private <T> void attempt(
            SimHost from,
            long boot,
            int born,
            long deadline,
            Operation<T> operation,
            Consumer<Optional<T>> answer) {
        world.after(
                world.travel(),
                () -> {
                    boolean gone = from.boot != boot || born != generation;
                    if (gone || world.now() > deadline + 1_500_000_000L) {
                        return;
                    }
                    if (from.frozen || from.hung || !serving(from)) {
                        elect();
                        world.after(
                                Duration.ofMillis(50),
                                () -> attempt(from, boot, born, deadline, operation, answer));
                        return;
                    }
                    Optional<T> result = operation.apply();
                    world.after(
                            world.travel(),
                            () -> {
                                if (reaches(from, leader)) {
                                    answer.accept(result);
                                }
                            });
                });
    }
}
