package io.understudy.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.core.view.ClusterView;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code understudy status}: the whole state on one page. */
@Command(name = "status")
public final class StatusCommand implements Callable<Integer> {

    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Console console;

    @Mixin private NodeOptions node;

    @Option(names = "--watch")
    private boolean watch;

    @Option(names = "--services")
    private boolean services;

    /**
     * @param console where it shows
     */
    public StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        NodeClient client = node.client(console);
        if (!watch) {
            show(client);
            return ExitCode.DONE;
        }
        Page page = new Page(console);
        page.clear();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                page.draw(StatusScreen.lines(view(client, answer(client)), console, services));
            } catch (Failure e) {
                page.draw(List.of(e.getMessage(), e.next()));
            }
            LockSupport.parkNanos(EVERY_NANOS);
        }
        return ExitCode.DONE;
    }

    private void show(NodeClient client) {
        JsonNode answer = answer(client);
        if (node.json()) {
            console.out().println(answer.toPrettyString());
        } else {
            StatusScreen.lines(view(client, answer), console, services)
                    .forEach(console.out()::println);
        }
        console.out().flush();
    }

    private static JsonNode answer(NodeClient client) {
        return client.get("/api/v1/cluster");
    }

    private static ClusterView view(NodeClient client, JsonNode answer) {
        return client.as(answer, ClusterView.class);
    }
}
