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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A unit under a FAKE systemctl, written here, which is no systemd: it keeps its units' states in
 * files and runs one daemon per unit in a real control group. Only the words and the order of calls
 * are systemd's.
 */
class SystemdServiceTest {

    private static final Epoch ONE = Epoch.NONE.next();
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final String FAKE =
            """
            #!/bin/sh
            # FAKE systemctl of a test; not systemd.
            state=$(dirname "$0")
            while :; do case $1 in --no-*) shift ;; *) break ;; esac; done
            echo "$*" >> "$state/calls"
            verb=$1; shift
            for unit; do :; done
            case $verb in
            is-system-running) cat "$state/system" ;;
            daemon-reload) ;;
            show)
                active=inactive; pid=0; group=
                if [ -e "$state/$unit.on" ]; then
                    group=/GROUP/$unit
                    pid=$(head -n 1 "MOUNT$group/cgroup.procs")
                    active=active; [ -n "$pid" ] || { active=failed; pid=0; }
                fi
                echo "LoadState=$(cat "$state/load")"
                echo "ActiveState=$active"; echo "MainPID=$pid"; echo "ControlGroup=$group"
                echo "UnitFileState=$(cat "$state/file")"; echo "Slice=GROUP.slice"
                echo "Result=success"; echo "NRestarts=0" ;;
            start)
                [ -e "$state/refuse" ] && { echo "Job for $unit failed." >&2; exit 1; }
                mkdir -p "MOUNT/GROUP/$unit"
                sh -c 'echo $$ > "MOUNT/GROUP/'$unit'/cgroup.procs"; setsid -f sleep 300'
                touch "$state/$unit.on" ;;
            stop|kill)
                [ -e "$state/stuck" ] && { sleep 300; exit 1; }
                echo 1 > "MOUNT/GROUP/$unit/cgroup.kill"
                rm -f "$state/$unit.on" ;;
            esac
            """;

    @TempDir Path data;
    private final Spawner spawner = new Spawner();
    private Path fake;
    private Path mount;
    private String name;

    @BeforeEach
    void makeTheFake() throws Exception {
        Optional<Path> found = ControlGroup.mount();
        Assumptions.assumeTrue(
                found.filter(Files::isWritable).isPresent(), "needs root and cgroup v2");
        mount = found.get();
        name = "understudyfake" + System.nanoTime();
        fake = Files.createDirectory(data.resolve("fake")).resolve("systemctl");
        Files.writeString(fake, FAKE.replace("MOUNT", mount.toString()).replace("GROUP", name));
        Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
        say("system", "running");
        say("load", "loaded");
        say("file", "disabled");
    }

    private void say(String what, String word) throws IOException {
        Files.writeString(data.resolve("fake").resolve(what), word + "\n");
    }

    @AfterEach
    void close() throws Exception {
        if (mount != null) {
            ControlGroup group = new ControlGroup(mount.resolve(name).resolve("web.service"));
            group.kill(LIMIT);
            group.remove();
            Files.deleteIfExists(mount.resolve(name));
        }
        spawner.close();
    }

    private SystemdBody body() {
        Children children = new Children(data.resolve("run"), spawner, GuardLink.none());
        ServiceConfiguration service =
                new ServiceConfiguration(
                        "web",
                        ServiceKind.SYSTEMD,
                        Optional.of("web.service"),
                        Map.of(),
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
        return new SystemdBody(
                service,
                new ServiceCommands(
                        InstanceName.of("nms"), NodeName.of("alpha"), data, children, List::of),
                Timers.FAST,
                new Systemctl(children, data, fake.toString(), data.resolve("runtime")),
                mount);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(data.resolve("fake/calls")).stream()
                .map(line -> line.split(" ")[0])
                .filter(verb -> !verb.equals("show"))
                .toList();
    }

    @Test
    void startsLooksAtAndStopsAUnit() throws Exception {
        SystemdBody body = body();
        body.start(ONE);
        assertEquals(ProbeResult.GOOD, body.look(ONE, LIMIT));
        ProcessIdentity main = ProcessIdentity.of(body.processes().get(0)).orElseThrow();
        assertTrue(main.alive());
        Path setting = data.resolve("runtime/web.service.d/50-understudy.conf");
        assertTrue(Files.readString(setting).contains("Restart=no"));
        body.stop(ONE, LIMIT);
        assertFalse(main.alive());
        assertFalse(Files.exists(setting));
        assertEquals(List.of("is-system-running", "daemon-reload", "start", "stop"), calls());
    }

    @Test
    void aUnitThatDiesIsSeen() throws Exception {
        SystemdBody body = body();
        body.start(ONE);
        body.kill();
        ProbeResult result = body.look(ONE, LIMIT);
        assertTrue(result.problem().contains("web.service is failed"), result::problem);
        assertTrue(body.ended().isPresent());
    }

    @Test
    void aUnitOfTheBootIsRefused() throws Exception {
        say("file", "enabled");
        IOException e = assertThrows(IOException.class, () -> body().start(ONE));
        assertTrue(e.getMessage().contains("systemctl disable web.service"), e::getMessage);
    }

    @Test
    void aUnitThatIsNotThereOrMaskedIsNamed() throws Exception {
        say("load", "not-found");
        IOException missing = assertThrows(IOException.class, () -> body().start(ONE));
        assertTrue(missing.getMessage().contains("web.service is not on this host"));
        say("load", "masked");
        IOException masked = assertThrows(IOException.class, () -> body().start(ONE));
        assertTrue(masked.getMessage().contains("is masked"), masked::getMessage);
    }

    @Test
    void withoutSystemdItSaysSo() throws Exception {
        say("system", "offline");
        IOException e = assertThrows(IOException.class, () -> body().start(ONE));
        assertTrue(e.getMessage().contains("systemd does not run on this host"), e::getMessage);
    }

    @Test
    void aStartThatFailsIsToldWithItsWords() throws Exception {
        Files.createFile(data.resolve("fake/refuse"));
        IOException e = assertThrows(IOException.class, () -> body().start(ONE));
        assertTrue(e.getMessage().contains("Job for web.service failed."), e::getMessage);
    }

    @Test
    void aStopThatHangsEndsInAKillOfItsControlGroup() throws Exception {
        SystemdBody body = body();
        body.start(ONE);
        Files.createFile(data.resolve("fake/stuck"));
        ProcessIdentity main = ProcessIdentity.of(body.processes().get(0)).orElseThrow();
        body.stop(ONE, Duration.ofMillis(500));
        assertFalse(main.alive());
    }

    @Test
    void slicesNestAsSystemdNestsThem() {
        assertEquals("/system.slice/web.service", Systemctl.groupOf("web.service", Map.of()));
        assertEquals(
                "/a.slice/a-b.slice/web.service",
                Systemctl.groupOf("web.service", Map.of("Slice", "a-b.slice")));
        assertEquals("/web.service", Systemctl.groupOf("web.service", Map.of("Slice", "-.slice")));
    }
}
