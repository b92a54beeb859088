package io.understudy.cli.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.remote.RestPath;
import picocli.CommandLine.Parameters;

/** Changes who takes part in the cluster. */
abstract class MemberCommand extends ChangeCommand {

    @Parameters(index = "0", paramLabel = "NAME", descriptionKey = "NAME")
    private String name;

    MemberCommand(Console console, String action) {
        super(console, action);
    }

    @Override
    final String path() {
        return RestPath.ofMember(name);
    }

    @Override
    final void tell(JsonNode answer) {
        for (JsonNode group : answer.path("groups")) {
            String keeps = group.path("nodes").path(0).asText();
            console.say("member.alone", group.path("group").asText(), keeps);
        }
        console.say("member." + action, name);
        if (answer.path("removed").asBoolean() && answer.path("votes").asBoolean()) {
            console.say("member.seat", name);
        }
    }
}
