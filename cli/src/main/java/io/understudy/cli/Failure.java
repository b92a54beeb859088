package io.understudy.cli;

import java.util.List;
import java.util.Objects;

/** The command cannot do what it was asked; shown as one line of cause and one of next step. */
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String next;
    private final transient List<String> details;

    /**
     * @param exitCode one of {@link ExitCode}
     * @param cause one sentence: cause and object
     * @param next what to do now, one sentence; may be empty
     * @param details further lines between the two, e.g. one for each wrong field
     */
    public Failure(int exitCode, String cause, String next, List<String> details) {
        super(Objects.requireNonNull(cause, "cause"));
        this.exitCode = exitCode;
        this.next = Objects.requireNonNull(next, "next");
        this.details = List.copyOf(details);
    }

    /** A failure without details. */
    public Failure(int exitCode, String cause, String next) {
        this(exitCode, cause, next, List.of());
    }

    /** Returns how the command ends. */
    public int exitCode() {
        return exitCode;
    }

    /** Returns what to do now, or an empty string. */
    public String next() {
        return next;
    }

    /** Returns the lines between cause and next step. */
    public List<String> details() {
        return details;
    }
}
