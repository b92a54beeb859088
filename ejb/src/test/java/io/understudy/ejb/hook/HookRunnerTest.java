package io.understudy.ejb.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.Hook;
import io.understudy.core.config.Hook.Moment;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.guard.GuardLink;
import io.understudy.ejb.process.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real commands. */
class HookRunnerTest {

    @TempDir private Path directory;
    private Spawner spawner;
    private HookRunner runner;
    private final List<String> failures = new ArrayList<>();

    @BeforeEach
    void make() {
        spawner = new Spawner();
        runner =
                new HookRunner(
                        NodeName.of("alpha"),
                        directory,
                        new Children(directory, spawner, GuardLink.none()),
                        Runnable::run,
                        (instance, hook, why) -> failures.add(hook + ": " + why));
    }

    @AfterEach
    void end() {
        spawner.close();
    }

    private static InstanceConfiguration with(Hook... hooks) {
        return new InstanceConfiguration(
                InstanceName.of("nms"),
                NodeName.of("alpha"),
                NodeName.of("beta"),
                List.of("10.77.0.100/24 dev eth0", "fd00::100/64 dev eth0"),
                List.of(),
                List.of(),
                List.of(),
                List.of(hooks));
    }

    private static Hook hook(Moment moment, String script, boolean required) {
        return new Hook(moment, List.of("/bin/sh", "-c", script), Duration.ofMillis(700), required);
    }

    @Test
    void knowsWhatItIsAbout() throws Exception {
        Path file = directory.resolve("said");
        String script =
                "echo $UNDERSTUDY_HOOK $UNDERSTUDY_INSTANCE $UNDERSTUDY_NODE $UNDERSTUDY_EPOCH"
                        + " $UNDERSTUDY_ADDRESSES > "
                        + file;
        runner.run(
                with(hook(Moment.BEFORE_START, script, true)), Moment.BEFORE_START, new Epoch(7));
        assertEquals(
                "before-start nms alpha 7 10.77.0.100 fd00::100", Files.readString(file).strip());
        assertEquals(List.of(), failures);
    }

    @Test
    void aFailureIsToldAndHindersNothing() throws Exception {
        InstanceConfiguration instance =
                with(hook(Moment.BEFORE_STOP, "echo no such zone; exit 3", false));
        runner.run(instance, Moment.BEFORE_STOP, new Epoch(1));
        runner.run(instance, Moment.AFTER_STOP, new Epoch(1));
        assertEquals(List.of("before-stop: status 3 no such zone"), failures);
        runner.run(
                with(
                        new Hook(
                                Moment.AFTER_STOP,
                                List.of("/nosuch/program"),
                                Duration.ofSeconds(1),
                                false)),
                Moment.AFTER_STOP,
                new Epoch(1));
        assertEquals(2, failures.size());
    }

    @Test
    void aRequiredOneThatFailsKeepsTheInstanceAway() {
        IOException refused =
                assertThrows(
                        IOException.class,
                        () ->
                                runner.run(
                                        with(hook(Moment.BEFORE_START, "exit 1", true)),
                                        Moment.BEFORE_START,
                                        new Epoch(1)));
        assertTrue(refused.getMessage().contains("before-start"), refused.getMessage());
        assertEquals(1, failures.size());
    }

    @Test
    void whatHangsIsKilledWithAllThatItStarted() throws Exception {
        Path pid = directory.resolve("pid");
        long began = System.nanoTime();
        runner.begin(
                with(hook(Moment.AFTER_START, "sleep 60 & echo $! > " + pid + "; wait", false)),
                Moment.AFTER_START,
                new Epoch(1));
        assertTrue(System.nanoTime() - began < 5_000_000_000L);
        assertEquals(List.of("after-start: it had not ended after 700 ms"), failures);
        long grandchild = Long.parseLong(Files.readString(pid).strip());
        boolean gone =
                ProcessHandle.of(grandchild).filter(ProcessHandle::isAlive).isEmpty()
                        || Files.readString(Path.of("/proc/" + grandchild + "/stat"))
                                .contains(") Z ");
        assertTrue(gone, "process " + grandchild + " still lives");
    }
}
