package io.understudy.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeClient;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.cli.remote.RestPath;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code understudy log}: the end of a service's log on a node. */
@Command(name = "log")
public final class LogCommand implements Callable<Integer> {

    private static final int MOST = 1000;
    private static final long PAUSE_MILLIS = 500;

    private final Console console;

    @Mixin private NodeOptions node;

    @Option(names = "--follow")
    private boolean follow;

    @Option(names = "--lines", paramLabel = "N")
    private Integer lines;

    @Parameters(index = "0", paramLabel = "INSTANCE", descriptionKey = "INSTANCE")
    private String instance;

    @Parameters(index = "1", paramLabel = "SERVICE", descriptionKey = "SERVICE")
    private String service;

    /**
     * @param console where it tells how it goes
     */
    public LogCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        int wanted = lines == null ? 50 : lines;
        if (wanted < 1 || wanted > MOST) {
            throw console.failure(ExitCode.USAGE, "log.bad-lines", lines, MOST);
        }
        NodeClient client = node.client(console);
        String path = RestPath.ofService(instance, service) + "/log";
        long next = show(client.get(path + "?lines=" + wanted));
        while (follow && !Thread.currentThread().isInterrupted()) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            next = show(client.get(path + "?from=" + next));
        }
        return ExitCode.DONE;
    }

    private long show(JsonNode answer) {
        if (node.json()) {
            console.out().println(answer.toPrettyString());
        } else {
            console.out().print(answer.path("text").asText());
        }
        console.out().flush();
        return answer.path("next").asLong();
    }
}
