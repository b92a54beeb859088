package io.understudy.cli;

/** How the command ends; scripts rely on the numbers. */
public final class ExitCode {

    /** What was asked for is done. */
    public static final int DONE = 0;

    /** Refused or failed; the reason is on standard error. */
    public static final int FAILED = 1;

    /** Wrong usage of the command. */
    public static final int USAGE = 2;

    /** The node cannot be reached. */
    public static final int UNREACHABLE = 3;

    /** Still in progress when {@code --wait} ended. */
    public static final int IN_PROGRESS = 4;

    private ExitCode() {}
}
