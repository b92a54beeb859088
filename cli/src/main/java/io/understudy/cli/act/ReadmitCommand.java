package io.understudy.cli.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.cli.remote.RestPath;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code understudy readmit}: lets a node's voter vote again after a file of it was damaged. */
@Command(name = "readmit")
public final class ReadmitCommand implements Callable<Integer> {

    private final Console console;

    @Mixin private NodeOptions node;

    @Parameters(index = "0", paramLabel = "INSTANCE", descriptionKey = "INSTANCE")
    private String instance;

    /**
     * @param console where it tells how it goes
     */
    public ReadmitCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        NodeClient client = node.client(console);
        JsonNode answer = client.post(RestPath.ofInstance(instance) + "/readmit", Map.of());
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            console.out().flush();
        } else {
            console.say("readmit.done", instance);
        }
        return ExitCode.DONE;
    }
}
