package io.understudy.cluster.events;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static io.understudy.cluster.testing.TestNodes.WITNESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.register.Suffrage;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.view.EventView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final Map<NodeName, Member> members = new TreeMap<>();
    private final List<String> alarms = new CopyOnWriteArrayList<>();

    private final TestClock clock = new TestClock();

    @TempDir Path directory;

    @AfterEach
    void close() {
        members.values().forEach(Member::close);
        members.clear();
    }

    @Test
    void eventsOfBothNodesHaveTheSameNumbersEverywhere() throws IOException {
        startAll();
        for (int i = 0; i < 20; i++) {
            report(i % 2 == 0 ? ALPHA : BETA, "event " + i);
        }
        allHave(20);
        EventView first = members.get(ALPHA).log.after(0, 1).get(0);
        assertEquals(1, first.number());
        assertEquals("nms", first.instance());
        assertEquals(Map.of("who", "me"), first.details());
        eventually("heard", () -> members.get(WITNESS).heard.size() == 20);
        assertEquals(
                LongStream.rangeClosed(1, 20).boxed().toList(),
                members.get(WITNESS).heard.stream().map(EventView::number).toList());
        assertEquals(5, members.get(BETA).log.latest(5).size());
    }

    @Test
    void withoutAMajorityEventsWaitOnDiskAndAreNumberedLater() throws IOException {
        start(ALPHA);
        report(ALPHA, "alone");
        report(ALPHA, "still alone");
        members.remove(ALPHA).close();
        start(ALPHA);
        report(ALPHA, "after a restart");
        assertEquals(0, members.get(ALPHA).log.last());
        start(BETA);
        allHave(3);
        assertEquals(List.of("alone", "still alone", "after a restart"), messages(BETA));
    }

    @Test
    void aMemberThatWasAwayFetchesWhatIsNotSharedAnyMore() throws IOException {
        startAll();
        report(BETA, "before");
        allHave(1);
        members.remove(BETA).close();
        for (int i = 0; i < 450; i++) {
            report(ALPHA, "while beta was away " + i);
        }
        eventually("numbered", () -> members.get(WITNESS).log.last() == 451);
        report(ALPHA, "one more, so that the shared end is trimmed");
        eventually("numbered", () -> members.get(WITNESS).log.last() == 452);
        start(BETA);
        allHave(452);
        assertEquals(messages(ALPHA), messages(BETA));
    }

    @Test
    void aTornFileIsCutAndFilledAgainFromThePeers() throws IOException {
        startAll();
        for (int i = 0; i < 10; i++) {
            report(ALPHA, "event " + i);
        }
        allHave(10);
        members.remove(BETA).close();
        Path log = directory.resolve("beta/log");
        try (Stream<Path> found = Files.list(log)) {
            Path file = found.findFirst().get();
            byte[] bytes = Files.readAllBytes(file);
            Files.write(
                    file,
                    java.util.Arrays.copyOf(bytes, bytes.length / 2 + 3),
                    StandardOpenOption.TRUNCATE_EXISTING);
        }
        start(BETA);
        assertTrue(members.get(BETA).log.last() < 10);
        allHave(10);
        assertTrue(alarms.get(0).contains("no event"), alarms.toString());
    }

    @Test
    void orderIsEqualOnAllMembersUnderRandomRestarts() throws IOException {
        for (long seed = 1; seed <= 3; seed++) {
            Random random = new Random(seed);
            close();
            for (NodeName name : TestNodes.ALL) {
                start(name, "seed-" + seed + "-" + name);
            }
            List<String> reported = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                NodeName name = TestNodes.ALL.get(random.nextInt(3));
                if (random.nextInt(10) == 0) {
                    members.remove(name).close();
                    start(name, "seed-" + seed + "-" + name);
                } else {
                    String message = "seed " + seed + " event " + i;
                    reported.add(message);
                    report(name, message);
                }
            }
            allHave(reported.size());
            List<String> logged = messages(ALPHA);
            assertEquals(
                    new HashSet<>(reported), new HashSet<>(logged), "seed " + seed + ": one lost");
            assertEquals(0, Collections.indexOfSubList(messages(BETA), logged), "seed " + seed);
            assertEquals(logged, messages(WITNESS), "seed " + seed);
        }
    }

    @Test
    void oldFilesGoAndTheRestIsReadInPages() throws IOException {
        EventFiles files = small();
        for (int i = 1; i <= 3_000; i += 20) {
            files.append(LongStream.range(i, i + 20).mapToObj(EventLogTest::event).toList());
        }
        assertEquals(3_000, files.last());
        assertTrue(files.first() > 2_000, "first " + files.first());
        EventFiles again = small();
        assertEquals(3_000, again.last());
        List<EventView> page = again.after(files.first() + 4, 7);
        assertEquals(
                LongStream.range(files.first() + 5, files.first() + 12).boxed().toList(),
                page.stream().map(EventView::number).toList());
        assertEquals(List.of(), again.after(3_000, 5));
    }

    private EventFiles small() throws IOException {
        return new EventFiles(
                directory.resolve("files"),
                new EventFiles.Limits(20_000, 3, Duration.ofDays(90)),
                Clock.systemUTC(),
                alarms::add);
    }

    @Test
    void aLateMemberTakesWhatTheOthersKeepByDaysInTheSameOrder() throws IOException {
        start(ALPHA);
        start(WITNESS);
        for (int month = 1; month <= 40; month++) {
            int count = month;
            report(ALPHA, "month " + month);
            eventually("numbered", () -> members.get(ALPHA).log.last() == count);
            clock.now = clock.now.plus(Duration.ofDays(30));
        }
        eventually("numbered", () -> members.get(WITNESS).log.last() == 40);
        start(BETA);
        eventually("beta has what is left", () -> members.get(BETA).log.last() == 40);
        report(BETA, "the newest");
        for (NodeName name : TestNodes.ALL) {
            eventually("numbered", () -> members.get(name).log.last() == 41);
            assertEquals(
                    List.of("month 38", "month 39", "month 40", "the newest"),
                    messages(name).subList(messages(name).size() - 4, messages(name).size()));
            assertTrue(messages(name).size() <= 6, () -> name + " keeps " + messages(name));
        }
    }

    /** Time that a test moves. */
    private static final class TestClock extends Clock {
        volatile Instant now = Instant.now();

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("only UTC");
        }
    }

    private static EventView event(long number) {
        return new EventView(
                number, "2026-01-02T03:04:05Z", "alpha", null, "INFO", "CODE", Map.of(), "text");
    }

    private void report(NodeName at, String message) {
        members.get(at).log.append("nms", "INFO", "TEST_EVENT", Map.of("who", "me"), message);
    }

    private List<String> messages(NodeName at) {
        List<EventView> all = new ArrayList<>();
        List<EventView> page;
        long number = 0;
        while (!(page = members.get(at).log.after(number, 100)).isEmpty()) {
            all.addAll(page);
            number = page.get(page.size() - 1).number();
        }
        return all.stream().map(EventView::message).toList();
    }

    private void allHave(long last) {
        eventually(
                "all have " + last,
                () -> members.values().stream().allMatch(m -> m.log.last() == last));
    }

    private void startAll() throws IOException {
        for (NodeName name : TestNodes.ALL) {
            start(name);
        }
    }

    private void start(NodeName name) throws IOException {
        start(name, name.value());
    }

    private void start(NodeName name, String own) throws IOException {
        members.put(name, new Member(nodes.node(name), directory.resolve(own)));
    }

    private final class Member {
        final PeerServer server;
        final PeerClient client;
        final EventLog log;
        final List<EventView> heard = new CopyOnWriteArrayList<>();

        Member(NodeConfiguration node, Path own) throws IOException {
            server = new PeerServer(node, SECRET);
            client = new PeerClient(node, SECRET);
            log =
                    new EventLog(
                            node,
                            own,
                            server,
                            client,
                            Duration.ofSeconds(3),
                            clock,
                            alarms::add,
                            Suffrage.granted());
            log.listen(heard::add);
            server.start();
        }

        void close() {
            server.close();
            log.close();
            client.close();
        }
    }
}
