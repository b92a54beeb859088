package io.understudy.cli.show;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.core.view.EventView;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code understudy events}: the cluster's event log. */
@Command(name = "events")
public final class EventsCommand implements Callable<Integer> {

    private static final int PAGE = 200;
    private static final int WAIT_SECONDS = 10;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** One event a line: programs that read along want it so. */
    private static final ObjectMapper LINES = new ObjectMapper();

    private final Console console;

    @Mixin private NodeOptions node;

    @Option(names = "--follow")
    private boolean follow;

    @Option(names = "--after", paramLabel = "N")
    private Long after;

    /**
     * @param console where it tells how it goes
     */
    public EventsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        NodeClient client = node.client(console);
        String from = after == null ? "" : "after=" + after + "&";
        long last = show(client, client.get("/api/v1/events?" + from + "limit=" + PAGE), 0);
        while (follow && !Thread.currentThread().isInterrupted()) {
            last = next(client, last);
        }
        return ExitCode.DONE;
    }

    /** Goes on through restarts and failovers of the node that is asked. */
    private long next(NodeClient client, long last) {
        try {
            return show(
                    client,
                    client.get(
                            "/api/v1/events?after="
                                    + last
                                    + "&limit="
                                    + PAGE
                                    + "&wait="
                                    + WAIT_SECONDS),
                    last);
        } catch (Failure e) {
            if (e.exitCode() != ExitCode.UNREACHABLE) {
                throw e;
            }
            LockSupport.parkNanos(RETRY_NANOS);
            return last;
        }
    }

    private long show(NodeClient client, JsonNode answer, long before) {
        long last = before;
        for (JsonNode one : answer.isArray() ? answer : answer.path("events")) {
            EventView event = client.as(one, EventView.class);
            last = Math.max(last, event.number());
            console.out().println(node.json() ? compact(one) : EventLine.of(event, console));
        }
        console.out().flush();
        return last;
    }

    private static String compact(JsonNode event) {
        try {
            return LINES.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("read as JSON and not writable as JSON", e);
        }
    }
}
