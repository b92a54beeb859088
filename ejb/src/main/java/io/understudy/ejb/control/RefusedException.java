package io.understudy.ejb.control;

import java.util.Objects;

/**
 * What was asked is not possible now; nothing was done unless the code says otherwise. Checked, so
 * that an EJB container passes it on as it is.
 */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String next;

    /** A refusal with the next step that the code itself suggests. */
    public RefusedException(ErrorCode code, String message) {
        this(code, message, code.next());
    }

    /**
     * @param code which kind of refusal
     * @param message one sentence: cause and object
     * @param next the next step, one sentence
     */
    public RefusedException(ErrorCode code, String message, String next) {
        super(message);
        this.code = Objects.requireNonNull(code, "code");
        this.next = Objects.requireNonNull(next, "next");
    }

    /** Returns which kind of refusal this is. */
    public ErrorCode code() {
        return code;
    }

    /** Returns the next step, one sentence. */
    public String next() {
        return next;
    }
}
