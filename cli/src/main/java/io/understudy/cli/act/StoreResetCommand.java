package io.understudy.cli.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.cli.text.Durations;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code understudy store reset}: says what will happen, asks, and lets the members do it. */
@Command(name = "reset")
public final class StoreResetCommand implements Callable<Integer> {

    private final Console console;
    private final Confirmation confirmation;

    @Mixin private NodeOptions node;

    @Option(names = "--yes")
    private boolean yes;

    /**
     * @param console where it tells how it goes
     */
    public StoreResetCommand(Console console) {
        this.console = console;
        this.confirmation = new Confirmation(console);
    }

    @Override
    public Integer call() {
        NodeClient client = node.client(console);
        if (!node.json()) {
            console.say("store.reset.what");
        }
        confirmation.require(yes, "store.reset");
        long began = System.nanoTime();
        JsonNode answer = client.post("/api/v1/store/reset", Map.of());
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            console.out().flush();
        } else {
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            console.say("store.reset.done", Durations.show(took));
        }
        return ExitCode.DONE;
    }
}
