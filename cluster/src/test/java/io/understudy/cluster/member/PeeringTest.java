package io.understudy.cluster.member;

import static io.understudy.cluster.testing.Eventually.eventually;
import static io.understudy.cluster.testing.Eventually.result;
import static io.understudy.cluster.testing.TestNodes.ALPHA;
import static io.understudy.cluster.testing.TestNodes.BETA;
import static io.understudy.cluster.testing.TestNodes.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.cluster.report.Report;
import io.understudy.cluster.testing.TestNodes;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeeringTest {

    private static final InstanceName NMS = InstanceName.of("nms");

    private final TestNodes nodes = TestNodes.onFreePorts();
    private final List<Peering> members = new ArrayList<>();
    private final List<String> alarms = new CopyOnWriteArrayList<>();

    @TempDir Path directory;

    @AfterEach
    void close() {
        members.forEach(Peering::close);
    }

    @Test
    void allPartsWorkTogetherAndNoThreadIsLeftBehind() throws IOException {
        for (NodeName name : TestNodes.ALL) {
            Peering peering =
                    new Peering(
                            nodes.node(name),
                            directory.resolve(name.value()),
                            SECRET,
                            "0.1.0",
                            Timers.FAST,
                            alarms::add);
            members.add(peering);
            peering.start();
        }
        Peering alpha = members.get(0);
        Peering beta = members.get(1);
        // A cold JVM on a busy machine may need longer than the limit of one call at first.
        eventually("a claim", () -> come(alpha.ledger().claim(NMS, new Epoch(2))));
        eventually(
                "a configuration",
                () ->
                        come(beta.configuration().propose(Optional.empty(), "group: a", "ann"))
                                && beta.configuration().current().isPresent());
        alpha.events().append(null, "INFO", "NODE_STARTED", Map.of(), "Alpha started.");
        alpha.reports().publish("{}");
        eventually(
                "beta hears, learns, reads and has the report",
                () ->
                        beta.heartbeat().facts(ALPHA).contact() == Contact.HEARD
                                && beta.events().last() == 1
                                && beta.reports()
                                        .of(ALPHA)
                                        .map(Report::json)
                                        .equals(Optional.of("{}"))
                                && alpha.configuration().current().isPresent());
        assertEquals(List.of(), alarms);
        assertEquals(BETA, beta.configuration().current().get().node());
        members.forEach(Peering::close);
        members.clear();
        eventually(
                "no thread is left",
                () ->
                        Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(t -> t.getName().startsWith("understudy-")));
    }

    private static boolean come(CompletionStage<?> stage) {
        return result(stage.handle((outcome, error) -> error == null));
    }
}
