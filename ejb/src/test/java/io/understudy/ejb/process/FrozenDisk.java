package io.understudy.ejb.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A small file system on a loop device, whose writes can be made to hang; needs root. */
public final class FrozenDisk implements AutoCloseable {

    private final Path where;

    private FrozenDisk(Path where) {
        this.where = where;
    }

    /**
     * Mounts it; the test is skipped where that cannot be.
     *
     * @param megabytes its size
     */
    public static FrozenDisk at(Path where, int megabytes) throws IOException {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "needs root to freeze a disk");
        Files.createDirectories(where);
        Path image = Files.createTempFile("understudy-disk-", ".img");
        try {
            Assumptions.assumeTrue(
                    run("truncate", "-s", megabytes + "M", image.toString()) == 0
                            && run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString()) == 0
                            && run("mount", "-o", "loop", image.toString(), where.toString()) == 0,
                    "needs loop devices and mkfs.ext4");
            return new FrozenDisk(where);
        } finally {
            // The loop device keeps it until it is unmounted.
            Files.delete(image);
        }
    }

    /** Makes every write hang. */
    public void freeze() throws IOException {
        check("fsfreeze", "--freeze", where.toString());
    }

    /** Lets the writes go on. */
    public void thaw() throws IOException {
        check("fsfreeze", "--unfreeze", where.toString());
    }

    private static void check(String... command) throws IOException {
        if (run(command) != 0) {
            throw new IOException("failed: " + List.of(command));
        }
    }

    private static int run(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new IOException("hangs: " + List.of(command));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + List.of(command), e);
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        run("fsfreeze", "--unfreeze", where.toString());
        run("umount", "-l", where.toString());
    }
}
