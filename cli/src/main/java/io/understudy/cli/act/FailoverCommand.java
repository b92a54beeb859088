package io.understudy.cli.act;

import io.understudy.cli.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code understudy failover}: the other node takes over, whatever became of the active one. */
@Command(name = "failover")
public final class FailoverCommand extends ActionCommand {

    @Option(names = "--accept-loss")
    private boolean acceptLoss;

    /**
     * @param console where it tells how it goes
     */
    public FailoverCommand(Console console) {
        super(console, "failover");
    }

    @Override
    boolean acceptsLoss() {
        return acceptLoss;
    }
}
