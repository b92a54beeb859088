package io.understudy.core.config;

import java.util.Objects;

/**
 * One difference between two configurations.
 *
 * @param kind what happened to the field
 * @param field its path with names in place of numbers, e.g. {@code
 *     campus.instances[nms].services[web].delay}
 * @param before the value before; empty if added
 * @param after the value after; empty if removed
 */
public record Change(Kind kind, String field, String before, String after) {

    /** Refuses nulls. */
    public Change {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
    }

    /** What happened to a field. */
    public enum Kind {
        /** It was not there. */
        ADDED,
        /** It is no longer there. */
        REMOVED,
        /** It has another value. */
        CHANGED
    }

    /** Returns the change as one line: {@code + field: after}, {@code - field: before}, or both. */
    public String line() {
        return switch (kind) {
            case ADDED -> "+ " + field + ": " + after;
            case REMOVED -> "- " + field + ": " + before;
            case CHANGED -> "~ " + field + ": " + before + " -> " + after;
        };
    }
}
