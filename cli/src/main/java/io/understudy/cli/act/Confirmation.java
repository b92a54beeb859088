package io.understudy.cli.act;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import java.util.Locale;

/** An operator's word, given beforehand with {@code --yes} or at the terminal. */
public final class Confirmation {

    private final Console console;

    /**
     * @param console where it asks
     */
    public Confirmation(Console console) {
        this.console = console;
    }

    /**
     * Returns if the operator agrees.
     *
     * @param yes whether the operator agreed beforehand
     * @param key the question is the text {@code KEY.ask}
     * @throws Failure if the operator does not, or cannot be asked because there is no terminal
     */
    public void require(boolean yes, String key) {
        if (yes) {
            return;
        }
        if (!console.terminal() || System.console() == null) {
            throw console.failure(ExitCode.USAGE, "confirm.needs-yes");
        }
        String answer = System.console().readLine("%s ", console.messages().text(key + ".ask"));
        if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).equals("yes")) {
            throw console.failure(ExitCode.FAILED, "confirm.declined");
        }
    }
}
