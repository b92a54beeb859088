package io.understudy.cli;

import io.understudy.cli.text.Messages;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;

/**
 * Where the command reads its surroundings and writes: everything that a test replaces.
 *
 * @param out for what was asked for
 * @param err for why it cannot be had
 * @param messages the user's language
 * @param environment the process's environment
 * @param terminal whether {@code out} is a terminal: colours and redrawing make sense
 */
public record Console(
        PrintStream out,
        PrintStream err,
        Messages messages,
        Map<String, String> environment,
        boolean terminal) {

    /** Refuses nulls; copies the environment. */
    public Console {
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(err, "err");
        Objects.requireNonNull(messages, "messages");
        environment = Map.copyOf(environment);
    }

    /** Writes a text of the bundle as a line. */
    public void say(String key, Object... arguments) {
        out.println(messages.text(key, arguments));
        out.flush();
    }

    /** Returns a failure whose two lines are {@code KEY} and {@code KEY.next} of the bundle. */
    public Failure failure(int exitCode, String key, Object... arguments) {
        return new Failure(
                exitCode, messages.text(key, arguments), messages.text(key + ".next", arguments));
    }

    /** Writes a failure: cause, details, next step. */
    public void show(Failure failure) {
        err.println(messages.text("failure.cause", failure.getMessage()));
        failure.details().forEach(line -> err.println("  " + line));
        if (!failure.next().isEmpty()) {
            err.println(messages.text("failure.next", failure.next()));
        }
        err.flush();
    }
}
