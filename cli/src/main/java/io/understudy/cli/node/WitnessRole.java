package io.understudy.cli.node;

import io.understudy.cli.Console;
import io.understudy.cli.guard.ProcessId;
import io.understudy.cli.guard.Registry;
import java.io.File;
import java.io.IOException;
import java.time.Duration;

/** The witness as a supervised process. */
final class WitnessRole implements Supervisor.Role {

    private final NodeSetup setup;
    private final Distribution distribution;
    private final DataDirectory data;
    private final Registry registry;
    private final Console console;

    WitnessRole(
            NodeSetup setup,
            Distribution distribution,
            DataDirectory data,
            Registry registry,
            Console console) {
        this.setup = setup;
        this.distribution = distribution;
        this.data = data;
        this.registry = registry;
        this.console = console;
    }

    @Override
    public Process start() throws IOException {
        Output.remove(data.run().resolve("tmp"));
        return new ProcessBuilder(new ServerCommand(setup, distribution).witness(data.run()))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(Output.to(data.logs().resolve("witness.log")))
                .start();
    }

    @Override
    public void started(Process process) {
        ProcessId.of(process.pid()).ifPresent(registry::jvm);
        console.say("witness.started", setup.node().name(), process.pid());
    }

    @Override
    public void ended(int status) {}

    @Override
    public void waiting(int status, Duration wait) {
        console.say(
                "node.restarting",
                setup.node().name(),
                status,
                wait.toSeconds(),
                data.logs().resolve("witness.log"));
    }

    @Override
    public void stop(Process process) {
        console.say("node.stopping", setup.node().name());
    }
}
