package io.understudy.cli.act;

import io.understudy.cli.Console;
import picocli.CommandLine.Command;

/** {@code understudy recover}: tries again after a failure on both nodes. */
@Command(name = "recover")
public final class RecoverCommand extends ActionCommand {

    /**
     * @param console where it tells how it goes
     */
    public RecoverCommand(Console console) {
        super(console, "recover");
    }
}
