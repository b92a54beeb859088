package io.understudy.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.document.YamlDocument;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.peer.Secret;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeFile;
import io.understudy.core.config.Surroundings;
import io.understudy.core.node.NodeName;
import io.understudy.ejb.guard.Children;
import io.understudy.ejb.guard.GuardLink;
import io.understudy.ejb.process.Spawner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two members on loopback, each with a data directory that stands for its host. */
class ServiceChecksTest {

    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");

    @TempDir Path directory;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Spawner spawner = new Spawner();
    private Secret secret;
    private int port;

    @BeforeEach
    void prepare() throws IOException {
        open.push(spawner);
        Path file = directory.resolve("secret");
        Secret.create(file);
        secret = Secret.load(file);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.62.8.1"))) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private ServiceChecks member(NodeName name) throws IOException {
        NodeConfiguration node =
                NodeFile.read(
                                Map.of(
                                        "node.name",
                                        name.value(),
                                        "node.role",
                                        name.equals(ALPHA) ? "primary" : "secondary",
                                        "node.address",
                                        name.equals(ALPHA) ? "127.62.8.1" : "127.62.8.2",
                                        "cluster.name",
                                        "campus",
                                        "cluster.members",
                                        "alpha@127.62.8.1,beta@127.62.8.2,witness@127.62.8.3",
                                        "cluster.port",
                                        Integer.toString(port - 1),
                                        "cluster.secret-file",
                                        "secret",
                                        "http.port",
                                        "8080",
                                        "data.directory",
                                        directory.toString()))
                        .value()
                        .orElseThrow();
        Path data = Files.createDirectories(directory.resolve(name.value()));
        PeerServer server = new PeerServer(node, secret);
        open.push(server);
        PeerClient client = new PeerClient(node, secret);
        open.push(client);
        ServiceChecks checks =
                new ServiceChecks(
                        name,
                        new HostChecks(
                                new Children(data.resolve("run"), spawner, GuardLink.none()), data),
                        server,
                        client);
        server.start();
        return checks;
    }

    /** A service of which the program lies in the data directory. */
    private static List<GroupConfiguration> groups() {
        return YamlDocument.groups(
                        """
                        group: campus
                        nodes: [alpha, beta]
                        instances:
                          - name: nms
                            home: alpha
                            services:
                              - name: web
                                kind: process
                                start: ["./web", "--port", "1"]
                        """,
                        Surroundings.unknown())
                .value()
                .orElseThrow();
    }

    private void install(NodeName on) throws IOException {
        Path program = directory.resolve(on.value()).resolve("web");
        Files.writeString(program, "#!/bin/sh\n");
        assertTrue(program.toFile().setExecutable(true));
    }

    @Test
    void namesTheNodeThatLacksWhatTheOtherHas() throws IOException {
        ServiceChecks alpha = member(ALPHA);
        member(BETA);
        install(ALPHA);
        ServiceChecks.Findings found = alpha.check(groups());
        assertEquals(List.of(), found.lacks().get(ALPHA));
        assertEquals(1, found.lacks().get(BETA).size(), found::toString);
        HostChecks.Lack lack = found.lacks().get(BETA).get(0);
        assertEquals("nms.services[web]", lack.field());
        assertTrue(lack.sentence().contains("'./web'"), lack::sentence);
        assertEquals(Set.of(), found.notAsked());
        install(BETA);
        assertEquals(Map.of(ALPHA, List.of(), BETA, List.of()), alpha.check(groups()).lacks());
    }

    @Test
    void aNodeThatIsDownIsNamedAndKeepsNothingBack() throws IOException {
        ServiceChecks alpha = member(ALPHA);
        install(ALPHA);
        ServiceChecks.Findings found = alpha.check(groups());
        assertEquals(Map.of(ALPHA, List.of()), found.lacks());
        assertEquals(Set.of(BETA), found.notAsked());
    }
}
