package io.understudy.cli.act;

import io.understudy.cli.Console;
import picocli.CommandLine.Command;

/** {@code understudy switchover}: change places, both nodes being well. */
@Command(name = "switchover")
public final class SwitchoverCommand extends ActionCommand {

    /**
     * @param console where it tells how it goes
     */
    public SwitchoverCommand(Console console) {
        super(console, "switchover");
    }
}
