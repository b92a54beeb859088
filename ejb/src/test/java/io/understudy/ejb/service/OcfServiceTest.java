package io.understudy.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agents written for the purpose: one that works and daemonises, and ones that hang, lie, refuse or
 * are missing. Needs control groups, as agents do at all times.
 */
class OcfServiceTest {

    private static final Epoch ONE = Epoch.NONE.next();
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /**
     * A daemon in a session of its own, its number in a file; what Debian's agents do. A zombie
     * counts as gone: PID 1 may reap slowly.
     */
    private static final String GOOD =
            """
            start) [ -n "$OCF_RESKEY_pidfile" ] || exit 6
                   alive && exit 0
                   setsid -f sh -c 'echo $$ > "$OCF_RESKEY_pidfile"; exec sleep 300'
                   until alive; do sleep 0.01; done; exit 0 ;;
            stop) alive && kill "$(cat "$OCF_RESKEY_pidfile")"
                  while alive; do sleep 0.01; done; rm -f "$OCF_RESKEY_pidfile"; exit 0 ;;
            monitor) alive && exit 0; exit 7 ;;
            """;

    @TempDir Path data;
    private final Spawner spawner = new Spawner();
    private Path pidFile;
    private ControlGroup group;

    @BeforeEach
    void needControlGroups() {
        Optional<Path> mount = ControlGroup.mount();
        Assumptions.assumeTrue(
                mount.filter(Files::isWritable).isPresent(), "needs root and cgroup v2");
        pidFile = data.resolve("daemon.pid");
        group =
                new ControlGroup(
                        mount.get().resolve("understudy-test-" + System.nanoTime() + "/nms~web"));
    }

    @AfterEach
    void close() throws Exception {
        if (group != null) {
            group.kill(LIMIT);
            group.remove();
            Files.deleteIfExists(group.directory().getParent());
        }
        spawner.close();
    }

