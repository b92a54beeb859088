package io.understudy.core.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time, one queue of events, one source of randomness, the links between hosts. */
final class World {

    private static final long STEP_LIMIT = 3_000_000;

    private record Entry(long at, long order, Runnable action) {}

    final SplittableRandom random;
    private final PriorityQueue<Entry> queue =
            new PriorityQueue<>(
                    (a, b) ->
                            a.at != b.at
                                    ? Long.compare(a.at, b.at)
                                    : Long.compare(a.order, b.order));
    private final Map<String, Integer> cuts = new HashMap<>();
    private final Deque<String> story = new ArrayDeque<>();
    private final boolean tells;
    private long now;
    private long order;
    private long steps;
    double loss;
    long extraDelay;

    World(long seed, boolean tells) {
        this.random = new SplittableRandom(seed);
        this.tells = tells;
    }

    /** True time, which no host knows. */
    long now() {
        return now;
    }

    void after(Duration delay, Runnable action) {
        at(now + delay.toNanos(), action);
    }

    void at(long time, Runnable action) {
        queue.add(new Entry(Math.max(time, now), order++, action));
    }

    boolean step() {
        Entry next = queue.poll();
        if (next == null) {
            return false;
        }
        now = next.at;
        if (++steps > STEP_LIMIT) {
            throw new Checks.Violation("runaway: " + STEP_LIMIT + " steps by " + now / 1e9 + " s");
        }
        next.action.run();
        return true;
    }

    long millis(long from, long to) {
        return random.nextLong(from, to + 1);
    }

    Duration between(long fromMillis, long toMillis) {
        return Duration.ofNanos(random.nextLong(fromMillis * 1_000_000, toMillis * 1_000_000 + 1));
    }

    boolean chance(double p) {
        return random.nextDouble() < p;
    }

    // Links. A cut is counted, so that overlapping faults heal one by one.

    void cut(String from, String to) {
        cuts.merge(from + ">" + to, 1, Integer::sum);
    }

    void heal(String from, String to) {
        cuts.computeIfPresent(from + ">" + to, (link, count) -> count > 1 ? count - 1 : null);
    }

    boolean open(String from, String to) {
        // Asked for every message, and nearly always nothing is cut.
        return cuts.isEmpty() || from.equals(to) || !cuts.containsKey(from + ">" + to);
    }

    boolean both(String a, String b) {
        return open(a, b) && open(b, a);
    }

    /** How long a message takes; TCP repeats what is lost, so loss shows as delay. */
    Duration travel() {
        long micros = 100 + random.nextLong(900) + extraDelay;
        while (loss > 0 && chance(loss) && micros < 2_000_000) {
            micros += 200_000;
        }
        return Duration.ofNanos(micros * 1000);
    }

    void tell(String line) {
        if (tells) {
            story.add(String.format("%10.3f %s", now / 1e9, line));
        }
    }

    Deque<String> story() {
        return story;
    }
}
