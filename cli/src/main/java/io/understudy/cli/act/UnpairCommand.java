package io.understudy.cli.act;

import io.understudy.cli.Console;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code understudy unpair}: one node keeps a group's instances and serves them alone. */
@Command(name = "unpair")
public final class UnpairCommand extends ShapeCommand {

    @Option(names = "--keep", paramLabel = "NODE")
    private String keep;

    /**
     * @param console where it tells how it goes
     */
    public UnpairCommand(Console console) {
        super(console, "unpair");
    }

    @Override
    Map<String, Object> body() {
        return keep == null ? Map.of() : Map.of("keep", keep);
    }
}
