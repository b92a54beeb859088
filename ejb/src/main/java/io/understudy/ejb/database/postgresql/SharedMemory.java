package io.understudy.ejb.database.postgresql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shared memory of a server that is about to be killed. A killed server leaves it behind, about
 * a megabyte each time; the next server on the same directory removes it, but a copy that is made
 * anew has another directory.
 *
 * @param files POSIX segments
 * @param segment the System V segment
 */
record SharedMemory(List<Path> files, Optional<String> segment) {

    private static final System.Logger LOG = System.getLogger(SharedMemory.class.getName());
    private static final Pattern FILE = Pattern.compile(" (/dev/shm/PostgreSQL\\.\\d+)$");
    private static final int SEGMENT_LINE = 6;

    static final SharedMemory NONE = new SharedMemory(List.of(), Optional.empty());

    /**
     * Looks at a server that lives at this moment; of a dead one the numbers may be another's.
     *
     * @param pid its postmaster
     * @param pidFile the lines of its postmaster.pid
     */
    static SharedMemory of(long pid, List<String> pidFile) {
        List<Path> files = new ArrayList<>();
        try {
            Path maps = Path.of("/proc", Long.toString(pid), "maps");
            for (String line : Files.readAllLines(maps, StandardCharsets.ISO_8859_1)) {
                Matcher matcher = FILE.matcher(line);
                if (matcher.find()) {
                    files.add(Path.of(matcher.group(1)));
                }
            }
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "looking at the memory of process " + pid, gone);
            return NONE;
        }
        boolean own =
                pidFile.size() > SEGMENT_LINE
                        && pidFile.get(0).trim().equals(Long.toString(pid))
                        && !files.isEmpty();
        return new SharedMemory(
                files,
                own
                        ? Optional.of(
                                        pidFile.get(SEGMENT_LINE)
                                                .trim()
                                                .replaceFirst("^\\d+\\s+", ""))
                                .filter(id -> id.matches("\\d+"))
                        : Optional.empty());
    }

    /** Runs a command as the server's account. */
    interface Commands {
        void run(List<String> command) throws IOException, InterruptedException;
    }

    /** Removes it; to be called when the server is dead. What cannot be removed is left. */
    void release(Commands commands) throws InterruptedException {
        try {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            if (segment.isPresent()) {
                commands.run(List.of("ipcrm", "-m", segment.get()));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "removing a killed server's memory", e);
        }
    }
}
