package io.understudy.ejb.database.postgresql;

import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.Progress;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads what a {@link SeedWriter} wrote into an empty directory. */
final class SeedReader {

    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Below this an estimate of the time left says nothing. */
    private static final Duration ESTIMATE_AFTER = Duration.ofMillis(200);

    private final CopyDirectory directory;
    private final Path into;
    private final Progress progress;
    private final PostgresServer.Interruption interruption;
    private final byte[] buffer = new byte[SeedFormat.CHUNK];
    private final long begun = System.nanoTime();
    private long total;
    private long done;
    private int told = -1;

    SeedReader(
            CopyDirectory directory,
            Path into,
            Progress progress,
            PostgresServer.Interruption interruption) {
        this.directory = directory;
        this.into = into;
        this.progress = progress;
        this.interruption = interruption;
    }

    /**
     * Reads to the end.
     *
     * @throws IOException if the stream is cut, is not a copy, or does not fit
     */
    void read(InputStream stream) throws IOException, DatabaseException {
        DataInputStream in = new DataInputStream(stream);
        if (!SeedFormat.MARK.equals(in.readUTF())) {
            throw new IOException(
                    "what the primary's node sent is no copy of a PostgreSQL database; run the same"
                            + " version of Understudy on both nodes");
        }
        total = in.readLong();
        requireSpace();
        tell();
        long files = 0;
        byte type = in.readByte();
        while (type != SeedFormat.END) {
            Path path = resolve(in.readUTF());
            if (type == SeedFormat.DIRECTORY) {
                Files.createDirectory(path, DIRECTORY);
                directory.own(path);
            } else if (type == SeedFormat.FILE) {
                file(in, path);
                files++;
            } else {
                throw new IOException("the copy's stream is damaged (entry type " + type + ")");
            }
            type = in.readByte();
        }
        if (in.readLong() != files) {
            throw new IOException("the copy's stream is damaged (number of files)");
        }
        done = total;
        tell();
    }

    private void file(DataInputStream in, Path path) throws IOException, DatabaseException {
        Files.createFile(path, FILE);
        directory.own(path);
        try (OutputStream out = Files.newOutputStream(path)) {
            int length = in.readInt();
            while (length > 0) {
                if (length > buffer.length) {
                    throw new IOException("the copy's stream is damaged (chunk of " + length + ")");
                }
                in.readFully(buffer, 0, length);
                out.write(buffer, 0, length);
                done += length;
                interruption.check();
                tell();
                length = in.readInt();
            }
        }
    }

    private Path resolve(String name) throws IOException {
        Path path = into.resolve(name).normalize();
        if (!path.startsWith(into) || path.equals(into)) {
            throw new IOException("the copy's entry '" + name + "' leads outside the copy");
        }
        return path;
    }

    private void requireSpace() throws IOException {
        long usable = Files.getFileStore(into).getUsableSpace();
        // The log that arrives while copying needs room too.
        long needed = total + total / 10 + 64L * 1024 * 1024;
        if (usable < needed) {
            throw new IOException(
                    "the copy needs "
                            + needed / 1_000_000
                            + " MB and "
                            + into.getParent()
                            + " has "
                            + usable / 1_000_000
                            + " MB; free space, for example by removing copies"
                            + " that were set aside");
        }
    }

    private void tell() {
        int percent = total == 0 ? 100 : (int) Math.min(100, done * 100 / total);
        if (percent == told) {
            return;
        }
        told = percent;
        long took = System.nanoTime() - begun;
        Optional<Duration> left =
                took < ESTIMATE_AFTER.toNanos() || done == 0
                        ? Optional.empty()
                        : Optional.of(
                                Duration.ofNanos(
                                        (long) ((double) took / done * Math.max(0, total - done))));
        progress.at(percent, left);
    }
}
