package io.understudy.ejb.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Sends signals to processes by number, after a look that the number is still theirs. */
public final class Signals {

    private Signals() {}

    /** Sends SIGKILL; does nothing if the process no longer runs. */
    public static void kill(ProcessIdentity process) {
        if (process.alive()) {
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** Sends SIGTERM; does nothing if the process no longer runs. */
    public static void terminate(ProcessIdentity process) {
        if (process.alive()) {
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroy);
        }
    }

    /**
     * Sends any signal. Java itself can only send TERM and KILL; the shell's built-in {@code kill}
     * is on every host, the program of that name is not.
     *
     * @param signal its name without SIG, for example {@code INT}
     * @throws IOException if the shell cannot be started
     * @throws InterruptedException if interrupted while it runs
     */
    public static void send(ProcessIdentity process, String signal)
            throws IOException, InterruptedException {
        if (!process.alive()) {
            return;
        }
        Process kill =
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                "kill -\"$1\" \"$2\"",
                                "kill",
                                signal,
                                Long.toString(process.pid()))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!kill.waitFor(2, TimeUnit.SECONDS)) {
            kill.destroyForcibly();
            throw new IOException(
                    "sending " + signal + " to process " + process.pid() + " took over 2 s");
        }
        if (kill.exitValue() != 0 && process.alive()) {
            throw new IOException(
                    "process "
                            + process.pid()
                            + " could not be sent "
                            + signal
                            + "; check that it belongs to this node's user");
        }
    }
}
