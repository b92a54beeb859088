package io.understudy.ejb.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.ejb.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnerTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir Path directory;
    private final Spawner spawner = new Spawner();

    @AfterEach
    void close() {
        spawner.close();
    }

    private Launch launch(String... command) {
        return new Launch(
                "test",
                List.of(command),
                Map.of("GIVEN", "yes"),
                true,
                directory,
                directory.resolve("logs/test.log"),
                Optional.empty());
    }

    @Test
    void appendsOutputToTheLogAndKnowsTheEnd() throws Exception {
        Child child = spawner.start(launch("sh", "-c", "echo out; echo err >&2; exit 3"));
        assertTrue(child.awaitEnd(LIMIT));
        assertEquals(3, child.exitStatus());
        assertFalse(child.alive());
        assertEquals("out\nerr\n", Files.readString(directory.resolve("logs/test.log")));
    }

    @Test
    void anotherProcessWithTheSameNumberIsAnotherProcess() throws Exception {
        Child child = spawner.start(launch("sleep", "60"));
        ProcessIdentity same = ProcessIdentity.of(child.pid()).orElseThrow();
        assertTrue(same.alive());
        assertFalse(new ProcessIdentity(child.pid(), same.startTicks() + 1).alive());
        ProcessTree.kill(new ProcessIdentity(child.pid(), same.startTicks() + 1));
        assertTrue(child.alive());
        child.kill();
        assertFalse(same.alive());
    }

    @Test
    void aZombieIsDead() throws Exception {
        // The shell becomes a program that never reaps, its child ends at once.
        Child parent = spawner.start(launch("sh", "-c", "sh -c 'exit 0' & exec sleep 60"));
        Wait.until(
                "the child's end",
                LIMIT,
                () ->
                        ProcessHandle.of(parent.pid()).orElseThrow().children().count() == 0
                                || ProcessHandle.of(parent.pid())
                                        .orElseThrow()
                                        .children()
                                        .flatMap(h -> ProcessIdentity.of(h.pid()).stream())
                                        .noneMatch(ProcessIdentity::alive));
        parent.kill();
    }

    @Test
    void killsTheWholeTree() throws Exception {
        Child root = spawner.start(launch("sh", "-c", "(trap '' TERM; sleep 61 & wait) & wait"));
        Wait.until(
                "the tree",
                LIMIT,
                () -> ProcessHandle.of(root.pid()).orElseThrow().descendants().count() >= 2);
        List<ProcessIdentity> all =
                ProcessHandle.of(root.pid())
                        .orElseThrow()
                        .descendants()
                        .flatMap(h -> ProcessIdentity.of(h.pid()).stream())
                        .toList();
        root.end(Duration.ofMillis(200));
        assertTrue(all.stream().noneMatch(ProcessIdentity::alive));
    }

    @Test
    void commandsEndWithTheirLimit() throws Exception {
        CommandResult slow = spawner.run(launch("sleep", "60"), "", Duration.ofMillis(150));
        assertTrue(slow.timedOut());
        assertFalse(slow.succeeded());
        CommandResult cat = spawner.run(launch("cat"), "hello\nworld\n", LIMIT);
        assertTrue(cat.succeeded());
        assertEquals("world", cat.lastLine());
    }

    @Test
    void aMissingProgramIsSaidAtOnce() {
        IOException e =
                assertThrows(IOException.class, () -> spawner.start(launch("no-such-program")));
        assertTrue(e.getMessage().contains("no program 'no-such-program'"), e.getMessage());
    }

    @Test
    void childrenDieWithTheForkingThread() throws Exception {
        Assumptions.assumeTrue(spawner.endsWithParent());
        Spawner other = new Spawner();
        Launch launch =
                new Launch(
                        "sleep",
                        List.of("sleep", "60"),
                        Map.of(),
                        false,
                        Path.of("/"),
                        directory.resolve("sleep.log"),
                        // A change of user clears the signal unless it is set after it.
                        Account.unprivileged());
        Child child = other.start(launch);
        // setpriv must have set the signal before the thread ends.
        Wait.until(
                "setpriv's exec",
                LIMIT,
                () ->
                        Files.readString(Path.of("/proc/" + child.pid() + "/comm"))
                                .startsWith("sleep"));
        other.close();
        Wait.until("the child's end", LIMIT, () -> !child.alive());
    }

    @Test
    void runsUnderAnotherAccount() throws Exception {
        Optional<Account> account = Account.unprivileged();
        Assumptions.assumeTrue(account.isPresent());
        Launch launch =
                new Launch(
                        "id",
                        List.of("id", "-un"),
                        Map.of(),
                        false,
                        Path.of("/"),
                        directory.resolve("id.log"),
                        account);
        assertEquals(account.get().user(), spawner.run(launch, "", LIMIT).lastLine());
    }

    @Test
    void rotatesALongLog() throws Exception {
        Path log = directory.resolve("long.log");
        Files.write(log, new byte[(int) LogFile.ROTATE_AT_BYTES]);
        LogFile.rotate(log);
        assertEquals(0, Files.size(log));
        assertEquals(LogFile.ROTATE_AT_BYTES, Files.size(directory.resolve("long.log.1")));
    }
}
