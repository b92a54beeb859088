package io.understudy.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cli.port.HostPorts;
import io.understudy.core.instance.InstanceName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard whose own files lie on a disk that hangs; needs root. */
class HangingDiskTest {

    private static final InstanceName NMS = InstanceName.of("nms");

    @TempDir private Path directory;

    @Test
    void killsAtTheEndOfTheLeaseThoughItCannotWrite() throws Exception {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "needs root to freeze a disk");
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Path image = directory.resolve("image");
        Assumptions.assumeTrue(
                run("truncate", "-s", "8M", image.toString()) == 0
                        && run("mkfs.ext4", "-q", "-F", image.toString()) == 0
                        && run("mount", "-o", "loop", image.toString(), disk.toString()) == 0,
                "needs loop devices and mkfs.ext4");
        Process child = new ProcessBuilder("sleep", "100").start();
        Process writer = null;
        Guard guard =
                new Guard(
                        System::nanoTime,
                        new Registry(disk.resolve("processes")),
                        HostPorts.open("test", System::nanoTime));
        try {
            assertEquals(0, run("fsfreeze", "--freeze", disk.toString()));
            writer = new ProcessBuilder("sh", "-c", "echo x > " + disk.resolve("file")).start();
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
            guard.jvmStarted(id(child));
            guard.lease(NMS, until);
            guard.child(NMS, id(child), true);
            guard.child(NMS, id(writer), true);
            assertTrue(child.waitFor(5, TimeUnit.SECONDS), "nobody kills");
            assertTrue(System.nanoTime() - until >= 0);

            // What hangs in the kernel is still there: no proof that all is gone.
            guard.jvmEnded();
            assertFalse(writer.waitFor(300, TimeUnit.MILLISECONDS));
            assertFalse(guard.isStopped());
            assertEquals(0, run("fsfreeze", "--unfreeze", disk.toString()));
            assertTrue(writer.waitFor(5, TimeUnit.SECONDS));
            assertFalse(Files.exists(disk.resolve("file")) && Files.size(disk.resolve("file")) > 0);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (!guard.isStopped() && System.nanoTime() - end < 0) {
                Thread.sleep(5);
            }
            assertTrue(guard.isStopped());
        } finally {
            run("fsfreeze", "--unfreeze", disk.toString());
            child.destroyForcibly();
            if (writer != null) {
                writer.destroyForcibly();
            }
            guard.close();
            run("umount", "-l", disk.toString());
        }
    }

    private static int run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), () -> "hangs: " + List.of(command));
        return process.exitValue();
    }

    private static ProcessId id(Process process) {
        return ProcessId.of(process.pid()).orElseThrow();
    }
}
