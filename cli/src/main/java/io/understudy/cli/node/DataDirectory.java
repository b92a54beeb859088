package io.understudy.cli.node;

import io.understudy.cli.Console;
import io.understudy.cli.ExitCode;
import io.understudy.cli.guard.GuardSocket;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * A member's data directory, held by this process: locked against a second one, proven to be this
 * member's own, with its token. Others may pass through it (PostgreSQL refuses to be root, so its
 * user must), not read it.
 */
public final class DataDirectory implements AutoCloseable {

    /** Below this the directory is refused at start: logs alone may take as much. */
    static final long LEAST_SPACE = 64L << 20;

    private static final Set<PosixFilePermission> PASSABLE =
            PosixFilePermissions.fromString("rwx--x--x");
    private static final Set<PosixFilePermission> OWN =
            PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWN_FILE =
            PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final FileChannel lock;

    private DataDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes or opens the directory for {@code owner}.
     *
     * @throws io.understudy.cli.Failure if another process has it, it is another member's, it
     *     cannot be written, or its disk is full
     */
    public static DataDirectory open(Path path, NodeName owner, Console console) {
        if (path.resolve("run/guard.sock").toString().length() > GuardSocket.LONGEST_PATH) {
            throw console.failure(ExitCode.FAILED, "data.path.long", path);
        }
        try {
            make(path);
            checkPassable(path, console);
            if (Files.getFileStore(path).getUsableSpace() < LEAST_SPACE) {
                throw console.failure(ExitCode.FAILED, "data.full", path);
            }
            DataDirectory directory = new DataDirectory(path, lock(path, console));
            try {
                directory.checkOwner(owner, console);
                directory.prepare();
                return directory;
            } catch (RuntimeException | IOException e) {
                directory.close();
                throw e;
            }
        } catch (IOException e) {
            throw console.failure(ExitCode.FAILED, "data.unusable", path, e);
        }
    }

    private static void make(Path path) throws IOException {
        Path missing = path;
        while (missing.getParent() != null && !Files.exists(missing.getParent())) {
            missing = missing.getParent();
        }
        Files.createDirectories(path);
        for (Path made = path; made != null && made.startsWith(missing); made = made.getParent()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(made);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            if (made.equals(path)) {
                permissions.retainAll(PASSABLE);
            }
            Files.setPosixFilePermissions(made, permissions);
        }
    }

    /** As root the databases run as another user; a closed directory above would stop them late. */
    private static void checkPassable(Path path, Console console) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return;
        }
        for (Path above = path.toRealPath().getParent(); above != null; above = above.getParent()) {
            if (!Files.getPosixFilePermissions(above)
                    .contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw console.failure(ExitCode.FAILED, "data.closed", path, above);
            }
        }
    }

    private static FileChannel lock(Path path, Console console) throws IOException {
        Path file = path.resolve("node.lock");
        FileChannel channel =
                FileChannel.open(
                        file,
                        EnumSet.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWN_FILE));
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            String holder = Files.readString(file).strip();
            throw console.failure(
                    ExitCode.FAILED, "data.locked", path, holder.isEmpty() ? "?" : holder);
        }
        channel.truncate(0);
        write(channel, ProcessHandle.current().pid() + "\n");
        return channel;
    }

    private void checkOwner(NodeName owner, Console console) throws IOException {
        Path file = path.resolve("node-name");
        if (!Files.exists(file)) {
            createFile(file, owner.value() + "\n");
            return;
        }
        String found = Files.readString(file).strip();
        if (!found.equals(owner.value())) {
            throw console.failure(ExitCode.FAILED, "data.foreign", path, found, owner);
        }
    }

    private void prepare() throws IOException {
        for (String name : new String[] {"logs", "run"}) {
            Path directory = path.resolve(name);
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, OWN);
        }
        Path token = tokenFile();
        if (!Files.exists(token)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            createFile(token, HexFormat.of().formatHex(random) + "\n");
        }
        Files.setPosixFilePermissions(token, OWN_FILE);
    }

    /** Written beside and renamed: a cut leaves no half file that the next start would believe. */
    private static void createFile(Path file, String content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWN_FILE))) {
            write(channel, content);
        }
        Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    /** Returns the directory. */
    public Path path() {
        return path;
    }

    /** Returns the file with the REST token, readable by its owner only. */
    public Path tokenFile() {
        return path.resolve("token");
    }

    /** Returns the directory of this run's own files. */
    public Path run() {
        return path.resolve("run");
    }

    /** Returns the directory of log files. */
    public Path logs() {
        return path.resolve("logs");
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            System.getLogger(DataDirectory.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot give back the lock of " + path, e);
        }
    }
}
