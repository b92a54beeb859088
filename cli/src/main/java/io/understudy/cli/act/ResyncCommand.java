package io.understudy.cli.act;

import io.understudy.cli.Console;
import picocli.CommandLine.Command;

/** {@code understudy db resync}: the standby's copy of the databases is made anew. */
@Command(name = "resync")
public final class ResyncCommand extends ActionCommand {

    /**
     * @param console where it tells how it goes
     */
    public ResyncCommand(Console console) {
        super(console, "resync");
    }
}
