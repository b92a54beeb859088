package io.understudy.cli;

import io.understudy.cli.text.Messages;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs the command as a user does and keeps what it writes. */
public final class Terminal {

    private final Map<String, String> environment;
    private final Locale locale;
    private ByteArrayOutputStream out;
    private ByteArrayOutputStream err;

    /** A terminal of a user with this environment and language. */
    public Terminal(Map<String, String> environment, Locale locale) {
        this.environment = environment;
        this.locale = locale;
    }

    /** Runs the command; returns its exit code. */
    public int run(String... arguments) {
        return Main.run(arguments, console());
    }

    /** Returns a console that writes here. */
    public Console console() {
        out = new ByteArrayOutputStream();
        err = new ByteArrayOutputStream();
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Messages.of(locale),
                environment,
                false);
    }

    /** Returns what was written to standard output. */
    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Returns what was written to standard error. */
    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Returns the lines of standard error. */
    public List<String> errors() {
        return err().lines().toList();
    }
}
