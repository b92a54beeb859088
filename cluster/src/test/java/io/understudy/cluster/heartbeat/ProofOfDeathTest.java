package io.understudy.cluster.heartbeat;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.heartbeat.ProofOfDeath.GuardAnswer;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.testing.ChildJvm;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.peer.Contact;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProofOfDeathTest {

    private final TestNodes nodes = TestNodes.onFreePorts();
    private PeerClient client;
    private ProofOfDeath proof;
    private Heartbeat alpha;

    @BeforeEach
    void open() throws IOException {
        NodeConfiguration node = nodes.node(ALPHA);
        client = new PeerClient(node, SECRET);
        proof = new ProofOfDeath(node, client, Duration.ofMillis(200), System::nanoTime);
        alpha = new Heartbeat(node, SECRET, "0.1.0", Timers.FAST, proof, System::nanoTime);
        alpha.start();
    }

    @AfterEach
    void close() {
        alpha.close();
        proof.close();
        client.close();
    }

    @Test
    void aKilledProcessIsProvenGoneAndItsSuccessorHeard() throws Exception {
        try (ChildJvm beta = child()) {
            waitFor(Contact.HEARD);
            long begin = System.nanoTime();
            beta.signal("KILL");
            waitFor(Contact.GONE);
            long now = System.nanoTime();
            assertTrue(now - begin < 2_000_000_000L, (now - begin) / 1_000_000 + " ms");
            long since = alpha.facts(BETA).since().nanos();
            assertTrue(since - begin > 0 && since < now, "counted from before the question");
            System.getLogger("test")
                    .log(
                            System.Logger.Level.INFO,
                            "death proven {0} ms after kill -9",
                            (now - begin) / 1_000_000);
        }
        try (ChildJvm beta = child()) {
            waitFor(Contact.HEARD);
            beta.signal("KILL");
            waitFor(Contact.GONE);
        }
    }

    @Test
    void aStoppedProcessStaysSilentAndIsHeardAgainWhenContinued() throws Exception {
        try (ChildJvm beta = child()) {
            waitFor(Contact.HEARD);
            beta.signal("STOP");
            waitFor(Contact.SILENT);
            long end = System.nanoTime() + 1_500_000_000L;
            eventually(
                    "time passes without a proof",
                    () -> {
                        assertEquals(Contact.SILENT, alpha.facts(BETA).contact());
                        return System.nanoTime() - end > 0;
                    });
            beta.signal("CONT");
            waitFor(Contact.HEARD);
        }
    }

    @Test
    void aGuardThatStillHasChildrenToStopDelaysTheProof() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        NodeConfiguration node = nodes.node(BETA);
        try (PeerServer guard = new PeerServer(node, node.guardPort(), SECRET);
                ChildJvm beta = child()) {
            guard.handle(
                    "/guard",
                    request -> {
                        asked.incrementAndGet();
                        return new GuardAnswer("beta", "dead", stopped.get());
                    });
            guard.start();
            waitFor(Contact.HEARD);
            beta.signal("KILL");
            eventually("the guard is asked and asked again", () -> asked.get() > 3);
            assertTrue(alpha.facts(BETA).contact() != Contact.GONE);
            long stoppedAt = System.nanoTime();
            stopped.set(true);
            waitFor(Contact.GONE);
            assertTrue(alpha.facts(BETA).since().nanos() - stoppedAt > -500_000_000L);
        }
    }

    @Test
    void theGuardOfAStoppedProcessIsAskedToEndItOnlyWhereThisMemberIsReady() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        NodeConfiguration node = nodes.node(BETA);
        try (PeerServer guard = new PeerServer(node, node.guardPort(), SECRET);
                ChildJvm beta = child()) {
            guard.handle(
                    "/guard/fence",
                    request -> {
                        assertEquals(ALPHA, request.from());
                        asked.incrementAndGet();
                        beta.signal("KILL");
                        return new GuardAnswer("beta", "dead", false);
                    });
            guard.handle("/guard", request -> new GuardAnswer("beta", "dead", asked.get() > 0));
            guard.start();
            waitFor(Contact.HEARD);
            beta.signal("STOP");
            waitFor(Contact.SILENT);
            assertEquals(0, asked.get());
            proof.fenceWhere(BETA::equals);
            waitFor(Contact.GONE);
            assertTrue(asked.get() > 0);
        }
    }

    private ChildJvm child() throws IOException {
        return new ChildJvm(BetaMain.class, Integer.toString(nodes.node(BETA).clusterPort()));
    }

    private void waitFor(Contact contact) {
        eventually("beta is " + contact, () -> alpha.facts(BETA).contact() == contact);
    }
}
