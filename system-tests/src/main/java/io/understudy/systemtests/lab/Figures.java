package io.understudy.systemtests.lab;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** What is told of a figure that was measured several times, in milliseconds. */
final class Figures {

    private Figures() {}

    private static <T> List<Long> sorted(List<T> all, Function<T, Duration> figure) {
        return all.stream().map(figure).map(Duration::toMillis).sorted().toList();
    }

    /** Returns the greatest; there is at least one. */
    static <T> long most(List<T> all, Function<T, Duration> figure) {
        List<Long> sorted = sorted(all, figure);
        return sorted.get(sorted.size() - 1);
    }

    /** Returns the median; there is at least one. */
    static <T> long median(List<T> all, Function<T, Duration> figure) {
        List<Long> sorted = sorted(all, figure);
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
