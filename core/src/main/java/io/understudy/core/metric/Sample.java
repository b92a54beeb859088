package io.understudy.core.metric;

import java.util.List;
import java.util.Objects;

/**
 * A measured value.
 *
 * @param metric of what
 * @param tags the values of the metric's tags, in their order
 * @param value in the metric's unit
 */
public record Sample(Metric metric, List<String> tags, double value) {

    /** Refuses tags that do not fit; copies the list. */
    public Sample {
        Objects.requireNonNull(metric, "metric");
        tags = List.copyOf(tags);
        if (tags.size() != metric.tags().size()) {
            throw new IllegalArgumentException(metric + " has the tags " + metric.tags());
        }
    }

    /** Returns 1 or 0. */
    public static Sample of(Metric metric, boolean holds, String... tags) {
        return new Sample(metric, List.of(tags), holds ? 1 : 0);
    }

    /** Returns a number. */
    public static Sample of(Metric metric, double value, String... tags) {
        return new Sample(metric, List.of(tags), value);
    }
}
