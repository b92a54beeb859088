package io.understudy.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.register.Suffrage;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.ledger.Ledger;
import io.understudy.core.ledger.Ledger.Written;
import io.understudy.core.ledger.LedgerContract;
import io.understudy.core.ledger.LedgerEntry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuorumLedgerTest extends LedgerContract {

    private static final Duration LIMIT = Duration.ofMillis(1_500);

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final List<Member> members = new ArrayList<>();
    private final List<String> alarms = new CopyOnWriteArrayList<>();

    @TempDir Path directory;

    @BeforeEach
    void open() throws IOException {
        for (int i = 0; i < 3; i++) {
            members.add(new Member(i));
        }
    }

    @AfterEach
    void close() {
        members.forEach(Member::close);
    }

    @Override
    protected Ledger ledger(int index) {
        return members.get(index).ledger;
    }

    @Override
    protected void switchVoter(int index, boolean on) throws IOException {
        if (on) {
            members.get(index).close();
            members.set(index, new Member(index));
        } else {
            members.get(index).stopVoting();
        }
    }

    @Test
    void everythingSurvivesTheRestartOfAll() throws IOException {
        await(ledger(0).claim(NMS, new Epoch(6)));
        LedgerEntry entry = entry(6, 0, ALPHA, ALPHA, BETA);
        assertEquals(Written.STORED, await(ledger(0).write(entry)));
        close();
        members.clear();
        open();
        assertEquals(Optional.of(entry), await(ledger(1).read(NMS)));
        assertEquals(Written.REFUSED, await(ledger(1).write(entry(4, 0, BETA, BETA))));
    }

    @Test
    void aDamagedFileIsSetAsideAndItsVoterSilentUntilReadmitted() throws IOException {
        await(ledger(0).claim(NMS, new Epoch(2)));
        LedgerEntry entry = entry(2, 0, ALPHA, ALPHA, BETA);
        assertEquals(Written.STORED, await(ledger(0).write(entry)));
        Path file = directory.resolve("alpha/nms.register");
        switchVoter(0, false);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 20] ^= 1;
        Files.write(file, bytes);
        for (int restart = 0; restart < 2; restart++) {
            switchVoter(0, true);
            assertEquals(Optional.of(entry), await(ledger(0).read(NMS)));
            assertTrue(Files.exists(directory.resolve("alpha/nms.damaged")));
        }
        assertTrue(alarms.get(0).contains("nms.damaged"), alarms.toString());

        switchVoter(2, false);
        assertTrue(
                ledger(1).read(NMS).handle((e, error) -> error).toCompletableFuture().join()
                        != null,
                "one whole voter and a damaged one are no majority");
        switchVoter(2, true);

        assertTrue(await(members.get(0).ledger.readmit(NMS)));
        assertFalse(await(members.get(0).ledger.readmit(NMS)), "a whole voter is left alone");
        switchVoter(2, false);
        assertEquals(Optional.of(entry), await(ledger(1).read(NMS)));
        assertTrue(Files.exists(directory.resolve("alpha/nms.damaged.kept-1")));
        assertEquals(Written.REFUSED, await(ledger(0).write(entry(1, 0, ALPHA, ALPHA))));
    }

    @Test
    void readingBringsAVoterThatWasAwayUpToDate() throws Exception {
        switchVoter(1, false);
        LedgerEntry entry = entry(2, 0, ALPHA, ALPHA);
        assertEquals(Written.STORED, await(ledger(0).write(entry)));
        switchVoter(1, true);
        switchVoter(2, false);
        assertEquals(Optional.of(entry), await(ledger(0).read(NMS)));
        Path file = directory.resolve("beta/nms.register");
        io.understudy.cluster.testing.Eventually.eventually(
                "beta keeps the entry", () -> Files.exists(file));
    }

    @Test
    void aVoterThatHangsDelaysNobody() throws Exception {
        await(ledger(0).write(entry(2, 0, ALPHA, ALPHA, BETA)));
        switchVoter(1, false);
        NodeConfiguration beta = nodes.node(TestNodes.BETA);
        // As with a stopped process, the kernel accepts and nobody answers.
        try (ServerSocket mute =
                new ServerSocket(beta.peerPort(), 50, InetAddress.getByName(beta.address()))) {
            long begin = System.nanoTime();
            for (int i = 1; i <= 20; i++) {
                assertEquals(
                        Written.STORED, await(ledger(0).write(entry(2, i, ALPHA, ALPHA, BETA))));
            }
            long millis = (System.nanoTime() - begin) / 1_000_000;
            assertTrue(millis < 20 * LIMIT.toMillis() / 2, millis + " ms for 20 writes");
            assertTrue(mute.isBound());
        }
        switchVoter(1, true);
    }

    @Test
    void aWriteTakesMilliseconds() {
        await(ledger(0).write(entry(2, 0, ALPHA, ALPHA, BETA)));
        long begin = System.nanoTime();
        for (int i = 1; i <= 50; i++) {
            assertEquals(Written.STORED, await(ledger(0).write(entry(2, i, ALPHA, ALPHA, BETA))));
        }
        long millis = (System.nanoTime() - begin) / 1_000_000 / 50;
        assertTrue(millis < 200, millis + " ms a write");
        System.getLogger("test").log(System.Logger.Level.INFO, "a ledger write: {0} ms", millis);
    }

    @Test
    void hundredsOfInstancesTravelTogether() {
        int count = 200;
        long before = members.get(1).server.counters().answered();
        long begin = System.nanoTime();
        List<CompletionStage<Ledger.Claim>> claims = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            claims.add(ledger(0).claim(InstanceName.of("i" + i), new Epoch(2)));
        }
        for (CompletionStage<Ledger.Claim> claim : claims) {
            assertTrue(await(claim).granted());
        }
        List<CompletionStage<Written>> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            writes.add(ledger(0).write(entryOf(i)));
        }
        for (CompletionStage<Written> write : writes) {
            assertEquals(Written.STORED, await(write));
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        long messages = members.get(1).server.counters().answered() - before;
        assertTrue(messages < count / 2, messages + " messages");
        for (int i = 0; i < count; i++) {
            assertEquals(Optional.of(entryOf(i)), await(ledger(2).read(InstanceName.of("i" + i))));
            assertFalse(await(ledger(1).claim(InstanceName.of("i" + i), new Epoch(2))).granted());
        }
        System.getLogger("test")
                .log(System.Logger.Level.INFO, "200 claims and writes: {0} ms", millis);
    }

    private static LedgerEntry entryOf(int i) {
        LedgerEntry like = entry(2, 0, ALPHA, ALPHA, BETA);
        return new LedgerEntry(
                InstanceName.of("i" + i),
                like.epoch(),
                like.revision(),
                like.writer(),
                like.inSync(),
                like.assigned(),
                like.reason(),
                like.parked(),
                like.failed());
    }

    private final class Member {
        final PeerServer server;
        final PeerClient client;
        final LedgerVoter voter;
        final QuorumLedger ledger;

        Member(int index) throws IOException {
            NodeConfiguration node = nodes.node(TestNodes.ALL.get(index));
            server = new PeerServer(node, TestNodes.SECRET);
            client = new PeerClient(node, TestNodes.SECRET);
            voter =
                    new LedgerVoter(
                            directory.resolve(node.name().value()),
                            alarms::add,
                            Suffrage.granted());
            voter.serve(server);
            ledger = new QuorumLedger(node, voter, client, LIMIT);
            server.start();
        }

        void stopVoting() {
            server.close();
            voter.close();
        }

        void close() {
            stopVoting();
            ledger.close();
            client.close();
        }
    }
}
