package io.understudy.cli.act;

import io.understudy.cli.Console;
import picocli.CommandLine.Command;

/** {@code understudy fallback}: brings the instance home. */
@Command(name = "fallback")
public final class FallbackCommand extends ActionCommand {

    /**
     * @param console where it tells how it goes
     */
    public FallbackCommand(Console console) {
        super(console, "fallback");
    }
}
