package io.understudy.cluster.hold;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.Eventually.result;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.configuration.ReplicatedConfiguration;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.register.Suffrage;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.hold.Hold;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldsTest {

    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final InstanceName NMS = InstanceName.of("nms");

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final Map<NodeName, Member> members = new TreeMap<>();
    private volatile Instant now = NOON;

    @TempDir Path directory;

    /** A clock that the test moves. */
    private final class Moving extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void open() throws IOException {
        for (NodeName name : TestNodes.ALL) {
            members.put(name, new Member(nodes.node(name)));
        }
    }

    @AfterEach
    void close() {
        members.values().forEach(Member::close);
        members.clear();
    }

    private Hold hold(InstanceName instance, String by) {
        return new Hold(instance, by, "new disk", now, now.plus(Duration.ofHours(2)));
    }

    private Holds at(NodeName node) {
        return members.get(node).holds;
    }

    @Test
    void everyMemberKnowsAndASecondOperatorIsToldWhoWasFirst() {
        Hold anns = hold(NMS, "ann");
        assertEquals(anns, result(at(ALPHA).hold(anns, false)));
        eventually("learned", () -> at(BETA).of(NMS).equals(Optional.of(anns)));
        assertEquals(anns, result(at(BETA).hold(hold(NMS, "bob"), false)));
        Hold bobs = hold(NMS, "bob");
        assertEquals(bobs, result(at(BETA).hold(bobs, true)));
    }

    @Test
    void itEndsByItselfAndByWord() {
        result(at(ALPHA).hold(hold(NMS, "ann"), false));
        now = NOON.plus(Duration.ofHours(2));
        assertEquals(Optional.empty(), at(ALPHA).of(NMS));
        Hold second = hold(NMS, "bob");
        assertEquals(second, result(at(ALPHA).hold(second, false)));
        assertEquals(Optional.of(second), result(at(ALPHA).release(NMS, "ann")));
        assertEquals(Optional.empty(), at(ALPHA).of(NMS));
        assertEquals(Optional.empty(), result(at(ALPHA).release(NMS, "ann")));
    }

    @Test
    void itSurvivesARestartAndIsKnownBeforeAnyOtherMemberIsThere() throws IOException {
        Hold anns = hold(NMS, "ann");
        result(at(ALPHA).hold(anns, false));
        eventually("learned", () -> at(BETA).of(NMS).isPresent());
        close();
        members.put(BETA, new Member(nodes.node(BETA)));
        assertEquals(Optional.of(anns), at(BETA).of(NMS));
    }

    @Test
    void holdsOfDifferentInstancesPlacedAtOnceAreBothKept() {
        List<CompletionStage<Hold>> asked = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            NodeName node = i % 2 == 0 ? ALPHA : BETA;
            asked.add(at(node).hold(hold(InstanceName.of("i" + i), "ann"), false));
        }
        asked.stream().map(CompletionStage::toCompletableFuture).forEach(CompletableFuture::join);
        for (int i = 0; i < 4; i++) {
            InstanceName name = InstanceName.of("i" + i);
            eventually(
                    "learned",
                    () -> at(ALPHA).of(name).isPresent() && at(BETA).of(name).isPresent());
        }
        assertTrue(at(ALPHA).of(NMS).isEmpty());
    }

    private final class Member {
        final PeerServer server;
        final PeerClient client;
        final ReplicatedConfiguration document;
        final Holds holds;

        Member(NodeConfiguration node) throws IOException {
            server = new PeerServer(node, SECRET);
            client = new PeerClient(node, SECRET);
            Clock clock = new Moving();
            document =
                    new ReplicatedConfiguration(
                            "holds",
                            node,
                            directory.resolve(node.name().value()),
                            server,
                            client,
                            Duration.ofSeconds(3),
                            clock,
                            alarm -> {},
                            Suffrage.granted());
            holds = new Holds(document, clock);
            server.start();
        }

        void close() {
            server.close();
            document.close();
            client.close();
        }
    }
}
