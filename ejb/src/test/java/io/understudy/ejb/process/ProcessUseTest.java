package io.understudy.ejb.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessUseTest {

    @TempDir Path proc;

    @BeforeEach
    void boots() throws IOException {
        Files.writeString(proc.resolve("stat"), "cpu  1 2 3\nbtime 1000000\nprocesses 5\n");
        Files.writeString(proc.resolve("uptime"), "1 1");
    }

    /** Fields 3 to 24 of proc_pid_stat(5), those that count filled in. */
    private void process(long pid, long parent, long start, String times, long pages)
            throws IOException {
        Path directory = Files.createDirectory(proc.resolve(Long.toString(pid)));
        Files.writeString(
                directory.resolve("stat"),
                pid
                        + " (a (name) with 1 2 3) S "
                        + parent
                        + " 1 1 0 -1 0 0 0 0 0 "
                        + times
                        + " 20 0 1 0 "
                        + start
                        + " 4096 "
                        + pages
                        + " 0 0 0\n");
    }

    @Test
    void sumsUpAServiceAndAllThatItStarted() throws IOException {
        process(10, 1, 250, "100 20 3 0", 256);
        process(11, 10, 900, "0 7 0 0", 128);
        process(12, 11, 901, "70 0 0 0", 1);
        process(20, 1, 5, "5000 0 0 0", 9000);
        Optional<ProcessUse.Sum> sum = ProcessUse.look(proc).of(List.of(10L));
        assertEquals(
                Optional.of(
                        new ProcessUse.Sum(
                                Instant.ofEpochMilli(1_000_002_500L),
                                Duration.ofSeconds(2).toNanos(),
                                385 * 4096)),
                sum);
    }

    @Test
    void countsNothingTwiceAndTakesTheOldestStart() throws IOException {
        process(10, 1, 250, "100 0 0 0", 1);
        process(11, 10, 200, "100 0 0 0", 1);
        ProcessUse.Sum sum = ProcessUse.look(proc).of(List.of(10L, 11L)).orElseThrow();
        assertEquals(Duration.ofSeconds(2).toNanos(), sum.cpuNanos());
        assertEquals(Instant.ofEpochMilli(1_000_002_000L), sum.started());
    }

    @Test
    void knowsNothingOfWhatIsGone() {
        assertEquals(Optional.empty(), ProcessUse.look(proc).of(List.of(4711L)));
    }

    @Test
    void readsTheRealOnes() {
        long self = ProcessHandle.current().pid();
        ProcessUse.Sum sum = ProcessUse.look().of(List.of(self)).orElseThrow();
        Instant told = ProcessHandle.current().info().startInstant().orElseThrow();
        assertTrue(Duration.between(told, sum.started()).abs().toMillis() < 1500, told::toString);
        assertTrue(sum.memoryBytes() > 10_000_000, () -> "memory " + sum.memoryBytes());
        assertTrue(sum.cpuNanos() > 0, () -> "cpu " + sum.cpuNanos());
    }
}
