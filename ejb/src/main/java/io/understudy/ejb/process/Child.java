package io.understudy.ejb.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A process that this node started. Safe for use by several threads. */
public final class Child {

    private static final int OUTPUT_LIMIT = 64 * 1024;

    private final String name;
    private final Process process;
    private final ProcessIdentity identity;
    private final CompletableFuture<Integer> ended;

    Child(String name, Process process, ProcessIdentity identity) {
        this.name = name;
        this.process = process;
        this.identity = identity;
        this.ended = process.onExit().thenApply(Process::exitValue);
    }

    /** Returns the name it was launched under. */
    public String name() {
        return name;
    }

    /** Returns its process number. */
    public long pid() {
        return identity.pid();
    }

    /** Returns number and start time. */
    public ProcessIdentity identity() {
        return identity;
    }

    /** Returns whether it runs; a zombie does not. */
    public boolean alive() {
        return process.isAlive() && identity.alive();
    }

    /** Returns whether it has ended and its exit status is known; moments after its death. */
    public boolean hasEnded() {
        return !process.isAlive();
    }

    /** Completes with the exit status (128 + signal for a killed one) when the process ends. */
    public CompletionStage<Integer> ended() {
        return ended.minimalCompletionStage();
    }

    /**
     * Returns the exit status.
     *
     * @throws IllegalThreadStateException if it still runs
     */
    public int exitStatus() {
        return process.exitValue();
    }

    /**
     * Waits for its end.
     *
     * @return whether it ended within {@code limit}
     */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
    }

    /**
     * Returns what it wrote, of a child begun with {@link Spawner#begin}; call it once, after its
     * end.
     *
     * @throws IllegalStateException while it runs
     */
    public String output() throws IOException {
        if (!hasEnded()) {
            throw new IllegalStateException(this + " has not ended");
        }
        try (var in = process.getInputStream()) {
            return new String(in.readNBytes(OUTPUT_LIMIT), StandardCharsets.UTF_8);
        }
    }

    /** Sends a signal by name, without SIG. */
    public void signal(String signal) throws IOException, InterruptedException {
        Signals.send(identity, signal);
    }

    /**
     * Ends it: SIGTERM, and when {@code limit} passes SIGKILL to it and all it started. Whatever it
     * left behind after ending by itself is killed too if it was seen as its descendant before.
     */
    public void end(Duration limit) throws InterruptedException {
        ProcessIdentity[] others = descendants();
        Signals.terminate(identity);
        if (!awaitEnd(limit)) {
            kill();
        }
        for (ProcessIdentity other : others) {
            if (other.alive()) {
                ProcessTree.kill(other);
            }
        }
    }

    /**
     * Sends SIGKILL to it and all it started and waits until they are gone or doomed, at most 3
     * seconds.
     */
    public void kill() throws InterruptedException {
        if (ProcessTree.kill(identity) || !identity.doomed()) {
            awaitEnd(Duration.ofSeconds(2));
        }
    }

    /** Returns whether it runs or will run again: neither ended nor {@link #doomed}. */
    public boolean canAct() {
        return alive() && !doomed();
    }

    /** Returns whether it has been killed and hangs in the kernel, never to run again. */
    public boolean doomed() {
        return identity.doomed();
    }

    private ProcessIdentity[] descendants() {
        return process.descendants()
                .flatMap(handle -> ProcessIdentity.of(handle.pid()).stream())
                .toArray(ProcessIdentity[]::new);
    }

    @Override
    public String toString() {
        return name + " (process " + pid() + ")";
    }
}
