package io.understudy.core.config;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came of checking something: a value, or every problem found. Never both, never neither, so
 * that nothing can be half done.
 *
 * @param <T> what was read
 * @param value present if there is no problem
 * @param problems in the order of the document; empty if there is a value
 */
public record Checked<T>(Optional<T> value, List<Problem> problems) {

    /** Refuses nulls, and both or neither of value and problems. */
    public Checked {
        Objects.requireNonNull(value, "value");
        problems = List.copyOf(problems);
        if (value.isPresent() != problems.isEmpty()) {
            throw new IllegalArgumentException("either a value or problems");
        }
    }

    /** Returns the outcome of a reading that found nothing wrong. */
    public static <T> Checked<T> of(T value) {
        return new Checked<>(Optional.of(value), List.of());
    }

    /** Returns the outcome of a reading that found {@code problems}, at least one. */
    public static <T> Checked<T> failed(List<Problem> problems) {
        return new Checked<>(Optional.empty(), problems);
    }

    /** Returns whether there is a value. */
    public boolean isGood() {
        return value.isPresent();
    }

    /**
     * Returns the value, for callers that have nothing to do with a refusal but pass it on.
     *
     * @throws IllegalArgumentException whose message has a line for each problem
     */
    public T orThrow() {
        return value.orElseThrow(
                () ->
                        new IllegalArgumentException(
                                problems.stream()
                                        .map(Problem::sentence)
                                        .collect(Collectors.joining("\n"))));
    }
}
