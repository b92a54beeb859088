package io.understudy.systemtests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.view.ClusterView;
import io.understudy.systemtests.Await;
import io.understudy.systemtests.Cluster;
import io.understudy.systemtests.Layout;
import io.understudy.systemtests.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each of the two networks between the nodes is cut in turn, under load. */
@Tag("system")
@Order(21)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(LabExtension.class)
class DirectLinkIT {

    private static final double PATIENCE =
            Double.parseDouble(System.getProperty("understudy.patience", "2"));

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** How long a cut lasts. */
    private static final Duration CUT = Duration.ofSeconds(6);

    /** What a stream needs that has to be made anew by the other network. */
    private static final Duration PAUSE = Duration.ofMillis(2000);

    private static boolean is(Cluster cluster, String node, String path, String state) {
        return cluster.status(node).stream()
                .flatMap(view -> view.members().stream())
                .filter(member -> member.name().equals(Layout.other(node)))
                .flatMap(member -> member.paths().stream())
                .anyMatch(p -> p.path().equals(path) && p.state().equals(state));
    }

    private static void await(Cluster cluster, String node, String path, String state) {
        Await.until(
                path + " is " + state + " on " + node,
                LIMIT,
                cluster::describe,
                () -> is(cluster, node, path, state));
    }

    private static long told(Cluster cluster, String code) throws IOException {
        return Pattern.compile("\"code\" *: *\"" + code + '"')
                .matcher(cluster.node(cluster.active()).events())
                .results()
                .count();
    }

    private static ClusterView.Instance seen(Cluster cluster, String node) {
        return Await.value("the state of " + node, LIMIT, () -> cluster.instance(node));
    }

    /**
     * Both nodes miss the path; nothing else comes of it, and the alarm ends with the cut.
     *
     * @param missing the nodes that can be asked meanwhile
     */
    private static void onlyAnAlarm(
            Lab lab, String path, List<String> missing, Runnable cut, Runnable mend)
            throws IOException {
        Cluster cluster = lab.cluster();
        String active = cluster.active();
        String standby = Layout.other(active);
        cluster.awaitWhole(active);
        for (String node : Layout.NODES) {
            await(cluster, node, "MAIN", "UP");
            await(cluster, node, "DIRECT", "UP");
        }
        long epoch = seen(cluster, active).epoch();
        String before = path + "_LINK_LOST";
        long lost = told(cluster, before);
        long returned = told(cluster, path + "_LINK_RETURNED");
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            cut.run();
            for (String node : missing) {
                await(cluster, node, path, "LOST");
            }
            while (System.nanoTime() - began < CUT.toNanos()) {
                assertEquals("SYNCHRONOUS", seen(cluster, active).protection());
                Await.pass(Duration.ofMillis(200));
            }
            mend.run();
            for (String node : Layout.NODES) {
                await(cluster, node, path, "UP");
            }
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            Duration pause = load.gapSince(began).length();
            System.out.println(path + " lost: writes paused for " + pause.toMillis() + " ms");
            load.finish().assertGood();
            assertEquals(active, cluster.active());
            assertEquals(epoch, seen(cluster, active).epoch());
            cluster.awaitWhole(active);
            // Each node says so, also one that cannot be asked meanwhile.
            assertEquals(lost + Layout.NODES.size(), told(cluster, before));
            assertTrue(told(cluster, path + "_LINK_RETURNED") > returned);
            if (pause.compareTo(PAUSE.multipliedBy((long) PATIENCE)) > 0) {
                throw new LabExtension.TooSlow(path + " lost: no write for " + pause);
            }
        }
        assertTrue(cluster.instance(standby).isPresent());
    }

    @Test
    @Order(1)
    void theDirectLinkIsLost(Lab lab) throws IOException {
        lab.asClient(
                () -> {
                    onlyAnAlarm(lab, "DIRECT", Layout.NODES, lab::separateDirect, lab::pass);
                    return null;
                });
    }

    /** Only the standby's cable to everybody else is drawn: it goes on following. */
    @Test
    @Order(2)
    void theOtherNetworkOfTheStandbyIsLost(Lab lab) throws IOException {
        lab.asClient(
                () -> {
                    String active = lab.cluster().active();
                    String standby = Layout.other(active);
                    onlyAnAlarm(
                            lab,
                            "MAIN",
                            List.of(active),
                            () -> lab.unplugMain(standby),
                            () -> lab.plug(standby));
                    return null;
                });
    }

    /** The lease decides: that the active is heard by the link does not keep it in its place. */
    @Test
    @Order(3)
    void theOtherNetworkOfTheActiveIsLost(Lab lab) throws IOException {
        LabTrial trial = LabTrial.of(LabFault.CUT_MAIN, lab, false);
        System.out.println(trial);
        trial.assertSafe();
    }

    @Test
    @Order(4)
    void theOtherNetworkBetweenThemIsLost(Lab lab) throws IOException {
        LabTrial trial = LabTrial.of(LabFault.CUT_MAIN_BETWEEN, lab, false);
        System.out.println(trial);
        trial.assertSafe();
    }
}
