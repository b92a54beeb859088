package io.understudy.cluster.register;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * Replaces whole files so that a crash or power cut at any point leaves the old content or the new,
 * never a mixture: write a temporary file, fsync it, rename it, fsync the directory.
 */
public final class DurableFile {

    /** Where a crash can be put in tests; each is reached just after what its name says. */
    enum Step {
        BEGUN,
        TEMPORARY_WRITTEN,
        TEMPORARY_SYNCED,
        RENAMED,
        DIRECTORY_SYNCED
    }

    private static final Consumer<Step> NO_CRASH = step -> {};

    private DurableFile() {}

    /**
     * Writes {@code content} as the whole of {@code file}; on return it is on the disk.
     *
     * @param file its directory must exist; a temporary file beside it gets {@code .new} appended
     * @throws IOException if any step failed; then old or new content may be found later
     */
    public static void replace(Path file, byte[] content) throws IOException {
        replace(file, content, NO_CRASH);
    }

    static void replace(Path file, byte[] content, Consumer<Step> crash) throws IOException {
        crash.accept(Step.BEGUN);
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            crash.accept(Step.TEMPORARY_WRITTEN);
            channel.force(true);
        }
        crash.accept(Step.TEMPORARY_SYNCED);
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        crash.accept(Step.RENAMED);
        syncDirectory(file.toAbsolutePath().getParent());
        crash.accept(Step.DIRECTORY_SYNCED);
    }

    /** Makes names in a directory durable: renames, creations and removals. */
    public static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Makes a directory and its parents, durably; nothing happens if it exists. */
    public static void makeDirectories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                syncDirectory(parent);
            }
        }
    }
}
