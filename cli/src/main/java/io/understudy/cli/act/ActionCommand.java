package io.understudy.cli.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Failure;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.cli.remote.RestPath;
import io.understudy.cli.text.Durations;
import io.understudy.core.view.OperationView;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a node to do something with an instance, and waits for it if told to. */
public class ActionCommand implements Callable<Integer> {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration USUAL_WAIT = Duration.ofSeconds(60);

    private final Console console;
    private final String action;

    @Mixin private NodeOptions node;

    @Parameters(index = "0", paramLabel = "INSTANCE", descriptionKey = "INSTANCE")
    private String instance;

    @Option(names = "--wait", paramLabel = "DURATION")
    private String wait;

    @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "")
    private String comment;

    /**
     * @param console where it tells how it goes
     * @param action the last part of the address in REST
     */
    public ActionCommand(Console console, String action) {
        this.console = console;
        this.action = action;
    }

    /** Returns whether the operator accepts that acknowledged writes are lost. */
    boolean acceptsLoss() {
        return false;
    }

    @Override
    public Integer call() {
        Duration limit = waitLimit();
        NodeClient client = node.client(console);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("acceptLoss", acceptsLoss());
        body.put("comment", comment);
        JsonNode answer = client.post(RestPath.ofInstance(instance) + "/" + action, body);
        OperationView operation = client.as(answer, OperationView.class);
        long began = System.nanoTime();
        long end = began + limit.toNanos();
        while (operation.state().equals("RUNNING") && end - System.nanoTime() > 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            answer = look(client, operation, answer, end);
            operation = client.as(answer, OperationView.class);
        }
        return conclude(operation, answer, Duration.ofNanos(System.nanoTime() - began));
    }

    private Duration waitLimit() {
        try {
            return wait == null ? USUAL_WAIT : Durations.parse(wait);
        } catch (IllegalArgumentException e) {
            throw console.failure(ExitCode.USAGE, "act.bad-wait", wait);
        }
    }

    /** The node that is asked may itself change places or restart meanwhile: ask again. */
    private JsonNode look(NodeClient client, OperationView operation, JsonNode last, long end) {
        try {
            return client.get(RestPath.ofOperation(operation.id()));
        } catch (Failure e) {
            if (e.exitCode() == ExitCode.UNREACHABLE && end - System.nanoTime() > 0) {
                return last;
            }
            throw e;
        }
    }

    private int conclude(OperationView operation, JsonNode answer, Duration took) {
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            console.out().flush();
        }
        return switch (operation.state()) {
            case "DONE" -> {
                if (!node.json()) {
                    console.say("act.done", operation.message(), Durations.show(took.toMillis()));
                }
                yield ExitCode.DONE;
            }
            case "RUNNING" -> {
                if (!node.json()) {
                    console.say("act.running", operation.message(), operation.id());
                }
                yield ExitCode.IN_PROGRESS;
            }
            default ->
                    throw new Failure(
                            ExitCode.FAILED,
                            operation.message()
                                    + (operation.code() == null
                                            ? ""
                                            : " [" + operation.code() + "]"),
                            operation.next() == null ? "" : operation.next());
        };
    }
}
