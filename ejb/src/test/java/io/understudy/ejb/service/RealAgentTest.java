package io.understudy.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.ManualStop;
import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.config.ServiceKind;
import io.understudy.core.config.StartMode;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.guard.GuardLink;
import io.understudy.ejb.process.ControlGroup;
import io.understudy.ejb.process.ProcessIdentity;
import io.understudy.ejb.process.Spawner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent of Debian's package resource-agents, unchanged; skipped where it is not installed. */
class RealAgentTest {

    private static final Epoch ONE = Epoch.NONE.next();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir Path data;

    @Test
    void anythingStartsIsWatchedAndStops() throws Exception {
        OcfAgent agent = OcfAgent.of("ocf:heartbeat:anything");
        Optional<Path> mount = ControlGroup.mount();
        Assumptions.assumeTrue(Files.isExecutable(agent.file()), "needs resource-agents");
        Assumptions.assumeTrue(
                mount.filter(Files::isWritable).isPresent(), "needs root and cgroup v2");
        ControlGroup group =
                new ControlGroup(
                        mount.get().resolve("understudy-real-" + System.nanoTime() + "/nms~any"));
        Map<String, String> parameters =
                Map.of(
                        "binfile", "/bin/sleep",
                        "cmdline_options", "300",
                        "pidfile", data.resolve("any.pid").toString());
        ServiceConfiguration service =
                new ServiceConfiguration(
                        "any",
                        ServiceKind.OCF,
                        Optional.of(agent.name()),
                        parameters,
                        List.of(),
                        List.of(),
                        Map.of(),
                        new Probe.Alive(),
                        Optional.empty(),
                        true,
                        Duration.ofSeconds(1),
                        1,
                        Optional.empty(),
                        StartMode.AUTOMATIC,
                        ManualStop.STAY);
        try (Spawner spawner = new Spawner()) {
            OcfBody body =
                    new OcfBody(
                            service,
                            new ServiceCommands(
                                    InstanceName.of("nms"),
                                    NodeName.of("alpha"),
                                    data,
                                    new Children(data.resolve("run"), spawner, GuardLink.none()),
                                    List::of),
                            Timers.FAST,
                            agent,
                            group);
            body.start(ONE);
            long pid = Long.parseLong(Files.readString(data.resolve("any.pid")).strip());
            ProcessIdentity daemon = ProcessIdentity.of(pid).orElseThrow();
            assertTrue(daemon.alive());
            assertTrue(body.processes().contains(pid));
            assertEquals(ProbeResult.GOOD, body.look(ONE, LIMIT));
            body.stop(ONE, LIMIT);
            assertFalse(daemon.alive());
        } finally {
            group.kill(LIMIT);
            group.remove();
            Files.deleteIfExists(group.directory().getParent());
        }
    }
}
