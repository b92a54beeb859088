package io.understudy.ejb.database.postgresql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Directories in memory where there is room, as these tests are not about the speed of disks. */
public final class QuickDirectory implements TempDirFactory {

    private static final long NEEDED = 2L << 30;

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
            throws IOException {
        Path memory = Path.of("/dev/shm");
        boolean room =
                Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > NEEDED;
        return room
                ? Files.createTempDirectory(memory, "understudy-")
                : Files.createTempDirectory("understudy-");
    }
}
