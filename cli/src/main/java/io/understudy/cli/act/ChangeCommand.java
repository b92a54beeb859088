package io.understudy.cli.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeOptions;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** Changes something that has a name by one request, and shows what the answer says. */
abstract class ChangeCommand implements Callable<Integer> {

    final Console console;
    final String action;

    @Mixin private NodeOptions node;

    /**
     * @param action the last part of the address in REST, and of the text's key
     */
    ChangeCommand(Console console, String action) {
        this.console = console;
        this.action = action;
    }

    /** Returns the path in REST of what is changed. */
    abstract String path();

    /** Returns what is asked for. */
    abstract Map<String, Object> body();

    /** Tells a person what changed. */
    abstract void tell(JsonNode answer);

    @Override
    public final Integer call() {
        JsonNode answer = node.client(console).post(path() + "/" + action, body());
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            console.out().flush();
        } else {
            tell(answer);
        }
        return ExitCode.DONE;
    }
}
