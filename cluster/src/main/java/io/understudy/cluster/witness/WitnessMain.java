package io.understudy.cluster.witness;

import io.understudy.core.config.NodeConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The witness as a process: {@code --config FILE [--data DIR]}. Prints {@code READY witness NAME}
 * when it is up, runs until SIGTERM or SIGINT, and leaves in good order. Exit codes: 0 or 143
 * stopped, 1 cannot start or ended by itself, 2 wrong usage. Small enough for {@code -Xmx64m
 * -XX:+UseSerialGC -XX:TieredStopAtLevel=1}.
 */
public final class WitnessMain {

    private WitnessMain() {}

    /** Runs the witness. */
    public static void main(String[] args) {
        CommandLine line = CommandLine.of(args);
        NodeConfiguration node = line.node();
        if (node.role() != NodeConfiguration.Role.WITNESS) {
            throw CommandLine.fail("node.role is not witness: start " + node.name() + " as a node");
        }
        try {
            Files.createDirectories(line.data());
            run(node, Witness.start(node, line.data(), line.secret()));
        } catch (IOException | RuntimeException e) {
            throw CommandLine.fail(
                    "The witness " + node.name() + " cannot start: " + e.getMessage());
        }
    }

    private static void run(NodeConfiguration node, Witness witness) {
        AtomicBoolean stopping = new AtomicBoolean();
        Runnable stop =
                () -> {
                    stopping.set(true);
                    witness.close();
                };
        Runtime.getRuntime().addShutdownHook(new Thread(stop, "understudy-stop"));
        System.out.println("READY witness " + node.name());
        try {
            witness.awaitEnd();
            if (!stopping.get()) {
                throw CommandLine.fail(
                        "The witness " + node.name() + " ended by itself: see its log.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
