package io.understudy.core.simulation;

import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.LedgerEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The ledger over the simulated network: three disks, majorities, messages that arrive late. */
final class LedgerModel {

    private static final Duration LIMIT = Duration.ofMillis(600);

    private final World world;
    private final List<SimHost> voters;

    LedgerModel(World world, List<SimHost> voters) {
        this.world = world;
        this.voters = voters;
    }

    private record Answer(boolean granted, Epoch promised, Optional<LedgerEntry> entry) {}

    void read(SimHost from, Consumer<Optional<Optional<LedgerEntry>>> answer) {
        ask(
                from,
                v -> new Answer(true, v.promised, v.entry),
                answers -> answer.accept(answers.map(LedgerModel::newest)));
    }

    void claim(SimHost from, Epoch epoch, Consumer<Optional<Ledger.Claim>> answer) {
        ask(
                from,
                v -> {
                    boolean grant = v.promised.value() <= epoch.value();
                    v.promised = Epoch.later(v.promised, epoch);
                    return new Answer(grant, v.promised, v.entry);
                },
                answers ->
                        answer.accept(
                                answers.map(
                                        list ->
                                                new Ledger.Claim(
                                                        list.stream().allMatch(Answer::granted),
                                                        newest(list),
                                                        list.stream()
                                                                .map(Answer::promised)
                                                                .reduce(
                                                                        Epoch.NONE,
                                                                        Epoch::later)))));
    }

    void write(SimHost from, LedgerEntry entry, Consumer<Optional<Ledger.Written>> answer) {
        ask(
                from,
                v -> {
                    boolean stale =
                            entry.epoch().isBefore(v.promised)
                                    || v.entry.filter(e -> e.compareTo(entry) > 0).isPresent()
                                    || v.entry
                                            .filter(e -> e.compareTo(entry) == 0)
                                            .filter(e -> !e.equals(entry))
                                            .isPresent();
                    if (!stale) {
                        v.entry = Optional.of(entry);
                        v.promised = Epoch.later(v.promised, entry.epoch());
                    }
                    return new Answer(!stale, v.promised, v.entry);
                },
                answers ->
                        answer.accept(
                                answers.map(
                                        list ->
                                                list.stream().allMatch(Answer::granted)
                                                        ? Ledger.Written.STORED
                                                        : Ledger.Written.REFUSED)));
    }

    private static Optional<LedgerEntry> newest(List<Answer> answers) {
        return answers.stream()
                .map(Answer::entry)
                .flatMap(Optional::stream)
                .max(LedgerEntry::compareTo);
    }

    /** Asks all; done with the first two answers. A voter that hangs answers when it goes on. */
    private void ask(
            SimHost from, Function<SimHost, Answer> act, Consumer<Optional<List<Answer>>> answer) {
        List<Answer> got = new ArrayList<>();
        boolean[] done = new boolean[1];
        world.after(
                LIMIT,
                () -> {
                    if (!done[0]) {
                        done[0] = true;
                        answer.accept(Optional.empty());
                    }
                });
        for (SimHost voter : voters) {
            deliver(
                    from,
                    voter,
                    voter.boot,
                    act,
                    a -> {
                        if (!done[0]) {
                            got.add(a);
                            if (got.size() == 2) {
                                done[0] = true;
                                answer.accept(Optional.of(got));
                            }
                        }
                    });
        }
    }

    private void deliver(
            SimHost from,
            SimHost voter,
            long boot,
            Function<SimHost, Answer> act,
            Consumer<Answer> reply) {
        world.after(
                world.travel().plusMillis(voter.diskMillis),
                () -> {
                    if (voter.boot != boot
                            || !voter.running
                            || !world.open(from.name, voter.name)) {
                        return;
                    }
                    if (!voter.awake()) {
                        // The request waits in the kernel until the process goes on.
                        world.after(
                                Duration.ofMillis(100),
                                () -> deliver(from, voter, boot, act, reply));
                        return;
                    }
                    Answer a = act.apply(voter);
                    world.after(
                            world.travel(),
                            () -> {
                                if (world.open(voter.name, from.name)) {
                                    reply.accept(a);
                                }
                            });
                });
    }
}
