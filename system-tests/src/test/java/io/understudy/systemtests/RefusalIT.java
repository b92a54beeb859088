package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is wrong is refused, by name, before anything is started or changed. */
@Tag("system")
@Order(6)
class RefusalIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Cluster fresh;

    @BeforeEach
    void make() throws IOException {
        Assumptions.assumeTrue(Host.obstacle().isEmpty(), Host.obstacle());
        fresh = Cluster.make();
    }

    @AfterEach
    void nothingIsLeft() {
        if (fresh != null) {
            fresh.close();
        }
    }

    @Test
    void aDataDirectoryOfAnotherNode() throws IOException {
        Member alpha = fresh.member(Layout.ALPHA);
        Path data = fresh.layout().data(Layout.ALPHA);
        alpha.start();
        Await.until("alpha has a server", LIMIT, () -> alpha.serverProcess().isPresent());
        alpha.askToStop();
        assertEquals(Optional.of(0), alpha.awaitEnd(LIMIT), alpha::lastWords);

        Command beta = node(Layout.BETA, "--data", data.toString());
        assertRefused(beta, "alpha", "beta", data.toString());
    }

    @Test
    void aPortInUse() throws IOException {
        URI http = URI.create(fresh.layout().url(Layout.ALPHA));
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(http.getHost(), http.getPort()));
            assertRefused(node(Layout.ALPHA), "http.port", Integer.toString(http.getPort()));
        }
    }

    @Test
    void unknownAndWrongKeysOfANodeFileAllAtOnce() throws IOException {
        List<String> lines = new ArrayList<>(fresh.layout().nodeFileLines(Layout.ALPHA));
        lines.add("node.colour=red");
        lines.removeIf(line -> line.startsWith("http.port"));
        lines.add("http.port=seventy");
        Files.write(fresh.layout().nodeFile(Layout.ALPHA), lines);
        assertRefused(node(Layout.ALPHA), "node.colour", "http.port", "seventy");
        assertTrue(Files.notExists(fresh.layout().data(Layout.ALPHA)), "nothing half done");
    }

    @Test
    @ExtendWith(ClusterExtension.class)
    void aWrongKeyOfAGroupFile(Cluster running) throws IOException {
        String before = running.status(Layout.ALPHA).orElseThrow().configuration();
        Layout layout = running.layout();
        Path file = fresh.layout().directory().resolve("wrong.yaml");
        Files.writeString(
                file,
                Files.readString(layout.groupFile())
                        .replace("failover: automatic", "failover: perhaps\ncolour: red"));
        Command apply =
                Command.run(
                        running.distribution(),
                        LIMIT,
                        List.of(
                                "apply",
                                "-f",
                                file.toString(),
                                "--url",
                                layout.url(Layout.ALPHA),
                                "--token-file",
                                layout.token(Layout.ALPHA).toString()));
        assertRefused(apply, "colour", "failover");
        assertEquals(before, running.status(Layout.ALPHA).orElseThrow().configuration());
    }

    private Command node(String member, String... more) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("node", "--config"));
        arguments.add(fresh.layout().nodeFile(member).toString());
        arguments.addAll(List.of(more));
        return Command.run(fresh.distribution(), LIMIT, arguments);
    }

    private static void assertRefused(Command command, String... words) {
        assertEquals(1, command.status(), command::output);
        for (String word : words) {
            assertTrue(command.output().contains(word), word + " in: " + command.output());
        }
    }
}
