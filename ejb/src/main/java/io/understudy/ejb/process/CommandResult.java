package io.understudy.ejb.process;

/**
 * How a short command ended.
 *
 * @param status its exit status; 128 + signal if it was killed
 * @param timedOut whether it was killed because its limit passed
 * @param output what it wrote to output and errors, at most 64 KiB
 */
public record CommandResult(int status, boolean timedOut, String output) {

    /** Returns whether it ended by itself with status 0. */
    public boolean succeeded() {
        return status == 0 && !timedOut;
    }

    /** Returns the last non-empty line of the output, for error messages; may be empty. */
    public String lastLine() {
        return output.lines().filter(line -> !line.isBlank()).reduce("", (a, b) -> b);
    }
}
