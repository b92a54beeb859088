package io.understudy.ejb.control;

import java.util.Objects;

/**
 * Something wrong in a document.
 *
 * @param field where, as a path: {@code instances[0].name}; empty for the document as a whole
 * @param problem what is wrong, one sentence
 * @param mend what to write instead, one sentence
 */
public record Problem(String field, String problem, String mend) {

    /** Refuses nulls. */
    public Problem {
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(mend, "mend");
    }
}