    private OcfBody agent(String actions, Map<String, String> parameters) throws IOException {
        Path file = data.resolve("ocf/resource.d/test/thing");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                """
                #!/bin/sh
                alive() {
                    p=$(cat "$OCF_RESKEY_pidfile" 2>/dev/null) || return 1
                    grep -q '^State:.[RSD]' "/proc/$p/status" 2>/dev/null
                }
                echo "$1 $OCF_RESOURCE_INSTANCE $OCF_RESKEY_CRM_meta_timeout" >> "$OCF_ROOT/calls"
                case $1 in
                meta-data) cat "$OCF_ROOT/meta.xml"; exit 0 ;;
                %s
                *) exit 3 ;;
                esac
                """
                        .formatted(actions));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(
                data.resolve("ocf/meta.xml"),
                """
                <?xml version="1.0"?>
                <!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
                <resource-agent name="thing"><version>1.0</version>
                <parameters>
                <parameter name="pidfile" required="1"><content type="string"/></parameter>
                <parameter name="port"><content type="integer" default="1"/></parameter>
                </parameters>
                <actions><action name="start" timeout="2s"/><action name="stop" timeout="1"/>
                <action name="monitor" depth="0" timeout="500ms" interval="10s"/></actions>
                </resource-agent>
                """);
        return body(parameters);
    }

    private OcfBody body(Map<String, String> parameters) {
        return new OcfBody(
                service(parameters),
                new ServiceCommands(
                        InstanceName.of("nms"),
                        NodeName.of("alpha"),
                        data,
                        new Children(data.resolve("run"), spawner, GuardLink.none()),
                        List::of),
                Timers.FAST,
                new OcfAgent(data.resolve("ocf"), "ocf:test:thing"),
                group);
    }

    private static ServiceConfiguration service(Map<String, String> parameters) {
        return new ServiceConfiguration(
                "web",
                ServiceKind.OCF,
                Optional.of("ocf:test:thing"),
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
    }

    private Map<String, String> pid() {
        return Map.of("pidfile", pidFile.toString());
    }

    private ProcessIdentity daemon() throws IOException {
        return ProcessIdentity.of(Long.parseLong(Files.readString(pidFile).strip())).orElseThrow();
    }

    @Test
    void startsLooksAtAndStopsAnAgentAsItIs() throws Exception {
        OcfBody body = agent(GOOD, pid());
        assertTrue(body.ended().isPresent());
        body.start(ONE);
        ProcessIdentity daemon = daemon();
        assertTrue(daemon.alive());
        assertEquals(List.of(daemon.pid()), body.processes());
        assertEquals(ProbeResult.GOOD, body.look(ONE, LIMIT));
        assertEquals(Optional.empty(), body.ended());
        body.stop(ONE, LIMIT);
        assertFalse(daemon.alive());
        List<String> calls = Files.readAllLines(data.resolve("ocf/calls"));
        assertTrue(calls.contains("start nms_web 2000"), calls.toString());
        assertTrue(calls.contains("stop nms_web 1000"), calls.toString());
    }

    @Test
    void aDaemonThatDiesIsNoticedWithoutAskingTheAgent() throws Exception {
        OcfBody body = agent(GOOD, pid());
        body.start(ONE);
        daemon().alive();
        ProcessHandle.of(daemon().pid()).orElseThrow().destroyForcibly();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (body.ended().isEmpty()) {
            assertTrue(System.nanoTime() < end, "its death was not noticed");
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertFalse(body.look(ONE, LIMIT).good());
    }

    @Test
    void aKillEndsTheDaemonToo() throws Exception {
        OcfBody body = agent(GOOD, pid());
        body.start(ONE);
        ProcessIdentity daemon = daemon();
        body.kill();
        assertFalse(daemon.alive());
        body.stop(ONE, Duration.ZERO);
    }

    @Test
    void whatSomebodyElseStartedIsStoppedFirst() throws Exception {
        OcfBody body = agent(GOOD, pid());
        Process other = new ProcessBuilder("setsid", "-f", "sleep", "300").inheritIO().start();
        other.waitFor();
        long stranger =
                ProcessHandle.allProcesses()
                        .filter(p -> p.info().commandLine().orElse("").endsWith("sleep 300"))
                        .mapToLong(ProcessHandle::pid)
                        .max()
                        .orElseThrow();
        Files.writeString(pidFile, stranger + "\n");
        ProcessIdentity identity = ProcessIdentity.of(stranger).orElseThrow();
        body.start(ONE);
        assertFalse(identity.alive());
        assertTrue(daemon().alive());
        assertEquals(List.of(daemon().pid()), body.processes());
    }

    @Test
    void aStartThatHangsIsEndedWithAllThatItStarted() throws Exception {
        OcfBody body = agent("start) setsid -f sleep 300; sleep 300 ;;\nmonitor) exit 7 ;;", pid());
        long begun = System.nanoTime();
        IOException e = assertThrows(IOException.class, () -> body.start(ONE));
        assertTrue(e.getMessage().contains("did not end within 2000 ms"), e.getMessage());
        assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(8));
        assertFalse(group.populated());
    }

    @Test
    void aMonitorThatHangsIsNoGoodAnswer() throws Exception {
        OcfBody body =
                agent(
                        GOOD.replace(
                                "monitor)", "monitor) [ -e \"$OCF_ROOT/hang\" ] && sleep 300;"),
                        pid());
        body.start(ONE);
        Files.createFile(data.resolve("ocf/hang"));
        ProbeResult result = body.look(ONE, LIMIT);
        assertTrue(result.problem().contains("did not end within 500 ms"), result::problem);
    }

    @Test
    void aStopThatFailsWhileTheAgentSaysRunningIsNotStopped() throws Exception {
        OcfBody body = agent("start|monitor) exit 0 ;;\nstop) echo no way; exit 1 ;;", pid());
        // What runs before the start must be stopped, and cannot be.
        IOException first = assertThrows(IOException.class, () -> body.start(ONE));
        assertTrue(first.getMessage().contains("could not be stopped"), first.getMessage());
        OcfBody later =
                agent(
                        """
                        start) touch "$OCF_ROOT/on"; exit 0 ;;
                        monitor) [ -e "$OCF_ROOT/on" ] && exit 0; exit 7 ;;
                        stop) echo no way; exit 1 ;;
                        """,
                        pid());
        later.start(ONE);
        IOException e = assertThrows(IOException.class, () -> later.stop(ONE, LIMIT));
        assertTrue(e.getMessage().contains("no way"), e.getMessage());
        IOException killed = assertThrows(IOException.class, () -> later.stop(ONE, Duration.ZERO));
        assertTrue(killed.getMessage().contains("keeps the lease"), killed.getMessage());
        Files.delete(data.resolve("ocf/on"));
        later.stop(ONE, Duration.ZERO);
    }

    @Test
    void aStopThatHangsIsKilledAndThenTheAgentIsAsked() throws Exception {
        OcfBody body = agent(GOOD.replace("stop) alive", "stop) sleep 300; alive"), pid());
        body.start(ONE);
        ProcessIdentity daemon = daemon();
        body.stop(ONE, LIMIT);
        assertFalse(daemon.alive());
    }

    @Test
    void anAgentThatSaysStoppedWhileItsDaemonLivesIsNotBelieved() throws Exception {
        OcfBody body = agent(GOOD.replace("stop) alive", "stop) exit 0; alive"), pid());
        body.start(ONE);
        ProcessIdentity daemon = daemon();
        body.stop(ONE, LIMIT);
        assertFalse(daemon.alive());
    }

    @Test
    void parametersAreCheckedAgainstWhatTheAgentSays() throws Exception {
        OcfBody unknown = agent(GOOD, Map.of("pidfile", pidFile.toString(), "pirt", "1"));
        IOException e = assertThrows(IOException.class, () -> unknown.start(ONE));
        assertTrue(
                e.getMessage().contains("'pirt'") && e.getMessage().contains("port"),
                e::getMessage);
        OcfBody missing = agent(GOOD, Map.of("port", "1"));
        IOException m = assertThrows(IOException.class, () -> missing.start(ONE));
        assertTrue(m.getMessage().contains("needs the parameter 'pidfile'"), m::getMessage);
    }

    @Test
    void anAgentThatIsMissingOrDumbIsNamed() throws Exception {
        IOException e = assertThrows(IOException.class, () -> body(pid()).start(ONE));
        assertTrue(e.getMessage().contains("ocf:test:thing is not on this host"), e::getMessage);
        OcfBody dumb = agent(GOOD, pid());
        Files.writeString(data.resolve("ocf/meta.xml"), "I am no agent");
        IOException d = assertThrows(IOException.class, () -> dumb.start(ONE));
        assertTrue(d.getMessage().contains("does not describe itself"), d::getMessage);
    }

    @Test
    void anAgentThatCanNeverWorkSaysWhy() throws Exception {
        OcfBody body = agent("monitor|start|stop) echo 'no nginx here'; exit 5 ;;", pid());
        IOException e = assertThrows(IOException.class, () -> body.start(ONE));
        assertTrue(e.getMessage().contains("not installed"), e::getMessage);
        assertTrue(e.getMessage().contains("no nginx here"), e::getMessage);
    }
}
