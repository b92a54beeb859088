package io.understudy.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.MoveView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code understudy moves}: what failovers, switchovers and fallbacks took, part by part. */
@Command(name = "moves")
public final class MovesCommand implements Callable<Integer> {

    private final Console console;

    @Mixin private NodeOptions node;

    @Parameters(paramLabel = "INSTANCE", arity = "0..1", descriptionKey = "INSTANCE")
    private String instance;

    /**
     * @param console where it shows
     */
    public MovesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        NodeClient client = node.client(console);
        boolean none = true;
        for (String one : instances(client)) {
            JsonNode answer = client.get("/api/v1/instances/" + one + "/moves");
            if (node.json()) {
                console.out().println(answer.toPrettyString());
                none = false;
                continue;
            }
            for (JsonNode move : answer) {
                MoveLines.of(client.as(move, MoveView.class), console)
                        .forEach(console.out()::println);
                none = false;
            }
        }
        if (none) {
            console.say("moves.none");
        }
        console.out().flush();
        return ExitCode.DONE;
    }

    private List<String> instances(NodeClient client) {
        if (instance != null) {
            return List.of(instance);
        }
        List<String> all = new ArrayList<>();
        client.as(client.get("/api/v1/cluster"), ClusterView.class)
                .groups()
                .forEach(g -> g.instances().forEach(i -> all.add(i.name())));
        return all;
    }
}
