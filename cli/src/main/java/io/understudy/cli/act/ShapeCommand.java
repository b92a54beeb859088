package io.understudy.cli.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.remote.RestPath;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Changes which nodes a group has, and shows what changed. */
abstract class ShapeCommand extends ChangeCommand {

    @Parameters(index = "0", paramLabel = "GROUP", descriptionKey = "GROUP")
    private String group;

    ShapeCommand(Console console, String action) {
        super(console, action);
    }

    @Override
    final String path() {
        return RestPath.ofGroup(group);
    }

    @Override
    final void tell(JsonNode answer) {
        answer.path("differences").forEach(line -> console.out().println("  " + line.asText()));
        console.out().flush();
        List<String> nodes = new ArrayList<>();
        answer.path("nodes").forEach(n -> nodes.add(n.asText()));
        console.say(
                action + ".done", group, String.join(", ", nodes), answer.path("version").asText());
    }
}
