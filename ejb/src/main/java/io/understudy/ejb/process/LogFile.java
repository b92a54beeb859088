package io.understudy.ejb.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a child's log from growing without bound. The child itself holds the file open in append
 * mode, so that it needs no thread here and goes on logging when this node dies; the price is that
 * lines written between copy and truncation (under a millisecond) can be lost.
 */
public final class LogFile {

    /** Above this size a log is rotated. */
    public static final long ROTATE_AT_BYTES = 8L * 1024 * 1024;

    /** How many older pieces are kept, as {@code NAME.1} (newest) to {@code NAME.3}. */
    public static final int KEPT = 3;

    private LogFile() {}

    /**
     * Rotates {@code log} if it has become too long; cheap otherwise.
     *
     * @throws IOException if the file cannot be copied or truncated; it then stays whole
     */
    public static void rotate(Path log) throws IOException {
        if (!Files.exists(log) || Files.size(log) < ROTATE_AT_BYTES) {
            return;
        }
        for (int i = KEPT - 1; i >= 1; i--) {
            if (Files.exists(piece(log, i))) {
                Files.move(piece(log, i), piece(log, i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.copy(
                log,
                piece(log, 1),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }

    private static Path piece(Path log, int number) {
        return log.resolveSibling(log.getFileName() + "." + number);
    }
}
