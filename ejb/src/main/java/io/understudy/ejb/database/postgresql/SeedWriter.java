package io.understudy.ejb.database.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Writes a base backup of a running primary as one stream: what pg_basebackup would take, by
 * PostgreSQL's low-level backup interface (pg_backup_start, files, pg_backup_stop).
 */
final class SeedWriter {

    private static final Duration CHECKPOINT = Duration.ofSeconds(120);

    /** Emptied by every server at its start, or made by it. */
    private static final Set<String> CONTENTS_LEFT_OUT =
            Set.of(
                    "pg_wal",
                    "pg_replslot",
                    "pg_dynshmem",
                    "pg_notify",
                    "pg_serial",
                    "pg_snapshots",
                    "pg_stat_tmp",
                    "pg_subtrans",
                    "pgsql_tmp");

    private static final Set<String> FILES_LEFT_OUT =
            Set.of(
                    "postmaster.pid",
                    "postmaster.opts",
                    "standby.signal",
                    "recovery.signal",
                    "backup_label",
                    "tablespace_map",
                    "pg_internal.init",
                    "postgresql.auto.conf.tmp");

    private final Path data;
    private final BooleanSupplier wanted;
    private final DataOutputStream out;
    private final byte[] buffer = new byte[SeedFormat.CHUNK];
    private long files;

    /**
     * @param wanted whether somebody still reads; a reader that asked again reads the new stream
     */
    SeedWriter(Path data, BooleanSupplier wanted, DataOutputStream out) {
        this.data = data;
        this.wanted = wanted;
        this.out = out;
    }

    /** Writes the whole copy; the connection must stay open from start to stop of the backup. */
    void write(Connection connection) throws SQLException, IOException {
        requireNoTablespaces();
        connection.setNetworkTimeout(Runnable::run, (int) CHECKPOINT.toMillis());
        out.writeUTF(SeedFormat.MARK);
        out.writeLong(size());
        // Sent before the checkpoint is waited for, so that the reader knows that work has begun.
        out.flush();
        Queries.text(connection, "SELECT pg_backup_start('understudy', true)");
        walk();
        file("global/pg_control", data.resolve("global").resolve("pg_control"));
        String label =
                Queries.text(connection, "SELECT labelfile FROM pg_backup_stop(true)")
                        .orElseThrow();
        entry("backup_label", new ByteArrayInputStream(label.getBytes(UTF_8)));
        out.writeByte(SeedFormat.END);
        out.writeLong(files);
        out.flush();
    }

    private void requireNoTablespaces() throws IOException {
        try (Stream<Path> spaces = Files.list(data.resolve("pg_tblspc"))) {
            if (spaces.findAny().isPresent()) {
                throw new IOException(
                        "the database uses tablespaces outside its directory, which are not copied;"
                                + " move their tables back (ALTER TABLE ... SET TABLESPACE"
                                + " pg_default)");
            }
        }
    }

    private long size() throws IOException {
        long[] sum = new long[1];
        visit((path, attributes) -> sum[0] += attributes.size(), directory -> {});
        return sum[0];
    }

    private void walk() throws IOException {
        Path control = data.resolve("global").resolve("pg_control");
        visit(
                (path, attributes) -> {
                    // Last of all, so that a copy that lacks anything also lacks this.
                    if (!path.equals(control)) {
                        file(data.relativize(path).toString(), path);
                    }
                },
                directory -> {
                    out.writeByte(SeedFormat.DIRECTORY);
                    out.writeUTF(data.relativize(directory).toString());
                });
    }

    private interface FileStep {
        void on(Path path, BasicFileAttributes attributes) throws IOException;
    }

    private interface DirectoryStep {
        void on(Path path) throws IOException;
    }

    private void visit(FileStep onFile, DirectoryStep onDirectory) throws IOException {
        Files.walkFileTree(
                data,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) throws IOException {
                        if (!directory.equals(data)) {
                            onDirectory.on(directory);
                        }
                        return CONTENTS_LEFT_OUT.contains(directory.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        String name = file.getFileName().toString();
                        if (attributes.isRegularFile()
                                && !FILES_LEFT_OUT.contains(name)
                                && !name.startsWith("pgsql_tmp")) {
                            onFile.on(file, attributes);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        // Tables are dropped while we walk; replay of the log drops them there too.
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
    }

    private void file(String name, Path path) throws IOException {
        InputStream content;
        try {
            content = Files.newInputStream(path);
        } catch (NoSuchFileException dropped) {
            return;
        }
        try (content) {
            entry(name, content);
        }
    }

    private void entry(String name, InputStream content) throws IOException {
        out.writeByte(SeedFormat.FILE);
        out.writeUTF(name);
        int read = content.readNBytes(buffer, 0, buffer.length);
        while (read > 0) {
            if (!wanted.getAsBoolean()) {
                throw new IOException("the other node has asked for it again meanwhile");
            }
            out.writeInt(read);
            out.write(buffer, 0, read);
            read = content.readNBytes(buffer, 0, buffer.length);
        }
        out.writeInt(0);
        files++;
    }
}
