package io.understudy.ejb.database.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.database.DatabaseRole;
import io.understudy.core.database.ReplicationMode;
import io.understudy.core.lease.Epoch;
import io.understudy.ejb.Wait;
import io.understudy.ejb.database.DatabaseException;
import io.understudy.ejb.database.Progress;
import io.understudy.ejb.database.StaleEpochException;
import io.understudy.ejb.database.StandbyResult;
import io.understudy.ejb.database.StopMode;
import io.understudy.ejb.database.StopResult;
import io.understudy.ejb.process.ProcessIdentity;
import io.understudy.ejb.process.Signals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Real servers on two loopback addresses. */
class PostgresEngineTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PORT = 25432;

    @TempDir(factory = QuickDirectory.class)
    static Path programs;

    private static PostgresBinaries binaries;

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    private Pair pair;
    private Pair.Side alpha;
    private Pair.Side beta;
    private String test;

    @BeforeAll
    static void unpack() throws Exception {
        long begun = System.nanoTime();
        binaries = PostgresBinaries.unpacked(programs);
        System.out.printf("programs unpacked after %d ms%n", since(begun));
        programs.toFile().setExecutable(true, false);
    }

    @BeforeEach
    void open(TestInfo info) throws Exception {
        test = info.getDisplayName();
        pair = new Pair(directory, binaries, PORT);
        alpha = pair.alpha;
        beta = pair.beta;
    }

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void losesNothingAcknowledgedWhenThePrimaryIsKilled() throws Exception {
        createAndFollow();
        alpha.engine.replicate(new Epoch(2), ReplicationMode.ASYNCHRONOUS, LIMIT);
        try (Writer writer = new Writer(pair)) {
            Wait.until("writes", LIMIT, () -> writer.count() > 200);
            writer.outage();
            long begun = System.nanoTime();
            // What was acknowledged before must be there too: killed as soon as it is said to be.
            alpha.engine.replicate(new Epoch(2), ReplicationMode.SYNCHRONOUS, LIMIT);
            say("synchronous under load after %d ms, pause %d ms", since(begun), writer.outage());
            begun = System.nanoTime();
            kill(alpha);
            say("killed after %d ms", since(begun));
            begun = System.nanoTime();
            beta.engine.primary(new Epoch(4), ReplicationMode.ASYNCHRONOUS, false, LIMIT);
            say("promoted after %d ms", since(begun));
            assertEquals(DatabaseRole.PRIMARY, beta.engine.observe().role());
            int before = writer.count();
            Wait.until("writes at beta", LIMIT, () -> writer.count() > before + 50);
            say("outage of writes %d ms", writer.outage());

            begun = System.nanoTime();
            StandbyResult back = follow(alpha, beta, 4);
            say("killed primary follows after %d ms: %s", since(begun), back);
            begun = System.nanoTime();
            beta.engine.replicate(new Epoch(4), ReplicationMode.SYNCHRONOUS, LIMIT);
            say("synchronous after %d ms, pause of writes %d ms", since(begun), writer.outage());
            assertEquals(Set.of(), writer.lostAt(beta));
            assertEquals(Set.of(), writer.lostAt(alpha));
        }
    }

    @Test
    void switchesOverBothWaysWithoutCopying() throws Exception {
        createAndFollow();
        try (Writer writer = new Writer(pair)) {
            Wait.until("writes", LIMIT, () -> writer.count() > 100);
            switchOver(writer, alpha, beta, 4);
            switchOver(writer, beta, alpha, 6);
            assertEquals(Set.of(), writer.lostAt(alpha));
            assertEquals(Set.of(), writer.lostAt(beta));
        }
    }

    private void switchOver(Writer writer, Pair.Side from, Pair.Side to, long epoch)
            throws Exception {
        if (from == alpha) {
            // One way with, the other without: the stop does then what was not done before.
            long prepared = System.nanoTime();
            to.engine.prepareStop(new Epoch(epoch - 2), LIMIT);
            from.engine.prepareStop(new Epoch(epoch - 2), LIMIT);
            say("stop prepared after %d ms", since(prepared));
            int before = writer.count();
            Wait.until("writes beside it", LIMIT, () -> writer.count() > before + 5);
        }
        writer.outage();
        long begun = System.nanoTime();
        StopResult stopped =
                from.engine.stop(new Epoch(epoch - 2), StopMode.ORDERLY, Duration.ofSeconds(10));
        say("stopped in order after %d ms: %s", since(begun), stopped);
        assertTrue(stopped.orderly());
        assertTrue(stopped.standbyHasAll());
        assertEquals(DatabaseRole.STOPPED, from.engine.observe().role());
        begun = System.nanoTime();
        to.engine.primary(new Epoch(epoch), ReplicationMode.ASYNCHRONOUS, false, LIMIT);
        say("promoted after %d ms", since(begun));
        int before = writer.count();
        Wait.until("writes", LIMIT, () -> writer.count() > before + 20);
        say("outage of writes at a switchover %d ms", writer.outage());
        begun = System.nanoTime();
        StandbyResult back = follow(from, to, epoch);
        say("former primary follows after %d ms", since(begun));
        assertFalse(back.seeded(), () -> back.reason().orElse(""));
        to.engine.replicate(new Epoch(epoch), ReplicationMode.SYNCHRONOUS, LIMIT);
    }

    @Test
    void setsAsideWhatOnlyTheOldPrimaryHas() throws Exception {
        createAndFollow();
        alpha.engine.replicate(new Epoch(2), ReplicationMode.ASYNCHRONOUS, LIMIT);
        beta.engine.stop(new Epoch(2), StopMode.ORDERLY, LIMIT);
        alpha.execute("INSERT INTO rows SELECT -n FROM generate_series(1, 1000) n");
        kill(alpha);
        beta.engine.primary(new Epoch(4), ReplicationMode.ASYNCHRONOUS, false, LIMIT);
        assertEquals("0", beta.ask("SELECT count(*) FROM rows"));
        beta.execute("INSERT INTO rows VALUES (1)");

        long begun = System.nanoTime();
        StandbyResult back = follow(alpha, beta, 4);
        say("diverged copy replaced after %d ms: %s", since(begun), back);
        assertTrue(back.seeded());
        Path aside = Path.of(back.aside().orElseThrow());
        assertTrue(Files.exists(aside.resolve("global/pg_control")));
        assertEquals("1", alpha.ask("SELECT count(*) FROM rows"));
    }

    @Test
    void keepsTheOldCopyUntilTheNewOneIsWhole() throws Exception {
        createAndFollow();
        beta.engine.stop(new Epoch(2), StopMode.IMMEDIATE, LIMIT);
        Files.writeString(beta.root().resolve("data/global/pg_control"), "damaged");
        pair.cutAfter.set(5_000_000);
        DatabaseException e = assertThrows(DatabaseException.class, () -> follow(beta, alpha, 2));
        assertTrue(e.getMessage().contains("the stream was cut"), e.getMessage());
        assertEquals("damaged", Files.readString(beta.root().resolve("data/global/pg_control")));
        assertEquals(DatabaseRole.STOPPED, beta.engine.observe().role());
        pair.cutAfter.set(Long.MAX_VALUE);
        Wait.until(
                "the end of the cut copying",
                LIMIT,
                () -> {
                    try {
                        return follow(beta, alpha, 2).aside().isPresent();
                    } catch (DatabaseException busy) {
                        return false;
                    }
                });
        assertEquals(DatabaseRole.STANDBY, beta.engine.observe().role());
    }

    @Test
    void refusesOlderEpochsAndInventingDatabases() throws Exception {
        DatabaseException never =
                assertThrows(
                        DatabaseException.class,
                        () ->
                                alpha.engine.primary(
                                        new Epoch(2), ReplicationMode.ASYNCHRONOUS, false, LIMIT));
        assertTrue(never.getMessage().contains("has no copy"), never.getMessage());
        alpha.engine.primary(new Epoch(4), ReplicationMode.ASYNCHRONOUS, true, LIMIT);
        assertThrows(
                StaleEpochException.class,
                () -> alpha.engine.stop(new Epoch(2), StopMode.IMMEDIATE, LIMIT));
        assertThrows(
                StaleEpochException.class,
                () ->
                        alpha.engine.primary(
                                new Epoch(3), ReplicationMode.ASYNCHRONOUS, false, LIMIT));
        assertEquals(DatabaseRole.PRIMARY, alpha.engine.observe().role());
        alpha.engine.stop(new Epoch(4), StopMode.IMMEDIATE, LIMIT);
        Files.move(alpha.root().resolve("data"), alpha.root().resolve("data.aside-by-hand"));
        DatabaseException gone =
                assertThrows(
                        DatabaseException.class,
                        () ->
                                alpha.engine.primary(
                                        new Epoch(4), ReplicationMode.ASYNCHRONOUS, true, LIMIT));
        assertTrue(gone.getMessage().contains("yet there was one"), gone.getMessage());
    }

    @Test
    void goesOnWithTheFirstDatabaseWhereItsCreationWasCut() throws Exception {
        Epoch later = new Epoch(3);
        assertThrows(
                DatabaseException.class,
                () ->
                        alpha.engine.primary(
                                new Epoch(2),
                                ReplicationMode.ASYNCHRONOUS,
                                true,
                                Duration.ofMillis(50)));
        // The tenure that created is over; the next one finds an entry in the ledger.
        alpha.engine.primary(later, ReplicationMode.ASYNCHRONOUS, false, LIMIT);
        assertEquals(DatabaseRole.PRIMARY, alpha.engine.observe().role());
        alpha.engine.stop(later, StopMode.IMMEDIATE, LIMIT);
        Files.move(alpha.root().resolve("data"), directory.resolve("lost"));
        DatabaseException lost =
                assertThrows(
                        DatabaseException.class,
                        () ->
                                alpha.engine.primary(
                                        later, ReplicationMode.ASYNCHRONOUS, false, LIMIT));
        assertTrue(lost.getMessage().contains("has no copy"), lost.getMessage());
    }

    @Test
    void goesOnAloneWhenTheStandbyHangs() throws Exception {
        createAndFollow();
        alpha.engine.replicate(new Epoch(2), ReplicationMode.SYNCHRONOUS, LIMIT);
        List<ProcessIdentity> stopped = new ArrayList<>();
        for (ProcessIdentity process : processesOf(beta)) {
            Signals.send(process, "STOP");
            stopped.add(process);
        }
        try {
            CompletableFuture<Long> write = new CompletableFuture<>();
            pair.workers.execute(
                    () -> {
                        try {
                            alpha.execute("INSERT INTO rows VALUES (77)");
                            write.complete(System.nanoTime());
                        } catch (Exception e) {
                            write.completeExceptionally(e);
                        }
                    });
            long noticed =
                    Wait.until(
                            "noticing the hang",
                            LIMIT,
                            () -> !alpha.engine.observe().standbyAttached());
            assertFalse(write.isDone());
            long begun = System.nanoTime();
            alpha.engine.replicate(new Epoch(2), ReplicationMode.ASYNCHRONOUS, LIMIT);
            long returned = since(begun);
            long written = (write.get(5, TimeUnit.SECONDS) - begun) / 1_000_000;
            say(
                    "hang noticed after %d ms; write returned %d ms after relaxing, the call"
                            + " after %d ms",
                    noticed, written, returned);
            assertTrue(written < 500);
            DatabaseException e =
                    assertThrows(
                            DatabaseException.class,
                            () ->
                                    alpha.engine.replicate(
                                            new Epoch(2),
                                            ReplicationMode.SYNCHRONOUS,
                                            Duration.ofMillis(300)));
            say("synchronous refused: %s", e.getMessage());
            assertEquals(ReplicationMode.ASYNCHRONOUS, alpha.engine.observe().replication());
        } finally {
            for (ProcessIdentity process : stopped) {
                Signals.send(process, "CONT");
            }
        }
        long caughtUp =
                Wait.until("catching up", LIMIT, () -> alpha.engine.observe().standbyCaughtUp());
        say("caught up %d ms after going on", caughtUp);
    }

    @Test
    void startsAgainOverTheRemainsOfAKilledServer() throws Exception {
        createAndFollow();
        try (Writer writer = new Writer(pair)) {
            Wait.until("writes", LIMIT, () -> writer.count() > 50);
            Signals.kill(ProcessIdentity.of(alpha.postmaster()).orElseThrow());
            Wait.until("notice", LIMIT, () -> alpha.engine.observe().role() == DatabaseRole.FAILED);
            long begun = System.nanoTime();
            alpha.engine.primary(new Epoch(2), ReplicationMode.SYNCHRONOUS, false, LIMIT);
            say("primary again after %d ms", since(begun));
            int before = writer.count();
            Wait.until("writes", LIMIT, () -> writer.count() > before + 50);
            Wait.until("the standby", LIMIT, () -> alpha.engine.observe().standbyAttached());
            assertEquals(Set.of(), writer.lostAt(alpha));
        }
        pair.alpha.engine.stop(new Epoch(2), StopMode.ORDERLY, LIMIT);
        // A stopped copy that followed is promoted on a new timeline.
        beta.engine.stop(new Epoch(2), StopMode.ORDERLY, LIMIT);
        beta.engine.primary(new Epoch(4), ReplicationMode.ASYNCHRONOUS, false, LIMIT);
        assertTrue(
                beta.engine.observe().position().startsWith("timeline 2"),
                beta.engine.observe().position());
    }

    @Test
    void copiesAnewWhatHasFallenBehindTheLog() throws Exception {
        createAndFollow();
        alpha.engine.replicate(new Epoch(2), ReplicationMode.ASYNCHRONOUS, LIMIT);
        beta.engine.stop(new Epoch(2), StopMode.IMMEDIATE, LIMIT);
        long gone = Wait.until("notice", LIMIT, () -> !alpha.engine.observe().standbyAttached());
        say("loss of the standby noticed after %d ms", gone);
        try (Sessions sessions = Sessions.own(alpha.place)) {
            sessions.run(
                    LIMIT,
                    connection ->
                            Queries.text(
                                    connection,
                                    "SELECT pg_drop_replication_slot('understudy_beta')"));
            Wait.until("the log's end", LIMIT, () -> sessions.run(LIMIT, this::logIsGone));
        }
        alpha.execute("INSERT INTO rows VALUES (5)");
        long begun = System.nanoTime();
        StandbyResult back = follow(beta, alpha, 2);
        say("copy that fell behind replaced after %d ms: %s", since(begun), back);
        assertTrue(back.seeded());
        assertTrue(back.aside().isEmpty());
        alpha.engine.replicate(new Epoch(2), ReplicationMode.SYNCHRONOUS, LIMIT);
        Wait.until("the row", LIMIT, () -> "5".equals(beta.ask("SELECT max(id) FROM rows")));
    }

    private boolean logIsGone(Connection connection) throws SQLException {
        Queries.text(connection, "SELECT pg_logical_emit_message(true, 'test', 'x')");
        Queries.text(connection, "SELECT pg_switch_wal()");
        Queries.execute(connection, "CHECKPOINT");
        return Queries.truth(
                connection,
                "SELECT NOT EXISTS (SELECT FROM pg_ls_waldir() WHERE name LIKE '%00000003')");
    }

    private void createAndFollow() throws Exception {
        long begun = System.nanoTime();
        alpha.engine.primary(new Epoch(2), ReplicationMode.ASYNCHRONOUS, true, LIMIT);
        say("created after %d ms", since(begun));
        alpha.execute("CREATE TABLE rows (id bigint PRIMARY KEY)");
        List<Integer> percents = new ArrayList<>();
        begun = System.nanoTime();
        StandbyResult result =
                beta.engine.standby(
                        new Epoch(2),
                        alpha.asUpstream(),
                        LIMIT,
                        (percent, left) -> percents.add(percent));
        say("first copy follows after %d ms, %d steps told", since(begun), percents.size());
        assertTrue(result.seeded());
        assertEquals(100, percents.get(percents.size() - 1));
        DatabaseFacts facts = beta.engine.observe();
        assertEquals(DatabaseRole.STANDBY, facts.role());
        begun = System.nanoTime();
        alpha.engine.replicate(new Epoch(2), ReplicationMode.SYNCHRONOUS, LIMIT);
        say("synchronous after %d ms", since(begun));
        assertEquals(ReplicationMode.SYNCHRONOUS, alpha.engine.observe().replication());
        assertTrue(alpha.engine.observe().standbyAttached());
    }

    private StandbyResult follow(Pair.Side side, Pair.Side primary, long epoch) throws Exception {
        return side.engine.standby(
                new Epoch(epoch), primary.asUpstream(), LIMIT, Progress.ignored());
    }

    /** As a guard does: at once and without a word to the engine. */
    private static void kill(Pair.Side side) throws Exception {
        for (ProcessIdentity process : processesOf(side)) {
            Signals.kill(process);
        }
        Wait.until("its death", LIMIT, () -> processesOf(side).isEmpty());
    }

    private static List<ProcessIdentity> processesOf(Pair.Side side) throws Exception {
        Path data = side.root().resolve("data").toRealPath();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(
                            handle -> {
                                try {
                                    return Files.readSymbolicLink(
                                                    Path.of("/proc/" + handle.pid() + "/cwd"))
                                            .equals(data);
                                } catch (java.io.IOException gone) {
                                    return false;
                                }
                            })
                    .flatMap(handle -> ProcessIdentity.of(handle.pid()).stream())
                    .filter(ProcessIdentity::alive)
                    .toList();
        }
    }

    private void say(String text, Object... values) {
        System.out.println(test + " " + String.format(text, values));
    }

    private static long since(long begun) {
        return (System.nanoTime() - begun) / 1_000_000;
    }
}
