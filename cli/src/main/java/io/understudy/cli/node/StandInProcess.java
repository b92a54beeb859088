package io.understudy.cli.node;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs a stand-in in the foreground. It keeps nothing: it needs no data directory, and the living
 * member beside which it stands keeps its own.
 */
final class StandInProcess {

    private static final System.Logger LOG = System.getLogger(StandInProcess.class.getName());
    private static final long POLITE_SECONDS = 12;

    private final Console console;
    private final Distribution distribution;

    StandInProcess(Console console, Distribution distribution) {
        this.console = console;
        this.distribution = distribution;
    }

    /**
     * Returns when it has left: by itself, or by a signal.
     *
     * @param file the node file of the living member on this host
     */
    int run(Path file) {
        NodeSetup setup = NodeSetup.read(file, null, console);
        Path temporary = null;
        try {
            temporary = Files.createTempDirectory("understudy-stand-in-");
            Process process = start(setup, temporary);
            int status = await(process, setup, temporary);
            if (status != 0) {
                throw console.failure(
                        ExitCode.FAILED, "stand-in.failed", setup.node().name(), status);
            }
            console.say("stand-in.left");
            return ExitCode.DONE;
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "node.failed", "stand-in", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        } finally {
            if (temporary != null) {
                remove(temporary);
            }
        }
    }

    private int await(Process process, NodeSetup setup, Path temporary)
            throws InterruptedException {
        Thread hook = new Thread(() -> stop(process, temporary), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        console.say("stand-in.started", setup.node().name(), process.pid());
        int status = process.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // A signal ends this process: the hook halts it.
            hook.join();
        }
        return status;
    }

    private Process start(NodeSetup setup, Path temporary) throws IOException {
        List<String> command = new ServerCommand(setup, distribution).standIn(temporary);
        return new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Runs in the hook of SIGTERM and SIGINT; its seat goes back in good order if it has time. */
    private void stop(Process process, Path temporary) {
        process.destroy();
        try {
            if (!process.waitFor(POLITE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        remove(temporary);
        console.say("stand-in.left");
        // Without this the exit status would be that of the signal, 143, for an orderly stop.
        Runtime.getRuntime().halt(ExitCode.DONE);
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot remove " + directory, e);
        }
    }
}
