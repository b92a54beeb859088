package io.understudy.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.core.view.InfoView;
import io.understudy.core.view.SavedInfos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Shows what a node says of itself; if it is down, what it saved last in its data directory. The
 * exit code is that of success either way: scripts read {@code running} in the machine form.
 */
abstract class InfoCommand implements Callable<Integer> {

    private final Console console;
    private final String path;

    @Mixin private NodeOptions node;

    @Option(names = "--data", paramLabel = "DIR")
    private Path data;

    InfoCommand(Console console, String path) {
        this.console = console;
        this.path = path;
    }

    /** Returns what of the saved state this command shows; null if it was never saved. */
    abstract InfoView of(SavedInfos saved);

    @Override
    public Integer call() {
        if (data != null) {
            show(saved(List.of(data)).orElseThrow(() -> nothingSaved(data)), false);
            return ExitCode.DONE;
        }
        try {
            NodeClient client = node.client(console);
            JsonNode answer = client.get("/api/v1/node/" + path);
            show(client.as(answer, InfoView.class), true);
        } catch (Failure e) {
            if (e.exitCode() != ExitCode.UNREACHABLE) {
                throw e;
            }
            show(saved(node.dataDirectories(console)).orElseThrow(() -> e), false);
        }
        return ExitCode.DONE;
    }

    private Failure nothingSaved(Path directory) {
        return console.failure(ExitCode.FAILED, "info.nothing-saved", directory);
    }

    private Optional<InfoView> saved(List<Path> directories) {
        for (Path directory : directories) {
            Path file = directory.resolve(SavedInfos.FILE);
            if (Files.isReadable(file)) {
                try {
                    SavedInfos saved = NodeClient.JSON.readValue(file.toFile(), SavedInfos.class);
                    Optional<InfoView> view = Optional.ofNullable(of(saved));
                    if (view.isPresent()) {
                        return view;
                    }
                } catch (IOException e) {
                    throw console.failure(ExitCode.FAILED, "info.damaged", file);
                }
            }
        }
        return Optional.empty();
    }

    private void show(InfoView info, boolean running) {
        if (node.json()) {
            ObjectNode json = NodeClient.JSON.valueToTree(info);
            json.put("running", running);
            console.out().println(json.toPrettyString());
        } else {
            InfoScreen.lines(info, running, console).forEach(console.out()::println);
        }
        console.out().flush();
    }
}
