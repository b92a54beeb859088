package io.understudy.ejb.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that cannot be mistaken for another one: numbers are reused, the pair of number and
 * start time is not.
 *
 * @param pid the process number
 * @param startTicks field 22 of {@code /proc/PID/stat}: when it started, in clock ticks since boot
 */
public record ProcessIdentity(long pid, long startTicks) {

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

    private record Stat(char state, long startTicks) {

        static Optional<Stat> of(long pid) {
            String text;
            try {
                text =
                        Files.readString(
                                Path.of("/proc", Long.toString(pid), "stat"),
                                StandardCharsets.ISO_8859_1);
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
