package io.understudy.cli.guard;

import java.util.Optional;

/**
 * A process, for certain: its number and when it started.
 *
 * @param pid its number
 * @param startTicks field 22 of /proc/PID/stat
 */
public record ProcessId(long pid, long startTicks) {

    /** Returns the process that has the number {@code pid} now; empty if none lives. */
    public static Optional<ProcessId> of(long pid) {
        return ProcessTable.entry(pid)
                .filter(ProcessTable.Entry::isAlive)
                .map(ProcessTable.Entry::id);
    }

    /** Returns whether exactly this process still runs, by a look at /proc. */
    public boolean isAlive() {
        return ProcessTable.entry(pid)
                .filter(e -> e.startTicks() == startTicks && e.isAlive())
                .isPresent();
    }

    /**
     * Sends SIGKILL if exactly this process still runs; nothing otherwise. Returns at once; the
     * kernel ends it soon after.
     */
    public void kill() {
        if (isAlive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
