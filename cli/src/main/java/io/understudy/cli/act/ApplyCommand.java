package io.understudy.cli.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code understudy apply}: makes the groups as a file says, and shows the difference first. */
@Command(name = "apply")
public final class ApplyCommand implements Callable<Integer> {

    private static final String ADDRESS = "/api/v1/configuration?dryRun=";

    private final Console console;

    @Mixin private NodeOptions node;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE")
    private Path file;

    @Option(names = "--dry-run")
    private boolean dryRun;

    /**
     * @param console where it tells how it goes
     */
    public ApplyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String document;
        try {
            document = Files.readString(file);
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "apply.unreadable", file);
        }
        NodeClient client = node.client(console);
        JsonNode difference = client.put(ADDRESS + true, document, "*");
        if (!node.json()) {
            show(difference);
        }
        if (dryRun || changes(difference).isEmpty()) {
            return conclude(difference, dryRun ? "apply.dry-run" : "apply.nothing");
        }
        // What was shown is what is applied: if another came in between, the node says what.
        String condition = "\"" + difference.path("version").asText() + "\"";
        JsonNode answer = client.put(ADDRESS + false, document, condition);
        return conclude(answer, "apply.done");
    }

    private int conclude(JsonNode answer, String key) {
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            console.out().flush();
        } else {
            console.say(key, answer.path("version").asText());
        }
        return ExitCode.DONE;
    }

    private void show(JsonNode difference) {
        changes(difference).forEach(line -> console.out().println("  " + line.asText()));
        console.out().flush();
    }

    private static JsonNode changes(JsonNode answer) {
        return answer.has("differences") ? answer.get("differences") : answer.path("changes");
    }
}
