package io.understudy.cluster.configuration;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.Eventually.result;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static io.understudy.cluster.testing.TestNodes.WITNESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.register.Suffrage;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.ledger.NoQuorumException;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicatedConfigurationTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final Map<NodeName, Member> members = new TreeMap<>();
    private final List<String> alarms = new CopyOnWriteArrayList<>();

    @TempDir Path directory;

    @BeforeEach
    void open() throws IOException {
        for (NodeName name : TestNodes.ALL) {
            start(name);
        }
    }

    @AfterEach
    void close() {
        members.values().forEach(Member::close);
        members.clear();
    }

    @Test
    void theFirstIsAcceptedOnceAndReachesAll() {
        Outcome outcome = propose(ALPHA, Optional.empty(), "group: a\n");
        assertTrue(outcome.accepted());
        Document document = outcome.current().get();
        assertEquals(1, document.version().revision());
        assertEquals("2026-01-02T03:04:05Z", document.time());
        allHave(document);
        Outcome late = propose(BETA, Optional.empty(), "group: b\n");
        assertFalse(late.accepted());
        assertEquals(Optional.of(document), late.current());
        Outcome next = propose(BETA, Optional.of(document.version()), "group: c\n");
        assertTrue(next.accepted());
        assertEquals(2, next.current().get().version().revision());
        allHave(next.current().get());
        assertEquals(
                Optional.of(List.of("group: a\n", "group: c\n")),
                Optional.of(members.get(WITNESS).heard.stream().map(Document::text).toList()));
    }

    @Test
    void ofConcurrentProposalsOneWinsAndTheOtherIsToldWhich() {
        Optional<Version> version = Optional.empty();
        for (int round = 0; round < 10; round++) {
            Optional<Version> expected = version;
            var fromAlpha = members.get(ALPHA).it.propose(expected, "a" + round, "ann");
            var fromBeta = members.get(BETA).it.propose(expected, "b" + round, "bob");
            Outcome a = result(fromAlpha);
            Outcome b = result(fromBeta);
            assertTrue(a.accepted() ^ b.accepted(), a + " and " + b);
            assertEquals(a.current(), b.current());
            Document winner = a.current().get();
            assertEquals(a.accepted() ? "ann" : "bob", winner.author());
            assertEquals(round + 1, winner.version().revision());
            version = Optional.of(winner.version());
        }
    }

    @Test
    void itSurvivesTheRestartOfAllAndIsThereBeforeAnyOtherMember() throws IOException {
        Document document = propose(ALPHA, Optional.empty(), "group: a\n").current().get();
        allHave(document);
        close();
        start(BETA);
        assertEquals(Optional.of(document), members.get(BETA).it.current());
        assertThrows(
                NoQuorumException.class,
                () ->
                        result(
                                members.get(BETA)
                                        .it
                                        .propose(Optional.of(document.version()), "x", "ann")));
        start(WITNESS);
        assertTrue(propose(BETA, Optional.of(document.version()), "group: b\n").accepted());
    }

    @Test
    void aMemberThatWasAwayCatchesUp() throws IOException {
        Document first = propose(ALPHA, Optional.empty(), "group: a\n").current().get();
        members.remove(BETA).close();
        Document second =
                propose(ALPHA, Optional.of(first.version()), "group: b\n").current().get();
        start(BETA);
        eventually(
                "beta catches up",
                () -> members.get(BETA).it.current().equals(Optional.of(second)));
    }

    @Test
    void damagedFilesAreSetAsideAndLearnedAgain() throws IOException {
        Document document = propose(ALPHA, Optional.empty(), "group: a\n").current().get();
        allHave(document);
        members.remove(BETA).close();
        Files.writeString(directory.resolve("beta/current.json"), "{ broken");
        Files.writeString(directory.resolve("beta/voter/group.register"), "broken too");
        start(BETA);
        eventually(
                "learned again",
                () -> members.get(BETA).it.current().equals(Optional.of(document)));
        assertEquals(2, alarms.stream().filter(a -> a.contains("damaged")).count());
        try (Stream<Path> kept = Files.list(directory.resolve("beta/voter"))) {
            assertTrue(kept.anyMatch(p -> p.toString().endsWith("group.damaged")));
        }
        assertTrue(propose(BETA, Optional.of(document.version()), "group: b\n").accepted());
    }

    @Test
    void versionsAreReadAndWritten() {
        assertEquals(new Version(3, 17), Version.parse("3.17"));
        assertEquals("3.17", new Version(3, 17).toString());
        assertThrows(IllegalArgumentException.class, () -> Version.parse("3"));
    }

    private Outcome propose(NodeName at, Optional<Version> expected, String text) {
        return result(members.get(at).it.propose(expected, text, "ann"));
    }

    private void allHave(Document document) {
        eventually(
                "all have " + document.version(),
                () ->
                        members.values().stream()
                                .allMatch(m -> m.it.current().equals(Optional.of(document))));
    }

    private void start(NodeName name) throws IOException {
        members.put(name, new Member(nodes.node(name)));
    }

    private final class Member {
        final PeerServer server;
        final PeerClient client;
        final ReplicatedConfiguration it;
        final List<Document> heard = new CopyOnWriteArrayList<>();

        Member(NodeConfiguration node) throws IOException {
            server = new PeerServer(node, SECRET);
            client = new PeerClient(node, SECRET);
            it =
                    new ReplicatedConfiguration(
                            node,
                            directory.resolve(node.name().value()),
                            server,
                            client,
                            Duration.ofSeconds(3),
                            CLOCK,
                            alarms::add,
                            Suffrage.granted());
            it.listen(heard::add);
            server.start();
        }

        void close() {
            server.close();
            it.close();
            client.close();
        }
    }
}
