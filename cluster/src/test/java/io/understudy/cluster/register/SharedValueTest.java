package io.understudy.cluster.register;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.Eventually.result;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static io.understudy.cluster.testing.TestNodes.WITNESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedValueTest {

    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final Map<NodeName, Member> members = new TreeMap<>();

    @TempDir Path directory;

    @AfterEach
    void close() {
        members.values().forEach(Member::close);
    }

    @Test
    void aChangeThatAMajorityAcceptedIsCompletedEvenIfItsProposerIsGone() throws IOException {
        start(ALPHA);
        start(BETA);
        Member gone = start(WITNESS);
        QuorumRegister register =
                new QuorumRegister(nodes.node(WITNESS), gone.voter, gone.client, LIMIT);
        result(register.promise("list", 5));
        result(register.write("list", 5, 0, "left behind"));
        gone.close();
        register.close();
        eventually(
                "both learn it",
                () ->
                        members.get(ALPHA).value.known().equals(Optional.of("left behind"))
                                && members.get(BETA)
                                        .value
                                        .known()
                                        .equals(Optional.of("left behind")));
    }

    @Test
    void aChangeThatReachedOnlyOneDiskIsSettledOneWayForAll() throws IOException {
        Member alpha = start(ALPHA);
        RegisterCall promise = new RegisterCall("list", 9, -1, "alpha/earlier", null);
        alpha.voter.promise(promise);
        start(WITNESS).voter.promise(promise);
        alpha.voter.write(new RegisterCall("list", 9, 0, "alpha/earlier", "half"));
        start(BETA);
        Optional<String> settled =
                result(members.get(BETA).value.change((present, p) -> Optional.empty()));
        Optional<String> after =
                result(
                        members.get(WITNESS)
                                .value
                                .change((now, p) -> Optional.of(now.orElse("") + " more")));
        assertTrue(
                after.get().equals("half more")
                        || (settled.isEmpty() && after.get().equals(" more")),
                settled + " then " + after);
        eventually(
                "all agree",
                () -> members.values().stream().allMatch(m -> m.value.known().equals(after)));
    }

    @Test
    void aDiskThatHangsHereDoesNotKeepBackWhatTheOthersAnswer() throws Exception {
        start(BETA);
        start(WITNESS);
        CountDownLatch release = new CountDownLatch(1);
        NodeConfiguration node = nodes.node(ALPHA);
        try (PeerClient client = new PeerClient(node, SECRET);
                RegisterVoter slow =
                        new RegisterVoter(
                                "shared",
                                directory.resolve("slow"),
                                sentence -> {},
                                Suffrage.granted(),
                                step -> await(release));
                QuorumRegister register =
                        new QuorumRegister(node, slow, client, Duration.ofSeconds(3))) {
            for (int i = 1; i <= 20; i++) {
                assertTrue(result(register.store("other", i, 0, "text " + i)));
            }
            release.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void changesFromAllMembersUnderRestartsFormOneChain() throws IOException {
        for (long seed = 1; seed <= 3; seed++) {
            chain(seed);
        }
    }

    private void chain(long seed) throws IOException {
        Random random = new Random(seed);
        close();
        members.clear();
        for (NodeName name : TestNodes.ALL) {
            start(name, "chain-" + seed);
        }
        Map<String, CompletionStage<Optional<String>>> asked = new TreeMap<>();
        List<List<String>> learned = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            NodeName name = TestNodes.ALL.get(random.nextInt(3));
            if (random.nextInt(8) == 0) {
                Member old = members.get(name);
                old.close();
                learned.add(old.learned);
                start(name, "chain-" + seed);
            } else {
                String word = "w" + i;
                asked.put(word, members.get(name).value.change((now, p) -> add(now, word)));
            }
            if (i % 4 == 3) {
                asked.values().forEach(stage -> result(stage.handle((text, error) -> true)));
            }
        }
        List<String> done = new ArrayList<>();
        asked.forEach(
                (word, stage) ->
                        result(
                                stage.handle(
                                        (text, error) -> error == null ? done.add(word) : false)));
        String end = result(members.get(ALPHA).value.change((now, p) -> add(now, "end"))).get();
        List<String> words = Arrays.asList(end.split(" "));
        assertEquals(words.size(), new HashSet<>(words).size(), "seed " + seed + ": " + end);
        assertTrue(
                words.containsAll(done), "seed " + seed + ": of " + done + " some lack in " + end);
        assertTrue(done.size() > 20, "seed " + seed + ": only " + done.size() + " came through");
        eventually(
                "all agree",
                () ->
                        members.values().stream()
                                .allMatch(m -> m.value.known().equals(Optional.of(end))));
        members.values().forEach(m -> learned.add(m.learned));
        for (List<String> one : learned) {
            for (String text : one) {
                assertTrue(
                        end.equals(text) || end.startsWith(text + " "),
                        "seed " + seed + ": learned off the chain: " + text);
            }
        }
    }

    private static Optional<String> add(Optional<String> now, String word) {
        if (now.isPresent() && Arrays.asList(now.get().split(" ")).contains(word)) {
            return Optional.empty();
        }
        return Optional.of(now.map(text -> text + " " + word).orElse(word));
    }

    private Member start(NodeName name) throws IOException {
        return start(name, "one");
    }

    private Member start(NodeName name, String run) throws IOException {
        Member member = new Member(nodes.node(name), directory.resolve(run + "-" + name));
        members.put(name, member);
        return member;
    }

    private static final class Member {
        final PeerServer server;
        final PeerClient client;
        final RegisterVoter voter;
        final SharedValue value;
        final List<String> learned = new CopyOnWriteArrayList<>();

        Member(NodeConfiguration node, Path own) throws IOException {
            server = new PeerServer(node, SECRET);
            client = new PeerClient(node, SECRET);
            voter = new RegisterVoter("shared", own, sentence -> {}, Suffrage.granted());
            voter.serve(server);
            value = new SharedValue("shared", "list", node, voter, client, learned::add, LIMIT);
            value.start(server, Duration.ofMillis(100));
            server.start();
        }

        void close() {
            server.close();
            value.close();
            voter.close();
            client.close();
        }
    }
}
