package io.understudy.ejb.database.postgresql;

import io.understudy.ejb.database.DatabaseException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Where the PostgreSQL programs are.
 *
 * @param directory holds {@code bin}, {@code lib}, {@code share}
 */
public record PostgresBinaries(Path directory) {

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final String COMPLETE = "complete";
    private static final Duration TAR_LIMIT = Duration.ofSeconds(60);

    /** Of the archive: it is read once, not for each database. */
    private static String checksum;

    /**
     * Unpacks the packaged binaries into {@code cache} unless they are there. The directory is
     * named after the archive's checksum and appears by rename, so what is there is whole and of
     * this version; several nodes and processes may share a cache.
     *
     * @throws DatabaseException if the archive is missing (another platform) or there is no space
     */
    public static synchronized PostgresBinaries unpacked(Path cache) throws DatabaseException {
        try {
            Path directory = cache.resolve("postgresql-" + knownChecksum().substring(0, 16));
            if (!Files.exists(directory.resolve(COMPLETE))) {
                unpackOnce(cache, directory);
            }
            return new PostgresBinaries(directory);
        } catch (IOException e) {
            throw new DatabaseException(
                    "the packaged PostgreSQL cannot be unpacked into "
                            + cache
                            + " ("
                            + e.getMessage()
                            + "); free space or mend the directory",
                    e);
        }
    }

    /** Returns {@code bin/postgres}. */
    Path postgres() {
        return directory.resolve("bin").resolve("postgres");
    }

    /** Returns {@code bin/initdb}. */
    Path initdb() {
        return directory.resolve("bin").resolve("initdb");
    }

    /** Two nodes of one host that begin together: the second one waits for the first. */
    private static void unpackOnce(Path cache, Path directory) throws IOException {
        Files.createDirectories(cache);
        try (FileChannel channel =
                        FileChannel.open(
                                cache.resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid() || !Files.exists(directory.resolve(COMPLETE))) {
                unpack(cache, directory);
            }
        }
    }

    private static void unpack(Path cache, Path directory) throws IOException {
        Path fresh = Files.createTempDirectory(cache, "unpacking-");
        if (!unpackByTar(fresh)) {
            CopyDirectory.delete(fresh);
            Files.createDirectories(fresh);
            unpackHere(fresh);
        }
        Files.createFile(fresh.resolve(COMPLETE));
        // Temporary directories are private; the databases' account must get in.
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException another) {
            // Another process has unpacked the same archive meanwhile.
            CopyDirectory.delete(fresh);
        }
    }

    /** By the host's tar and xz, where they are: in a third of the time that it takes here. */
    private static boolean unpackByTar(Path fresh) throws IOException {
        Process tar;
        try {
            tar =
                    new ProcessBuilder("tar", "-x", "-J", "--no-same-owner", "-f", "-")
                            .directory(fresh.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException noTar) {
            return false;
        }
        try (InputStream archive = open();
                OutputStream in = tar.getOutputStream()) {
            archive.transferTo(in);
        } catch (IOException noXz) {
            tar.destroyForcibly();
            return false;
        }
        try {
            if (!tar.waitFor(TAR_LIMIT.toSeconds(), TimeUnit.SECONDS) || tar.exitValue() != 0) {
                tar.destroyForcibly();
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            tar.destroyForcibly();
            return false;
        }
        try (Stream<Path> all = Files.walk(fresh)) {
            for (Path path : all.filter(p -> !Files.isSymbolicLink(p)).toList()) {
                permit(path, Files.isDirectory(path) || program(path));
            }
        }
        return true;
    }

    private static boolean program(Path file) throws IOException {
        return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_EXECUTE);
    }

    private static void permit(Path path, boolean program) throws IOException {
        Files.setPosixFilePermissions(
                path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static void unpackHere(Path fresh) throws IOException {
        try (InputStream archive = open();
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(
                                new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                write(fresh, entry, tar);
                entry = tar.getNextEntry();
            }
        }
    }

    private static void write(Path root, TarArchiveEntry entry, TarArchiveInputStream tar)
            throws IOException {
        Path path = root.resolve(entry.getName()).normalize();
        if (!path.startsWith(root)) {
            throw new IOException("the archive's entry " + entry.getName() + " leads outside");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
        permit(path, (entry.getMode() & 0100) != 0);
    }

    private static String knownChecksum() throws IOException {
        if (checksum == null) {
            checksum = checksum();
        }
        return checksum;
    }

    private static String checksum() throws IOException {
        try (InputStream archive = open()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 * 1024];
            for (int read = archive.read(buffer); read >= 0; read = archive.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static InputStream open() throws IOException {
        InputStream archive = PostgresBinaries.class.getResourceAsStream(ARCHIVE);
        if (archive == null) {
            throw new IOException("the program does not carry " + ARCHIVE);
        }
        return archive;
    }
}
