package io.understudy.cli.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Changes which nodes a group has, and shows what changed. */
abstract class ShapeCommand implements Callable<Integer> {

    final Console console;
    private final String action;

    @Mixin NodeOptions node;

    @Parameters(index = "0", paramLabel = "GROUP", descriptionKey = "GROUP")
    private String group;

    /**
     * @param action the last part of the address in REST, and of the text's key
     */
    ShapeCommand(Console console, String action) {
        this.console = console;
        this.action = action;
    }

    /** Returns what is asked for. */
    abstract Map<String, Object> body();

    @Override
    public Integer call() {
        NodeClient client = node.client(console);
        String encoded = URLEncoder.encode(group, StandardCharsets.UTF_8).replace("+", "%20");
        JsonNode answer = client.post("/api/v1/groups/" + encoded + "/" + action, body());
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            console.out().flush();
            return ExitCode.DONE;
        }
        answer.path("differences").forEach(line -> console.out().println("  " + line.asText()));
        console.out().flush();
        StringBuilder nodes = new StringBuilder();
        answer.path("nodes")
                .forEach(n -> nodes.append(nodes.length() > 0 ? ", " : "").append(n.asText()));
        console.say(action + ".done", group, nodes, answer.path("version").asText());
        return ExitCode.DONE;
    }
}
