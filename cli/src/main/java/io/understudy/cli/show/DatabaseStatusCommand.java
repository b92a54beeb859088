package io.understudy.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.core.view.ClusterView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code understudy db status}: the databases of all instances and their copies. */
@Command(name = "status")
public final class DatabaseStatusCommand implements Callable<Integer> {

    private final Console console;

    @Mixin private NodeOptions node;

    /**
     * @param console where it shows
     */
    public DatabaseStatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        NodeClient client = node.client(console);
        JsonNode answer = client.get("/api/v1/cluster");
        ClusterView view = client.as(answer, ClusterView.class);
        if (node.json()) {
            console.out().println(databases(answer).toPrettyString());
        } else {
            view.groups().forEach(group -> group.instances().forEach(this::show));
        }
        console.out().flush();
        return ExitCode.DONE;
    }

    private static ArrayNode databases(JsonNode cluster) {
        ArrayNode list = NodeClient.JSON.createArrayNode();
        for (JsonNode group : cluster.path("groups")) {
            for (JsonNode instance : group.path("instances")) {
                ObjectNode one = list.addObject();
                one.set("instance", instance.path("name"));
                one.set("databases", instance.path("databases"));
            }
        }
        return list;
    }

    private void show(ClusterView.Instance instance) {
        Words words = new Words(console.messages());
        Style style = Style.of(console);
        console.out().println(style.strong(words.text("db.instance", instance.name())));
        if (instance.databases().isEmpty()) {
            console.out().println("    " + words.text("db.none"));
        }
        DatabaseTable.lines(instance.databases(), words, style).forEach(console.out()::println);
        for (ClusterView.Database database : instance.databases()) {
            if (database.position() != null && !database.position().isEmpty()) {
                console.out()
                        .println(
                                style.faint(
                                        "    "
                                                + words.text(
                                                        "db.position",
                                                        database.name(),
                                                        database.node(),
                                                        database.position())));
            }
        }
    }
}
