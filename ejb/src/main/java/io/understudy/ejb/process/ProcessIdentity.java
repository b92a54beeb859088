package io.understudy.ejb.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process that cannot be mistaken for another one: numbers are reused, the pair of number and
 * start time is not.
 *
 * @param pid the process number
 * @param startTicks field 22 of {@code /proc/PID/stat}: when it started, in clock ticks since boot
 */
public record ProcessIdentity(long pid, long startTicks) {

    /** Signal 9 in the masks of proc_pid_status(5). */
    private static final long KILL_BIT = 1L << 8;

    /**
     * Returns the identity of the process that has the number {@code pid} now, a zombie included;
     * empty if there is none.
     */
    public static Optional<ProcessIdentity> of(long pid) {
        return Stat.of(pid).map(stat -> new ProcessIdentity(pid, stat.startTicks));
    }

    /**
     * Returns whether this very process still runs. A zombie (state Z) or a dead entry (X) does not
     * run: where PID 1 reaps slowly, a killed process stays one for seconds.
     */
    public boolean alive() {
        return Stat.of(pid)
                .filter(stat -> stat.startTicks == startTicks && !stat.isOver())
                .isPresent();
    }

    /**
     * Returns whether this process is still there and yet will never run again: it has been sent
     * SIGKILL, and each of its threads waits in the kernel, uninterruptible, as for a disk that
     * hangs. The kernel ends such a thread before it returns to the program, so that nothing is
     * answered, acknowledged or started any more; only the call that it waits in may still be
     * finished. See signal(7) and the states of proc_pid_stat(5).
     */
    public boolean doomed() {
        return alive() && killPending() && allWaitInKernel() && alive();
    }

    private boolean killPending() {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc", Long.toString(pid), "status"), ISO_8859_1)) {
            return lines.filter(l -> l.startsWith("SigPnd:") || l.startsWith("ShdPnd:"))
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & KILL_BIT) != 0);
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
    }

    private boolean allWaitInKernel() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.map(thread -> Stat.in(thread.resolve("stat")))
                    .flatMap(Optional::stream)
                    .allMatch(stat -> stat.state == 'D' || stat.isOver());
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
    }

    private record Stat(char state, long startTicks) {

        static Optional<Stat> of(long pid) {
            return in(Path.of("/proc", Long.toString(pid), "stat"));
        }

        static Optional<Stat> in(Path file) {
            String text;
            try {
                text = Files.readString(file, ISO_8859_1);
            } catch (IOException gone) {
                return Optional.empty();
            }
            // The command name is free text in parentheses; fields are counted after the last ')'.
            String[] fields = text.substring(text.lastIndexOf(')') + 2).trim().split(" ");
            return Optional.of(new Stat(fields[0].charAt(0), Long.parseLong(fields[19])));
        }

        boolean isOver() {
            return state == 'Z' || state == 'X' || state == 'x';
        }
    }
}
