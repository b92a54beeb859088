package io.understudy.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.ManualStop;
import io.understudy.core.config.Probe;
import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.config.ServiceKind;
import io.understudy.core.config.StartMode;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.guard.GuardLink;
import io.understudy.ejb.process.Spawner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostChecksTest {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    @TempDir Path data;
    private final Spawner spawner = new Spawner();

    @AfterEach
    void close() {
        spawner.close();
    }

    private Children children() {
        return new Children(data.resolve("run"), spawner, GuardLink.none());
    }

    private static ServiceConfiguration process(
            List<String> start, List<String> stop, Probe probe) {
        return new ServiceConfiguration(
                "web",
                ServiceKind.PROCESS,
                start,
                stop,
                Map.of(),
                probe,
                true,
                Duration.ofSeconds(1),
                1);
    }

    private List<HostChecks.Lack> lacks(ServiceConfiguration... services) {
        return new HostChecks(children(), data)
                .lacks(
                        new InstanceConfiguration(
                                InstanceName.of("nms"),
                                NodeName.of("alpha"),
                                NodeName.of("beta"),
                                List.of(),
                                List.of(services),
                                List.of()));
    }

    @Test
    void findsNothingWhereAllIsThere() {
        List<String> there = List.of("sh", "-c", "true");
        assertEquals(List.of(), lacks(process(there, there, new Probe.Command(there))));
    }

    @Test
    void namesEveryProgramThatIsMissing() {
        List<String> there = List.of("sh");
        List<String> none = List.of("/opt/none/such", "--port", "1");
        for (ServiceConfiguration service :
                List.of(
                        process(none, List.of(), new Probe.Alive()),
                        process(there, none, new Probe.Alive()),
                        process(there, List.of(), new Probe.Command(none)))) {
            List<HostChecks.Lack> found = lacks(service);
            assertEquals(1, found.size(), found::toString);
            assertEquals("nms.services[web]", found.get(0).field());
            assertTrue(found.get(0).sentence().contains("'/opt/none/such'"), found::toString);
        }
    }

    @Test
    void namesAnAgentThatIsMissing() {
        List<HostChecks.Lack> found = lacks(agent("ocf:nobody:thing", Map.of()));
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.get(0).sentence().contains("ocf:nobody:thing"), found::toString);
    }

    private static ServiceConfiguration agent(String name, Map<String, String> parameters) {
        return new ServiceConfiguration(
                "web",
                ServiceKind.OCF,
                Optional.of(name),
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

    /** Asks an agent that offers {@code actions} and does as {@code script} says. */
    private Optional<String> validate(String actions, String script) throws Exception {
        Path file = data.resolve("ocf/resource.d/test/thing");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                """
                #!/bin/sh
                case $1 in
                meta-data) cat "$OCF_ROOT/meta.xml"; exit 0 ;;
                validate-all) %s ;;
                esac
                exit 3
                """
                        .formatted(script));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(
                data.resolve("ocf/meta.xml"),
                "<resource-agent name=\"thing\"><parameters><parameter name=\"port\"/></parameters>"
                        + "<actions>"
                        + actions
                        + "</actions></resource-agent>");
        OcfAgent agent = new OcfAgent(data.resolve("ocf"), "ocf:test:thing");
        ServiceCommands commands =
                new ServiceCommands(
                        InstanceName.of("nms"), NodeName.of("alpha"), data, children(), List::of);
        return commands.validate(
                agent("ocf:test:thing", Map.of("port", "80")),
                agent,
                commands.metadata(agent, Duration.ofSeconds(10)),
                Epoch.NONE,
                LIMIT);
    }

    private static final String OFFERED = "<action name=\"validate-all\" timeout=\"20s\"/>";

    @Test
    void anAgentThatIsContentRefusesNothing() throws Exception {
        assertEquals(
                Optional.empty(), validate(OFFERED, "[ \"$OCF_RESKEY_port\" = 80 ] && exit 0"));
    }

    @Test
    void anAgentsRefusalIsToldInItsOwnWords() throws Exception {
        String said = validate(OFFERED, "echo 'no file /etc/x.conf' >&2; exit 5").orElseThrow();
        assertTrue(said.contains("ocf:test:thing"), said);
        assertTrue(said.contains("something that is not installed (status 5)"), said);
        assertTrue(said.endsWith("no file /etc/x.conf"), said);
        assertTrue(
                Files.readString(ServiceLog.file(data, InstanceName.of("nms"), "web"))
                        .contains("no file /etc/x.conf"));
    }

    @Test
    void anAgentThatHangsIsGivenUp() throws Exception {
        String said = validate(OFFERED, "sleep 60").orElseThrow();
        assertTrue(said.contains("did not end within 1000 ms"), said);
    }

    @Test
    void whatAnAgentDoesNotOfferIsNotAsked() throws Exception {
        assertEquals(Optional.empty(), validate("<action name=\"start\"/>", "exit 6"));
        assertEquals(Optional.empty(), validate(OFFERED, "exit 3"), "it has none after all");
    }
}
