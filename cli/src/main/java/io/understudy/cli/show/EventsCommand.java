package io.understudy.cli.show;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import io.understudy.cli.remote.EventStream;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.core.view.EventView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code understudy events}: the cluster's event log. */
@Command(name = "events")
public final class EventsCommand implements Callable<Integer> {

    private static final int MOST = 1000;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Three times what a node lets pass without a sign of life. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    /** One event a line: programs that read along want it so. */
    private static final ObjectMapper LINES = new ObjectMapper();

    private final Console console;

    @Mixin private NodeOptions node;
    @Mixin private EventFilterOptions filter;

    @Option(names = "--follow")
    private boolean follow;

    @Option(names = "--after", paramLabel = "N")
    private Long after;

    @Option(names = "--limit", paramLabel = "N")
    private Integer limit;

    /**
     * @param console where it tells how it goes
     */
    public EventsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        int most = limit == null ? 200 : limit;
        if (most < 1 || most > MOST) {
            throw console.failure(ExitCode.USAGE, "events.bad-limit", limit, MOST);
        }
        String wanted = filter.query(console);
        NodeClient client = node.client(console);
        String from = after == null ? "" : "after=" + after + "&";
        // Asked before the list, so that nothing falls between the list and the stream.
        long last = follow && after == null ? newest(client) : -1;
        JsonNode list = client.get("/api/v1/events?" + from + "limit=" + most + wanted);
        last = Math.max(last, show(client, list));
        while (follow && !Thread.currentThread().isInterrupted()) {
            last = follow(client, wanted, Math.max(last, after == null ? 0 : after));
        }
        return ExitCode.DONE;
    }

    private long newest(NodeClient client) {
        JsonNode list = client.get("/api/v1/events?limit=1");
        return list.isEmpty() ? 0 : list.get(0).path("number").asLong();
    }

    /** Goes on through restarts and failovers of the node that is asked. */
    private long follow(NodeClient client, String wanted, long last) throws InterruptedException {
        long reached = last;
        try (EventStream stream = client.stream("/api/v1/events/stream?after=" + last + wanted)) {
            Optional<String> data = stream.next(SILENCE);
            while (data.isPresent()) {
                JsonNode one = LINES.readTree(data.get());
                reached = Math.max(reached, one.path("number").asLong());
                if (reached > last) {
                    show(client, LINES.createArrayNode().add(one));
                }
                data = stream.next(SILENCE);
            }
        } catch (Failure e) {
            if (e.exitCode() != ExitCode.UNREACHABLE) {
                throw e;
            }
        } catch (JsonProcessingException e) {
            throw console.failure(ExitCode.FAILED, "client.strange", "events/stream");
        }
        LockSupport.parkNanos(RETRY_NANOS);
        return reached;
    }

    private long show(NodeClient client, JsonNode list) {
        long last = 0;
        for (JsonNode one : list) {
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
