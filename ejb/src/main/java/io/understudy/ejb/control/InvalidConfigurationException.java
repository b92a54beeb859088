package io.understudy.ejb.control;

import java.util.List;

/**
 * A document breaks rules; nothing was changed. Checked, so that an EJB container passes it on as
 * it is.
 */
public final class InvalidConfigurationException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * @param problems everything that is wrong, at least one
     */
    public InvalidConfigurationException(List<Problem> problems) {
        super(words(problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns everything that is wrong, in the order of the document. */
    public List<Problem> problems() {
        return problems;
    }

    private static String words(List<Problem> problems) {
        Problem first = problems.get(0);
        String where = first.field().isEmpty() ? "the document" : first.field();
        String more = problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)";
        return where + ": " + first.problem() + more;
    }
}
