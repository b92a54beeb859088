package io.understudy.cli.help;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code understudy completion}: a script with which bash and zsh complete this command. */
@Command(name = "completion")
public final class CompletionCommand implements Callable<Integer> {

    private final Console console;

    @Spec private CommandSpec spec;

    /**
     * @param console where the script goes
     */
    public CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CommandLine whole = spec.root().commandLine();
        console.out().print(AutoComplete.bash(whole.getCommandName(), whole));
        console.out().flush();
        return ExitCode.DONE;
    }
}
