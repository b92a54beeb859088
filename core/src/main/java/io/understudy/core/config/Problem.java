package io.understudy.core.config;

import java.util.Objects;

/**
 * One thing wrong with what an operator wrote.
 *
 * @param field the path of the key, e.g. {@code instances[0].services[1].delay}; empty for the
 *     whole document
 * @param problem what is wrong, naming the value: the second half of "FIELD PROBLEM"
 * @param mend what to write instead, in the imperative
 */
public record Problem(String field, String problem, String mend) {

    /** Refuses nulls. */
    public Problem {
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(mend, "mend");
    }

    /** Returns the problem under another key: {@code prefix} and a dot before the field. */
    public Problem under(String prefix) {
        return new Problem(field.isEmpty() ? prefix : prefix + "." + field, problem, mend);
    }

    /** Returns all of it as one line for people. */
    public String sentence() {
        return (field.isEmpty() ? "the document" : field) + " " + problem + ": " + mend;
    }

    @Override
    public String toString() {
        return sentence();
    }
}
