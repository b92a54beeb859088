package io.understudy.cli.help;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code understudy manual}: the manual page, as source for man(1). */
@Command(name = "manual")
public final class ManualCommand implements Callable<Integer> {

    private final Console console;

    @Spec private CommandSpec spec;

    /**
     * @param console where the page goes
     */
    public ManualCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ManualPage.lines(spec.root().commandLine(), console.messages())
                .forEach(console.out()::println);
        console.out().flush();
        return ExitCode.DONE;
    }
}
