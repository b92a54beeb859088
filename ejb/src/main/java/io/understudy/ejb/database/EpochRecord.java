package io.understudy.ejb.database;

import io.understudy.core.lease.Epoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The latest epoch that a copy has obeyed, on disk beside it: it survives a re-seeding of the copy
 * and a power cut. Safe for use by several threads.
 */
public final class EpochRecord {

    private final String database;
    private final Path file;
    private Epoch known;

    /**
     * Reads the record.
     *
     * @param database its name, for messages
     * @param file where it is kept; absent: no epoch has been obeyed
     * @throws DatabaseException if it cannot be read: the copy then obeys nobody
     */
    public EpochRecord(String database, Path file) throws DatabaseException {
        this.database = database;
        this.file = file;
        try {
            known =
                    Files.exists(file)
                            ? new Epoch(Long.parseLong(Files.readString(file).trim()))
                            : Epoch.NONE;
        } catch (IOException | IllegalArgumentException e) {
            throw new DatabaseException(
                    "the epoch record "
                            + file
                            + " of database '"
                            + database
                            + "' cannot be read ("
                            + e.getMessage()
                            + "); restore it or remove this node's copy by hand",
                    e);
        }
    }

    /** Returns the latest epoch obeyed. */
    public synchronized Epoch known() {
        return known;
    }

    /**
     * Accepts a command's epoch: on return it is on disk.
     *
     * @throws StaleEpochException if a later one has been obeyed
     */
    public synchronized void accept(Epoch given) throws DatabaseException {
        if (given.isBefore(known)) {
            throw new StaleEpochException(database, given, known);
        }
        if (given.equals(known)) {
            return;
        }
        try {
            write(given);
        } catch (IOException e) {
            throw new DatabaseException(
                    "epoch "
                            + given
                            + " of database '"
                            + database
                            + "' cannot be recorded ("
                            + e.getMessage()
                            + "); free space or mend "
                            + file.getParent(),
                    e);
        }
        known = given;
    }

    private void write(Epoch epoch) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap((epoch + "\n").getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
