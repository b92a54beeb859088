package io.understudy.cli.node;

import io.understudy.cli.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code understudy stand-in}: takes the seat of a voter that is missing at a cold start. */
@Command(name = "stand-in")
public final class StandInCommand implements Callable<Integer> {

    private final Console console;

    @Option(names = "--config", required = true, paramLabel = "FILE")
    private Path config;

    /**
     * @param console where it tells how it goes
     */
    public StandInCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return new StandInProcess(console, Distribution.find(console)).run(config);
    }
}
