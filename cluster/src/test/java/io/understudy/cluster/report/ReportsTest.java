package io.understudy.cluster.report;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cluster.heartbeat.Heartbeat;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ReportsTest {

    private final TestNodes nodes = TestNodes.onFreePorts();

    @Test
    void whatOnePublishesTheOtherHasMillisecondsLaterAndAfterARestart() throws IOException {
        try (Member alpha = new Member(ALPHA)) {
            List<String> heard = new CopyOnWriteArrayList<>();
            alpha.reports.listen(report -> heard.add(report.json()));
            try (Member beta = new Member(BETA)) {
                beta.reports.publish("one");
                eventually("the first", () -> text(alpha).equals("one"));
                long begin = System.nanoTime();
                beta.reports.publish("two");
                beta.reports.publish("two");
                eventually("the second", () -> text(alpha).equals("two"));
                long millis = (System.nanoTime() - begin) / 1_000_000;
                assertTrue(millis < 1_500, millis + " ms");
                assertEquals(2, alpha.reports.of(BETA).get().version());
                assertEquals(2, beta.reports.of(BETA).get().version());
            }
            try (Member beta = new Member(BETA)) {
                beta.reports.publish("three");
                eventually("the next process's first", () -> text(alpha).equals("three"));
                assertEquals(1, alpha.reports.of(BETA).get().version());
                assertTrue(
                        !alpha.reports
                                .of(BETA)
                                .get()
                                .age(new Moment(System.nanoTime()))
                                .isNegative());
            }
            assertEquals(List.of("one", "two", "three"), heard);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> alpha.reports.publish("x".repeat(Reports.MAXIMUM_BYTES + 1)));
        }
    }

    private static String text(Member member) {
        return member.reports.of(BETA).map(Report::json).orElse("none");
    }

    private final class Member implements AutoCloseable {
        final PeerServer server;
        final PeerClient client;
        final Heartbeat heartbeat;
        final Reports reports;

        Member(NodeName name) throws IOException {
            NodeConfiguration node = nodes.node(name);
            server = new PeerServer(node, SECRET);
            client = new PeerClient(node, SECRET);
            heartbeat =
                    new Heartbeat(
                            node,
                            SECRET,
                            "0.1.0",
                            Timers.FAST,
                            peer -> CompletableFuture.completedFuture(Optional.empty()),
                            System::nanoTime);
            reports = new Reports(name, server, client, heartbeat, System::nanoTime);
            server.start();
            heartbeat.start();
        }

        @Override
        public void close() {
            reports.close();
            heartbeat.close();
            client.close();
            server.close();
        }
    }
}
