package io.understudy.ejb.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that hangs on a disk, for which a file system is frozen; needs root. */
class DoomedTest {

    @TempDir Path directory;
    private Path disk;
    private FrozenDisk frozen;
    private final Spawner spawner = new Spawner();

    @BeforeEach
    void freezeDisk() throws Exception {
        disk = directory.resolve("disk");
        frozen = FrozenDisk.at(disk, 8);
        frozen.freeze();
    }

    @AfterEach
    void takeAway() throws Exception {
        if (frozen != null) {
            frozen.close();
        }
        spawner.close();
    }

    private Child start(String script) throws Exception {
        return spawner.start(
                new Launch(
                        "test",
                        List.of("/bin/sh", "-c", script, "sh", disk.resolve("file").toString()),
                        Map.of(),
                        false,
                        Path.of("/"),
                        directory.resolve("log"),
                        Optional.empty()));
    }

    @Test
    void whatIsKilledAndHangsOnADiskNeverRunsAgain() throws Exception {
        Path said = directory.resolve("said");
        Child child = start("echo begun; echo x > \"$1\"; echo went on > " + said);
        Process other = new ProcessBuilder("sleep", "30").start();
        try {
            // It hangs, but nothing has been sent to it: it could go on.
            Thread.sleep(300);
            assertTrue(child.canAct());
            assertFalse(child.doomed());

            long began = System.nanoTime();
            assertFalse(ProcessTree.kill(child.identity()), "it hangs in the kernel");
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertTrue(child.alive());
            assertTrue(child.doomed());
            assertFalse(child.canAct());
            assertTrue(took.compareTo(Duration.ofMillis(900)) < 0, () -> "waited for " + took);
            assertFalse(ProcessIdentity.of(other.pid()).orElseThrow().doomed());

            frozen.thaw();
            assertTrue(child.awaitEnd(Duration.ofSeconds(10)));
            assertFalse(child.doomed());
            assertFalse(Files.exists(said), "it ran after it had been killed");
        } finally {
            other.destroyForcibly();
        }
    }
}
