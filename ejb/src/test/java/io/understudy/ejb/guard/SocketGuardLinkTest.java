package io.understudy.ejb.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.time.Moment;
import io.understudy.ejb.Wait;
import io.understudy.ejb.process.Child;
import io.understudy.ejb.process.Launch;
import io.understudy.ejb.process.ProcessIdentity;
import io.understudy.ejb.process.Spawner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketGuardLinkTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final InstanceName NMS = InstanceName.of("nms");

    @TempDir Path directory;
    private final AtomicInteger lost = new AtomicInteger();

    private SocketGuardLink connect() throws IOException {
        return SocketGuardLink.connect(
                directory.resolve("guard.sock"), LIMIT, lost::incrementAndGet);
    }

    @Test
    void speaksTheProtocol() throws Exception {
        try (FakeGuard guard = new FakeGuard(directory.resolve("guard.sock"));
                SocketGuardLink link = connect()) {
            ProcessIdentity process = new ProcessIdentity(42, 4711);
            link.child(NMS, process, ChildKind.BOUND);
            link.lease(NMS, new Epoch(6), new Moment(123));
            link.kind(process, ChildKind.LEASED);
            link.noLease(NMS, new Epoch(6));
            link.gone(process);
            Wait.until("five lines", LIMIT, () -> guard.lines.size() == 5);
            assertEquals(
                    List.of(
                            "child nms 42 4711 bound",
                            "lease nms 6 123",
                            "kind 42 leased",
                            "lease nms 6 0",
                            "gone 42"),
                    guard.lines);
        }
        assertEquals(0, lost.get());
    }

    @Test
    void saysWhenTheGuardIsLost() throws Exception {
        FakeGuard guard = new FakeGuard(directory.resolve("guard.sock"));
        try (SocketGuardLink link = connect();
                Spawner spawner = new Spawner()) {
            assertTrue(link.guarded());
            Children children = new Children(directory.resolve("run"), spawner, link);
            Child child = children.start(NMS, "service.a", sleep(), ChildKind.LEASED);
            Wait.until(
                    "the child's line",
                    LIMIT,
                    () ->
                            guard.lines.contains(
                                    "child nms "
                                            + child.pid()
                                            + " "
                                            + child.identity().startTicks()
                                            + " leased"));
            child.kill();
            Wait.until("gone", LIMIT, () -> guard.lines.contains("gone " + child.pid()));
            guard.close();
            Wait.until("the loss", LIMIT, () -> lost.get() == 1);
            assertFalse(link.guarded());
            assertThrows(
                    IOException.class,
                    () -> children.start(NMS, "service.a", sleep(), ChildKind.LEASED));
        }
    }

    @Test
    void whatHundredsSayAtOnceArrivesInOrderAtAGuardThatComesToReadLate() throws Exception {
        try (FakeGuard guard = new FakeGuard(directory.resolve("guard.sock"));
                SocketGuardLink link = connect()) {
            guard.idle = true;
            List<String> said = new ArrayList<>();
            for (int i = 1; i <= 3_000; i++) {
                link.lease(NMS, new Epoch(6), new Moment(i));
                said.add("lease nms 6 " + i);
            }
            assertTrue(link.guarded());
            guard.idle = false;
            Wait.until("all lines", LIMIT, () -> guard.lines.size() == said.size());
            assertEquals(said, guard.lines);
        }
    }

    @Test
    void aGuardThatDoesNotReadAtAllIsLost() throws Exception {
        try (FakeGuard guard = new FakeGuard(directory.resolve("guard.sock"));
                SocketGuardLink link = connect()) {
            guard.idle = true;
            Wait.until(
                    "it counts as lost",
                    LIMIT,
                    () -> {
                        for (int i = 1; i <= 1_000; i++) {
                            link.lease(NMS, new Epoch(6), new Moment(i));
                        }
                        return !link.guarded();
                    });
            guard.idle = false;
        }
    }

    @Test
    void withoutAGuardItSaysHowToStart() {
        IOException e = assertThrows(IOException.class, this::connect);
        assertTrue(e.getMessage().contains("start the node with 'understudy node'"));
    }

    @Test
    void endsWhatAFormerLifeLeft() throws Exception {
        try (Spawner spawner = new Spawner()) {
            Child old =
                    new Children(directory, spawner, GuardLink.none())
                            .start(NMS, "service.a", sleep(), ChildKind.LEASED);
            Children later = new Children(directory, spawner, GuardLink.none());
            Child fresh = later.start(NMS, "service.a", sleep(), ChildKind.LEASED);
            assertFalse(old.alive());
            assertTrue(fresh.alive());
            fresh.kill();
        }
    }

    private Launch sleep() {
        return new Launch(
                "sleep",
                List.of("sleep", "60"),
                Map.of(),
                true,
                directory,
                directory.resolve("sleep.log"),
                Optional.empty());
    }
}
