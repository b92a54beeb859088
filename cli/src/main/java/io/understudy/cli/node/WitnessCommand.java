package io.understudy.cli.node;

import io.understudy.cli.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code understudy witness}: runs a witness in the foreground. */
@Command(name = "witness")
public final class WitnessCommand implements Callable<Integer> {

    private final Console console;

    @Option(names = "--config", required = true, paramLabel = "FILE")
    private Path config;

    @Option(names = "--data", paramLabel = "DIR")
    private Path data;

    @Option(names = "--recover")
    private boolean recover;

    @Option(names = "--of-demo", hidden = true)
    private boolean ofDemo;

    /**
     * @param console where it tells how it goes
     */
    public WitnessCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return new Launcher(console, Distribution.find(console))
                .runWitness(config, data, new Launcher.Manner(false, ofDemo, recover));
    }
}
