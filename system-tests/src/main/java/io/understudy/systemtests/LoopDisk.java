package io.understudy.systemtests;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A small ext4 file system of its own on a loop device, which can be filled, made read-only, broken
 * and frozen; needs root. Closing it mends nothing but leaves no mount, device or file behind,
 * whatever was done to it. Not thread safe.
 */
public final class LoopDisk implements AutoCloseable {

    private static final long LIMIT_SECONDS = 20;

    private final Path image;
    private final Path where;

    private LoopDisk(Path image, Path where) {
        this.image = image;
        this.where = where;
    }

    /** Says why this host gives no disks of our own, after a try; empty if it does. */
    public static String obstacle() throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "disks of their own can be mounted by root only";
        }
        Path trial = Files.createTempDirectory("understudy-disk-").toRealPath();
        Path where = trial.resolve("mount");
        try (LoopDisk disk = mount(trial.resolve("image"), where, 2)) {
            disk.freeze();
            disk.thaw();
            return "";
        } catch (IOException e) {
            return "this host lets nobody mount and freeze a disk on a loop device: "
                    + e.getMessage();
        } finally {
            Files.deleteIfExists(where);
            Files.deleteIfExists(trial.resolve("image"));
            Files.deleteIfExists(trial);
        }
    }

    /**
     * Makes and mounts it.
     *
     * @param image the file that holds it; made here
     * @param where the directory at which it is mounted; made if it is not there
     */
    public static LoopDisk mount(Path image, Path where, int megabytes) throws IOException {
        Files.createDirectories(where);
        run("truncate", "-s", megabytes + "M", image.toString());
        run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        run("mount", "-o", "loop,errors=remount-ro", image.toString(), where.toString());
        return new LoopDisk(image, where);
    }

    /** Returns where it is mounted. */
    public Path where() {
        return where;
    }

    /** Writes until nothing more can be written. */
    public void fill() throws IOException {
        run(
                "sh",
                "-c",
                "dd if=/dev/zero of=\"$1\" bs=1M 2>/dev/null; dd if=/dev/zero of=\"$1.rest\""
                        + " bs=4k 2>/dev/null; true",
                "sh",
                filling().toString());
    }

    /** Takes away what {@link #fill} has written. */
    public void empty() throws IOException {
        Files.deleteIfExists(filling());
        Files.deleteIfExists(Path.of(filling() + ".rest"));
    }

    private Path filling() {
        return where.resolve("filling");
    }

    /** Makes it read-only; nothing may have a file open there for writing. */
    public void readOnly() throws IOException {
        run("mount", "-o", "remount,ro", where.toString());
    }

    /** Lets it be written again after {@link #readOnly}. */
    public void writable() throws IOException {
        run("mount", "-o", "remount,rw", where.toString());
    }

    /**
     * Does what ext4 does after an error of the disk: its journal ends and it is read-only for
     * good.
     */
    public void abort() throws IOException {
        run("mount", "-o", "remount,abort", where.toString());
    }

    /** Makes every write hang in the kernel. */
    public void freeze() throws IOException {
        run("fsfreeze", "--freeze", where.toString());
    }

    /** Lets the writes go on. */
    public void thaw() throws IOException {
        run("fsfreeze", "--unfreeze", where.toString());
    }

    /** Thaws it if it is frozen. */
    public void thawIfFrozen() throws IOException {
        attempt("fsfreeze", "--unfreeze", where.toString());
    }

    /** Returns the mounts under {@code directory} and the loop devices on files there. */
    public static List<String> left(Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
            if (line.contains(directory.toString())) {
                found.add(line);
            }
        }
        try (DirectoryStream<Path> devices =
                Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
            for (Path device : devices) {
                Path file = device.resolve("loop/backing_file");
                if (Files.exists(file) && Files.readString(file).startsWith(directory.toString())) {
                    found.add(device.getFileName() + " on " + Files.readString(file).strip());
                }
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        thawIfFrozen();
        try {
            if (attempt("umount", where.toString()) != 0) {
                // Whatever still uses it: it is out of the way, and goes when that ends.
                run("umount", "--lazy", where.toString());
            }
        } finally {
            Files.deleteIfExists(image);
        }
    }

    private static void run(String... command) throws IOException {
        int status = attempt(command);
        if (status != 0) {
            throw new IOException(List.of(command) + " answers " + status);
        }
    }

    private static int attempt(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(List.of(command) + " hangs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + List.of(command), e);
        }
        return process.exitValue();
    }
}
