package io.understudy.cli.node;

import io.understudy.cli.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code understudy node clear}: ends what a member that was killed left on this host. */
@Command(name = "clear")
public final class ClearCommand implements Callable<Integer> {

    private final Console console;

    @Option(names = "--config", required = true, paramLabel = "FILE")
    private Path config;

    @Option(names = "--data", paramLabel = "DIR")
    private Path data;

    /**
     * @param console where it tells how it goes
     */
    public ClearCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return new Launcher(console, Distribution.find(console)).clear(config, data);
    }
}
