package io.understudy.systemtests;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A writer and a watch on a cluster, from a fault's eve to its end. */
public final class Load implements AutoCloseable {

    private static final int STEADY = 50;

    private final Cluster cluster;
    private final IncreasingWriter writer;
    private final ServingWatch watch;
    private final Set<Long> everAcknowledged;
    private boolean closed;

    Load(
            Cluster cluster,
            Function<String, Place> places,
            AtomicLong numbers,
            Set<Long> everAcknowledged) {
        this.cluster = cluster;
        this.writer = new IncreasingWriter(IncreasingWriter.serving(cluster.layout()), numbers);
        this.watch = new ServingWatch(cluster.layout(), places);
        this.everAcknowledged = everAcknowledged;
        writer.start();
        watch.start();
        awaitWritesAfter(System.nanoTime(), Duration.ofSeconds(30));
    }

    /**
     * What came of it.
     *
     * @param acknowledged how many writes were acknowledged
     * @param lost those of all loads of this cluster that the database lacks
     * @param doubled those that it holds more than once
     * @param twoServing proofs that two nodes served at once
     */
    public record Result(
            int acknowledged, List<Long> lost, List<Long> doubled, List<String> twoServing) {

        /** Fails if anything was lost or doubled, or if two nodes ever served at once. */
        public void assertGood() {
            if (!lost.isEmpty() || !doubled.isEmpty() || !twoServing.isEmpty()) {
                throw new AssertionError(
                        "acknowledged and lost: "
                                + lost
                                + "; doubled: "
                                + doubled
                                + "; two served at once: "
                                + twoServing.stream().limit(5).toList());
            }
        }
    }

    /** Returns the watch. */
    public ServingWatch watch() {
        return watch;
    }

    /** Returns the writer. */
    public IncreasingWriter writer() {
        return writer;
    }

    /** Waits until writes are acknowledged steadily after {@code nanos}. */
    public void awaitWritesAfter(long nanos, Duration limit) {
        Await.until(
                "writes go on",
                limit,
                () -> "last refusal: " + writer.lastRefusal() + cluster.describe(),
                () -> writer.acknowledgedSince(nanos) >= STEADY);
    }

    /** Returns the longest time without an acknowledgement from {@code nanos} until now. */
    public Duration outageSince(long nanos) {
        return gapSince(nanos).length();
    }

    /** Returns the longest gap between acknowledgements from {@code nanos} until now. */
    public IncreasingWriter.Gap gapSince(long nanos) {
        return writer.longestGap(nanos, System.nanoTime());
    }

    /** Ends writer and watch, and compares what was acknowledged with what is there. */
    public Result finish() {
        close();
        List<Long> lost = new ArrayList<>();
        List<Long> doubled = new ArrayList<>();
        Map<Long, Integer> held =
                Await.value("the database answers", Duration.ofSeconds(60), this::held);
        for (Long id : everAcknowledged) {
            int times = held.getOrDefault(id, 0);
            if (times == 0) {
                lost.add(id);
            } else if (times > 1) {
                doubled.add(id);
            }
        }
        return new Result(writer.acknowledged().size(), lost, doubled, watch.violations());
    }

    private Optional<Map<Long, Integer>> held() {
        try {
            return Optional.of(IncreasingWriter.held(IncreasingWriter.serving(cluster.layout())));
        } catch (SQLException notNow) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            writer.close();
            watch.close();
            writer.acknowledged().forEach(a -> everAcknowledged.add(a.id()));
        }
    }
}
