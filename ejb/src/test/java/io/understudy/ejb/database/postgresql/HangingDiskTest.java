package io.understudy.ejb.database.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.database.DatabaseRole;
import io.understudy.core.database.ReplicationMode;
import io.understudy.core.lease.Epoch;
import io.understudy.ejb.Wait;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.StopMode;
import io.understudy.ejb.process.FrozenDisk;
import io.understudy.ejb.process.ProcessIdentity;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server on a disk whose writes hang: it cannot be killed, and counts as ended. */
class HangingDiskTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PORT = 25433;
    private static final Epoch TWO = new Epoch(2);

    @TempDir(factory = QuickDirectory.class)
    Path programs;

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    @Test
    @Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aKilledServerThatHangsCountsAsEndedAndNothingIsStartedBesideIt() throws Exception {
        PostgresBinaries binaries = PostgresBinaries.unpacked(programs);
        programs.toFile().setExecutable(true, false);
        try (FrozenDisk disk = FrozenDisk.at(directory.resolve("alpha/databases"), 256);
                Pair pair = new Pair(directory, binaries, PORT)) {
            Pair.Side alpha = pair.alpha;
            alpha.engine.primary(TWO, ReplicationMode.ASYNCHRONOUS, true, LIMIT);
            alpha.execute("CREATE TABLE t (id int)");
            ProcessIdentity postmaster = ProcessIdentity.of(alpha.postmaster()).orElseThrow();

            disk.freeze();
            CompletableFuture<Boolean> acknowledged =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    alpha.execute("INSERT INTO t VALUES (1)");
                                    return true;
                                } catch (SQLException | java.io.IOException cut) {
                                    return false;
                                }
                            },
                            pair.workers);
            Thread.sleep(1000);
            assertEquals(false, acknowledged.isDone());

            long begun = System.nanoTime();
            alpha.engine.stop(TWO, StopMode.IMMEDIATE, LIMIT);
            long took = System.nanoTime() - begun;
            System.out.printf(
                    "a server on a hung disk is given up after %d ms%n", took / 1_000_000);
            assertTrue(took < TimeUnit.SECONDS.toNanos(6), "given up after " + took);
            assertEquals(DatabaseRole.STOPPED, alpha.engine.observe().role());
            DatabaseException beside =
                    assertThrows(
                            DatabaseException.class,
                            () ->
                                    alpha.engine.primary(
                                            TWO, ReplicationMode.ASYNCHRONOUS, false, LIMIT));
            assertTrue(beside.getMessage().contains("hangs in the kernel"), beside::getMessage);

            disk.thaw();
            Wait.until("the old one is gone", LIMIT, () -> !postmaster.alive());
            assertEquals(false, acknowledged.get(10, TimeUnit.SECONDS), "acknowledged after all");
            Wait.until(
                    "a new one starts",
                    LIMIT,
                    () -> {
                        try {
                            alpha.engine.primary(TWO, ReplicationMode.ASYNCHRONOUS, false, LIMIT);
                            return true;
                        } catch (DatabaseException notYet) {
                            return false;
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            assertEquals(DatabaseRole.PRIMARY, alpha.engine.observe().role());
        }
    }
}
