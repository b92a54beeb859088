package io.understudy.cli.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code understudy release}: ends the maintenance of an instance. */
@Command(name = "release")
public final class ReleaseCommand implements Callable<Integer> {

    private final Console console;

    @Mixin private NodeOptions node;

    @Parameters(index = "0", paramLabel = "INSTANCE", descriptionKey = "INSTANCE")
    private String instance;

    /**
     * @param console where it tells how it goes
     */
    public ReleaseCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        JsonNode answer = node.client(console).delete(HoldCommand.path(instance));
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            console.out().flush();
        } else {
            console.say("release.done", instance);
        }
        return ExitCode.DONE;
    }
}
