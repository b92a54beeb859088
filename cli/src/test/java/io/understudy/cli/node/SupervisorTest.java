package io.understudy.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SupervisorTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final FakeRole role = new FakeRole();
    private final Supervisor supervisor = new Supervisor(role);
    private Thread thread;

    private static final class FakeRole implements Supervisor.Role {

        private final LinkedBlockingQueue<Process> started = new LinkedBlockingQueue<>();
        private final List<String> log = new CopyOnWriteArrayList<>();
        private List<String> command = List.of("sleep", "100");

        @Override
        public Process start() throws IOException {
            return new ProcessBuilder(command).start();
        }

        @Override
        public void started(Process process) {
            started.add(process);
        }

        @Override
        public void ended(int status) {
            log.add("ended " + status);
        }

        @Override
        public void waiting(int status, Duration wait) {
            log.add("waiting " + wait.toSeconds());
        }

        @Override
        public void stop(Process process) {
            log.add("asked");
        }

        Process next() throws InterruptedException {
            Process process = started.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            assertTrue(process != null, "nothing was started");
            return process;
        }
    }

    private void begin() {
        thread =
                new Thread(
                        () -> {
                            try {
                                supervisor.run();
                            } catch (IOException | InterruptedException e) {
                                role.log.add(e.toString());
                            }
                        },
                        "supervisor-test");
        thread.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        supervisor.stop(Duration.ofMillis(100));
        if (thread != null) {
            thread.join(LIMIT.toMillis());
            assertFalse(thread.isAlive());
        }
    }

    @Test
    void startsAgainWhatWasKilled() throws InterruptedException {
        begin();
        role.next().destroyForcibly();
        Process second = role.next();
        assertTrue(second.isAlive());
        assertEquals(List.of("ended 137", "waiting 1"), role.log);
    }

    @Test
    void stopsInGoodOrder() throws InterruptedException {
        begin();
        Process process = role.next();
        supervisor.stop(LIMIT);
        assertFalse(process.isAlive());
        assertEquals(List.of("asked", "ended 143"), role.log);
    }

    @Test
    void killsWhatDoesNotObey() throws InterruptedException, IOException {
        role.command = List.of("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done");
        begin();
        Process process = role.next();
        assertTrue(process.getInputStream().read() >= 0);
        supervisor.stop(Duration.ofMillis(200));
        assertTrue(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(137, process.exitValue());
    }

    @Test
    void stopsWhileItWaits() throws InterruptedException {
        role.command = List.of("false");
        begin();
        role.next().waitFor();
        long began = System.nanoTime();
        supervisor.stop(LIMIT);
        thread.join(LIMIT.toMillis());
        assertFalse(thread.isAlive());
        assertTrue(System.nanoTime() - began < LIMIT.toNanos());
    }

    @Test
    void neverStartsAfterAStop() throws InterruptedException {
        supervisor.stop(Duration.ofMillis(1));
        begin();
        thread.join(LIMIT.toMillis());
        assertTrue(role.started.isEmpty());
    }

    @Test
    void theWaitDoublesUpToALimitAndStartsAnewAfterAGoodRun() {
        Backoff backoff = new Backoff();
        Duration short1 = Duration.ofSeconds(2);
        List<Long> waits = List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L);
        waits.forEach(wait -> assertEquals(wait, backoff.after(short1).toSeconds()));
        assertEquals(1, backoff.after(Duration.ofSeconds(60)).toSeconds());
        assertEquals(2, backoff.after(short1).toSeconds());
    }
}
