package io.understudy.ejb.recovery;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.metric.Metric;
import io.understudy.core.metric.Sample;
import io.understudy.core.move.Move;
import io.understudy.core.move.MovePhase;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import io.understudy.core.view.EventView;
import io.understudy.core.view.MoveView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The moves of all instances, as the nodes timed them that took over. Each is an event of the
 * cluster's log: every member has it, and has it again after a restart. The newest {@value #KEPT}
 * of each instance are at hand. Any thread.
 */
final class Moves {

    /** The code of the event of a move; of one that did not come to serve, {@link #FAILED}. */
    static final String MOVED = "MOVED";

    /** The code of the event of a move that did not come to serve. */
    static final String FAILED = "MOVE_FAILED";

    private static final int KEPT = 32;
    private static final int EVENTS = 10_000;

    private final Function<NodeName, Moment> lastBeat;
    private final Consumer<Move> tell;
    private final AtomicReference<Consumer<InstanceName>> observe =
            new AtomicReference<>(instance -> {});
    private final Map<String, Deque<MoveView>> newest = new HashMap<>();

    /**
     * @param lastBeat when the last heartbeat of a member came
     * @param tell makes a move an event of the cluster's log
     */
    Moves(Function<NodeName, Moment> lastBeat, Consumer<Move> tell) {
        this.lastBeat = lastBeat;
        this.tell = tell;
    }

    /** Has whoever is asked look at an instance that has just begun to serve, at once. */
    void observe(Consumer<InstanceName> how) {
        observe.set(how);
    }

    /** An instance has begun to serve here. */
    void serves(InstanceName instance) {
        observe.get().accept(instance);
    }

    Moment lastBeat(NodeName peer) {
        return lastBeat.apply(peer);
    }

    /** A move to this node is complete. */
    void completed(Move move) {
        tell.accept(move);
    }

    /** Takes in what earlier lives of the cluster wrote down; reads files. */
    void recall(Happenings happenings) {
        happenings.after(Math.max(0, happenings.last() - EVENTS), EVENTS).forEach(this::happened);
    }

    /** Takes an event; those that are no moves are passed over. */
    void happened(EventView event) {
        boolean move = MOVED.equals(event.code()) || FAILED.equals(event.code());
        if (!move || event.instance() == null || event.details() == null) {
            return;
        }
        Move.of(event.instance(), event.details())
                .ifPresent(m -> keep(MoveView.of(m, event.time())));
    }

    private void keep(MoveView move) {
        synchronized (newest) {
            Deque<MoveView> kept = newest.computeIfAbsent(move.instance(), i -> new ArrayDeque<>());
            if (kept.stream().anyMatch(move::equals)) {
                return;
            }
            // What is recalled may come after what has just happened: the epoch orders them.
            List<MoveView> later = kept.stream().filter(m -> m.epoch() > move.epoch()).toList();
            kept.removeAll(later);
            kept.addLast(move);
            kept.addAll(later);
            while (kept.size() > KEPT) {
                kept.removeFirst();
            }
        }
    }

    /** Returns the newest moves of an instance, the newest first. */
    List<MoveView> of(InstanceName instance) {
        synchronized (newest) {
            Deque<MoveView> kept = newest.getOrDefault(instance.value(), new ArrayDeque<>());
            List<MoveView> all = new ArrayList<>(kept);
            Collections.reverse(all);
            return all;
        }
    }

    Optional<MoveView> last(InstanceName instance) {
        synchronized (newest) {
            return Optional.ofNullable(newest.get(instance.value())).map(Deque::peekLast);
        }
    }

    /** Measures the last move of an instance. */
    static void measure(MoveView move, List<Sample> samples) {
        String name = move.instance();
        samples.add(Sample.of(Metric.LAST_MOVE, move.totalMillis() / 1000.0, name));
        for (MoveView.Phase phase : move.phases()) {
            if (phase.millis() != null) {
                String key = MovePhase.valueOf(phase.phase()).key();
                samples.add(Sample.of(Metric.LAST_MOVE_PHASE, phase.millis() / 1000.0, name, key));
            }
        }
    }
}
