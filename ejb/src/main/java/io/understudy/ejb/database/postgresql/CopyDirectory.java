package io.understudy.ejb.database.postgresql;

import io.understudy.ejb.process.Account;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The directory of one database on this node and what may lie in it: the copy ({@code data}), one
 * in the making ({@code data.incoming}), former ones set aside ({@code data.aside-TIME}). A copy
 * becomes {@code data} by rename when it is whole, so a half-made one is never taken for it.
 */
final class CopyDirectory {

    /** How many copies that were set aside are kept, newest first. */
    static final int ASIDES_KEPT = 2;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'");

    private final Path root;
    private final Optional<Account> account;

    CopyDirectory(Path root, Optional<Account> account) {
        this.root = root;
        this.account = account;
    }

    Path root() {
        return root;
    }

    /** Returns the databases' account, where it is not the node's own. */
    Optional<Account> account() {
        return account;
    }

    Path data() {
        return root.resolve("data");
    }

    Path incoming() {
        return root.resolve("data.incoming");
    }

    /** Is there while this node makes the very first copy. */
    private Path creating() {
        return root.resolve("creating");
    }

    Path settings() {
        return root.resolve("settings");
    }

    Path passwordFile() {
        return root.resolve("password");
    }

    boolean exists() {
        return Files.isDirectory(data());
    }

    /** Returns whether anything says that there has been a copy here. */
    boolean hasTraces() throws IOException {
        if (!Files.isDirectory(root)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.map(path -> path.getFileName().toString())
                    .anyMatch(name -> name.startsWith("data") && !name.equals("data.incoming"));
        }
    }

    /** Notes on disk that the first copy is being made, until {@link #install}. */
    void beginCreation() throws IOException {
        Files.deleteIfExists(creating());
        Files.createFile(creating());
        force(root);
    }

    /** Returns whether this node began to make the first copy and was cut: it may begin again. */
    boolean creationWasCut() {
        return Files.exists(creating());
    }

    /** Makes the directory and lets the databases' account reach it. */
    void prepare() throws IOException {
        Files.createDirectories(settings());
        if (account.isEmpty()) {
            return;
        }
        for (Path path = root.toRealPath(); path != null; path = path.getParent()) {
            letThrough(path);
        }
        Files.setPosixFilePermissions(settings(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Writes the application's password to where this node's services find it. */
    void writePassword(String password) throws IOException {
        Path file = passwordFile();
        if (Files.exists(file) && Files.readString(file).trim().equals(password)) {
            return;
        }
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, password + "\n");
    }

    /** Makes an empty {@code data.incoming} that belongs to the databases' account. */
    Path freshIncoming() throws IOException {
        delete(incoming());
        Files.createDirectories(
                incoming(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        own(incoming());
        return incoming();
    }

    /**
     * Makes {@code data.incoming} the copy. The present copy, if there is one, is renamed first.
     *
     * @param keep whether the present copy is set aside rather than dropped
     * @return the name of what was set aside
     */
    Optional<String> install(boolean keep) throws IOException {
        Optional<String> aside = Optional.empty();
        if (exists()) {
            String stamp = STAMP.format(ZonedDateTime.now(ZoneOffset.UTC));
            Path former = root.resolve(keep ? "data.aside-" + stamp : "dropped-" + stamp);
            Files.move(data(), former);
            aside = keep ? Optional.of(former.toString()) : Optional.empty();
        }
        Files.move(incoming(), data());
        Files.deleteIfExists(creating());
        force(root);
        return aside;
    }

    /** Removes what {@link #install} dropped and the oldest of too many set aside. */
    void prune() throws IOException {
        List<Path> asides = new ArrayList<>();
        try (Stream<Path> entries = Files.list(root)) {
            for (Path path : (Iterable<Path>) entries::iterator) {
                String name = path.getFileName().toString();
                if (name.startsWith("dropped-")) {
                    delete(path);
                } else if (name.startsWith("data.aside-")) {
                    asides.add(path);
                }
            }
        }
        asides.sort(Comparator.comparing(Path::getFileName).reversed());
        for (Path tooOld : asides.subList(Math.min(ASIDES_KEPT, asides.size()), asides.size())) {
            delete(tooOld);
        }
    }

    void own(Path path) throws IOException {
        if (account.isPresent()) {
            account.get().own(path);
        }
    }

    /** Empties a directory of a copy, keeping the directory. */
    static void empty(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> entries = Files.list(directory)) {
                for (Path entry : (Iterable<Path>) entries::iterator) {
                    delete(entry);
                }
            }
        }
    }

    /** Deletes a file or a whole tree; nothing there is fine. Does not follow links. */
    static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path directory, IOException e)
                            throws IOException {
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** Makes renames in {@code directory} durable. */
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void letThrough(Path directory) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        if (permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
            return;
        }
        // A home directory is closed on purpose; opening it is its owner's decision.
        if (directory.equals(Path.of(System.getProperty("user.home")))) {
            throw new IOException(
                    "the databases' account cannot pass "
                            + directory
                            + "; move data.directory elsewhere or chmod o+x "
                            + directory);
        }
        permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        Files.setPosixFilePermissions(directory, permissions);
    }
}
