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

/** Changes who takes part in the cluster. */
abstract class MemberCommand implements Callable<Integer> {

    private final Console console;
    private final String action;

    @Mixin private NodeOptions node;

    @Parameters(index = "0", paramLabel = "NAME", descriptionKey = "NAME")
    private String name;

    /**
     * @param action the last part of the address in REST, and of the text's key
     */
    MemberCommand(Console console, String action) {
        this.console = console;
        this.action = action;
    }

    /** Returns what is asked for. */
    abstract Map<String, Object> body();

    @Override
    public Integer call() {
        NodeClient client = node.client(console);
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        JsonNode answer = client.post("/api/v1/members/" + encoded + "/" + action, body());
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            console.out().flush();
            return ExitCode.DONE;
        }
        for (JsonNode group : answer.path("groups")) {
            String keeps = group.path("nodes").path(0).asText();
            console.say("member.alone", group.path("group").asText(), keeps);
        }
        console.say("member." + action, name);
        if (answer.path("removed").asBoolean() && answer.path("votes").asBoolean()) {
            console.say("member.seat", name);
        }
        return ExitCode.DONE;
    }
}
