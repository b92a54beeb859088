package io.understudy.cli.act;

import io.understudy.cli.Console;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code understudy pair}: gives a group that stands alone its other node. */
@Command(name = "pair")
public final class PairCommand extends ShapeCommand {

    @Parameters(index = "1", paramLabel = "NODE", descriptionKey = "NODE")
    private String joining;

    @Option(names = "--home")
    private boolean home;

    /**
     * @param console where it tells how it goes
     */
    public PairCommand(Console console) {
        super(console, "pair");
    }

    @Override
    Map<String, Object> body() {
        return Map.of("node", joining, "home", home);
    }
}
