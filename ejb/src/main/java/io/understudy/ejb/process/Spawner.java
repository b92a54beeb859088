package io.understudy.ejb.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Starts processes. All of them are forked by one thread that lives as long as this object: the
 * kernel ties the parent-death signal to the forking thread, not to the process. Where {@code
 * setpriv} exists a child is killed by the kernel when this node's process dies, and can run under
 * another account.
 */
public final class Spawner implements AutoCloseable {

    private static final Pattern SECRETIVE =
            Pattern.compile("SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PRIVATE_KEY");
    private static final Set<String> PLAIN = Set.of("PATH", "LANG", "LC_ALL", "TZ");
    private static final int OUTPUT_LIMIT = 64 * 1024;

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    task -> {
                        Thread spawn = new Thread(task, "understudy-spawn");
                        spawn.setDaemon(true);
                        return spawn;
                    });
    private final boolean setpriv;

    /** Starts the forking thread; {@link #close()} ends it, and with it all children. */
    public Spawner() {
        this.setpriv =
                Files.isExecutable(Path.of("/usr/bin/setpriv"))
                        || Files.isExecutable(Path.of("/bin/setpriv"));
    }

    /** Returns whether the kernel ends children when this node's process dies. */
    public boolean endsWithParent() {
        return setpriv;
    }

    /**
     * Starts a process in the foreground, input empty, output appended to the launch's log.
     *
     * @throws IOException if it cannot be started: cause, object, next step
     */
    public Child start(Launch launch) throws IOException, InterruptedException {
        prepareLog(launch.log());
        ProcessBuilder builder = builder(launch);
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
        return fork(launch.name(), builder);
    }

    /**
     * Starts a short command that writes a little (at most 64 KiB) and returns at once, without a
     * file: its output waits in a pipe. For commands that may hang where even SIGKILL does not
     * reach them.
     *
     * @throws IOException if it cannot be started
     */
    public Child begin(Launch launch) throws IOException, InterruptedException {
        ProcessBuilder builder = builder(launch);
        builder.redirectInput(Path.of("/dev/null").toFile());
        return fork(launch.name(), builder);
    }

    /**
     * Runs a short command to its end; when {@code limit} passes it is killed with all it started.
     * The launch's log is not used.
     *
     * @param input what it reads from its standard input
     * @throws IOException if it cannot be started
     */
    public CommandResult run(Launch launch, String input, Duration limit)
            throws IOException, InterruptedException {
        Path output =
                Files.createTempFile(
                        "understudy-",
                        ".out",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try {
            ProcessBuilder builder = builder(launch);
            builder.redirectOutput(output.toFile());
            Process[] started = new Process[1];
            Child child = fork(launch.name(), builder, started);
            feed(started[0], input);
            boolean timedOut = true;
            try {
                timedOut = !child.awaitEnd(limit);
            } finally {
                // Also where who waits is interrupted: nobody else would end it.
                if (timedOut) {
                    child.kill();
                }
            }
            int status = child.alive() ? -1 : child.exitStatus();
            return new CommandResult(status, timedOut, head(output));
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** Ends the forking thread; children with a parent-death signal end with it. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    private Child fork(String name, ProcessBuilder builder)
            throws IOException, InterruptedException {
        return fork(name, builder, new Process[1]);
    }

    private Child fork(String name, ProcessBuilder builder, Process[] started)
            throws IOException, InterruptedException {
        CompletableFuture<Process> start = new CompletableFuture<>();
        try {
            thread.execute(
                    () -> {
                        try {
                            start.complete(builder.start());
                        } catch (IOException | RuntimeException e) {
                            start.completeExceptionally(e);
                        }
                    });
            started[0] = start.get(15, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    "'" + name + "' cannot be started: " + e.getCause().getMessage(), e.getCause());
        } catch (RejectedExecutionException e) {
            throw new IOException("'" + name + "' is not started: this node is stopping", e);
        } catch (InterruptedException e) {
            // Nobody would know of a process that starts after its caller has gone.
            start.thenAccept(Process::destroyForcibly);
            throw e;
        } catch (TimeoutException e) {
            start.thenAccept(Process::destroyForcibly);
            throw new IOException(
                    "'" + name + "' could not be started within 15 s; the host seems overloaded",
                    e);
        }
        Process process = started[0];
        ProcessIdentity identity =
                ProcessIdentity.of(process.pid())
                        .orElseGet(() -> new ProcessIdentity(process.pid(), -1));
        return new Child(name, process, identity);
    }

    private ProcessBuilder builder(Launch launch) throws IOException {
        requireProgram(launch);
        List<String> command = new ArrayList<>();
        if (setpriv) {
            command.add("setpriv");
            launch.account()
                    .ifPresent(
                            account -> {
                                command.add("--reuid=" + account.user());
                                command.add("--regid=" + account.group());
                                command.add("--clear-groups");
                            });
            command.add("--pdeathsig=KILL");
            command.add("--");
        } else if (launch.account().isPresent()) {
            throw new IOException(
                    "'"
                            + launch.name()
                            + "' must run as "
                            + launch.account().get().user()
                            + " and the host has no setpriv (package util-linux); install it or run"
                            + " the node as another user than root");
        }
        command.addAll(launch.command());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(launch.directory().toFile());
        builder.redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(
                        key ->
                                launch.inherit()
                                        ? SECRETIVE.matcher(key.toUpperCase()).find()
                                        : !PLAIN.contains(key));
        environment.putAll(launch.environment());
        return builder;
    }

    /**
     * Looks for the program; setpriv would only say so in the log, after the start seemed to have
     * succeeded.
     *
     * @throws IOException if it is not on this host: its name, and what to do
     */
    public static void requireProgram(Launch launch) throws IOException {
        String program = launch.command().get(0);
        if (program.contains("/")) {
            if (Files.isExecutable(launch.directory().resolve(program))) {
                return;
            }
        } else {
            String path = launch.environment().getOrDefault("PATH", System.getenv("PATH"));
            for (String directory : (path == null ? "/usr/bin:/bin" : path).split(":")) {
                if (Files.isExecutable(Path.of(directory.isEmpty() ? "." : directory, program))) {
                    return;
                }
            }
        }
        throw new IOException(
                "'"
                        + launch.name()
                        + "' cannot be started: there is no program '"
                        + program
                        + "' on this host; install it or correct the command");
    }

    private static void prepareLog(Path log) throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        LogFile.rotate(log);
        if (!Files.exists(log)) {
            Files.createFile(
                    log,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-r-----")));
        }
    }

    private static void feed(Process process, String input) throws IOException {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A command that ends without reading its input says by its status whether that is bad.
            if (process.isAlive()) {
                throw e;
            }
        }
    }

    private static String head(Path output) throws IOException {
        try (var in = Files.newInputStream(output)) {
            return new String(in.readNBytes(OUTPUT_LIMIT), StandardCharsets.UTF_8);
        }
    }
}
