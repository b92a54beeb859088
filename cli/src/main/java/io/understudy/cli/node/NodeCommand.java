package io.understudy.cli.node;

import io.understudy.cli.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code understudy node}: runs one node in the foreground. */
@Command(name = "node", synopsisSubcommandLabel = "[COMMAND]")
public final class NodeCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    private final Console console;

    // Needed to run a node, not by the subcommands; picocli would ask for it there too.
    @Option(names = "--config", paramLabel = "FILE")
    private Path config;

    @Option(names = "--data", paramLabel = "DIR")
    private Path data;

    @Option(names = "--hand-over")
    private boolean handOver;

    @Option(names = "--server", paramLabel = "DIR")
    private Path server;

    @Option(names = "--recover")
    private boolean recover;

    @Option(names = "--of-demo", hidden = true)
    private boolean ofDemo;

    /**
     * @param console where it tells how it goes
     */
    public NodeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (config == null) {
            throw new CommandLine.MissingParameterException(
                    spec.commandLine(), spec.findOption("--config"), "--config");
        }
        return new Launcher(console, Distribution.find(console))
                .runNode(config, data, new Launcher.Manner(handOver, ofDemo, recover), server);
    }
}
