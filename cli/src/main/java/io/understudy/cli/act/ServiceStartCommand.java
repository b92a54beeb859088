package io.understudy.cli.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.remote.NodeOptions;
import io.understudy.cli.remote.RestPath;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code understudy service start}: starts one service by hand where its instance is served. */
@Command(name = "start")
public final class ServiceStartCommand implements Callable<Integer> {

    private final Console console;

    @Mixin private NodeOptions node;

    @Parameters(index = "0", paramLabel = "INSTANCE", descriptionKey = "INSTANCE")
    private String instance;

    @Parameters(index = "1", paramLabel = "SERVICE", descriptionKey = "SERVICE")
    private String service;

    /**
     * @param console where it tells how it goes
     */
    public ServiceStartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String path = RestPath.ofService(instance, service) + "/start";
        JsonNode answer = node.client(console).post(path, Map.of());
        if (node.json()) {
            console.out().println(answer.toPrettyString());
            console.out().flush();
        } else {
            console.say("service.start.begun", service, instance);
        }
        return ExitCode.DONE;
    }
}
