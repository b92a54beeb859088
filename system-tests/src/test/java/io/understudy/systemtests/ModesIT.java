package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.view.ClusterView;
import io.understudy.core.view.OperationView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every mode on real nodes, under load: what happens by itself, what waits for an operator, and
 * that nothing acknowledged is lost by either. Stops in good order are {@link OperatorIT}'s.
 */
@Tag("system")
@Order(9)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(ClusterExtension.class)
class ModesIT {

    /** Generous, as hosts are shared; nodes are started within it. */
    private static final Duration LIMIT = Cluster.SETTLE;

    /** Longer than any failover takes. */
    private static final Duration LONG = Fault.HANG_ACTIVE.worst();

    private static final String FAST = "fast";

    @AfterAll
    static void asItWas(Cluster cluster) throws IOException {
        for (String node : Layout.NODES) {
            new Cue(cluster).mend(node);
        }
        cluster.apply();
        cluster.bringHome();
        // So that the services are those of the file again.
        cluster.act("switchover");
        cluster.bringHome();
    }

    @Test
    @Order(1)
    void aTimerChangesWhileClientsWrite(Cluster cluster) throws IOException {
        Cue cue = new Cue(cluster);
        cue.rehearse("automatic", "manual", FAST);
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            cue.rehearse("automatic", "manual", "{ lease: 4s }");
            Await.until(
                    "the lease is longer",
                    LIMIT,
                    cluster::describe,
                    () ->
                            cluster.instance(Layout.ALPHA)
                                    .map(ClusterView.Instance::leaseLeftMillis)
                                    .filter(left -> left > 2_500)
                                    .isPresent());
            for (String node : Layout.NODES) {
                assertEquals("4s", cue.timer(node, "lease").orElseThrow(), node);
            }
            cue.rehearse("automatic", "manual", FAST);
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            assertEquals(Layout.ALPHA, cluster.active());
            report("timer changed there and back", load, began);
        }
    }

    @Test
    @Order(2)
    void manualFailoverStandsStillUntilAnOperatorSaysSo(Cluster cluster) throws IOException {
        new Cue(cluster).rehearse("manual", "manual", FAST);
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            cluster.killNodes(List.of(Layout.ALPHA));
            Await.pass(LONG);
            ClusterView.Instance seen = cluster.instance(Layout.BETA).orElseThrow();
            assertNull(seen.active(), seen::toString);
            assertTrue(seen.promotableReasons().contains("MANUAL"), seen::toString);
            cluster.act("failover");
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            assertEquals(Layout.BETA, cluster.active());
            cluster.member(Layout.ALPHA).start();
            cluster.awaitWhole(Layout.BETA);
            report("manual failover", load, began);
        }
        cluster.bringHome();
    }

    @Test
    @Order(3)
    void itGoesHomeByItselfOnceHomeIsInSyncAndHealthyForLong(Cluster cluster) throws IOException {
        Cue cue = new Cue(cluster);
        cue.rehearse("automatic", "automatic", "{ fallback-healthy: 4s }");
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            Host.signal("KILL", cluster.server(Layout.ALPHA), cluster.postgres(Layout.ALPHA));
            cluster.awaitServing(Layout.BETA, LIMIT);
            Await.until(
                    "home is in sync",
                    LIMIT,
                    cluster::describe,
                    () -> cluster.instance(Layout.BETA).filter(i -> i.promotable()).isPresent());
            long ready = System.nanoTime();
            cluster.awaitServing(Layout.ALPHA, LIMIT);
            Duration waited = Duration.ofNanos(System.nanoTime() - ready);
            // That it is ready is seen here a little later than there.
            assertTrue(waited.compareTo(Duration.ofSeconds(3)) > 0, waited::toString);
            assertEquals(
                    "AUTOMATIC_FALLBACK", cluster.instance(Layout.ALPHA).orElseThrow().reason());
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            report("automatic fallback " + waited.toMillis() + " ms after in sync", load, began);
        }
        cluster.awaitNormal();
        cluster.act("switchover");
        cluster.awaitWhole(Layout.BETA);
        Await.pass(Duration.ofSeconds(6));
        assertEquals(Layout.BETA, cluster.active(), "what an operator moved stays");
        cluster.bringHome();
    }

    @Test
    @Order(4)
    void aServiceThatFailsOnTheBackupSendsItHome(Cluster cluster) throws IOException {
        Cue cue = new Cue(cluster);
        cue.rehearse("automatic", "manual", FAST);
        cluster.act("switchover");
        cluster.awaitWhole(Layout.BETA);
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            cue.breakOn(Layout.BETA);
            cluster.awaitServing(Layout.ALPHA, LIMIT);
            assertEquals(
                    "AUTO_RECOVERY_CRITICAL_SERVICE_DOWN",
                    cluster.instance(Layout.ALPHA).orElseThrow().reason());
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            cue.mend(Layout.BETA);
            // Or it would be tried again a minute later.
            cluster.act("recover");
            cluster.awaitNormal();
            report("automatic recovery", load, began);
        }
    }

    @Test
    @Order(5)
    void failedOnBothItServesAgainByRecoverWithoutAReboot(Cluster cluster) throws IOException {
        Cue cue = new Cue(cluster);
        // So long that nothing is tried again by itself while this test looks.
        cue.rehearse("automatic", "manual", "{ failed-retry: 10m }");
        long alpha = cluster.server(Layout.ALPHA);
        long beta = cluster.server(Layout.BETA);
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            cue.breakOn(Layout.BETA);
            cue.breakOn(Layout.ALPHA);
            for (String node : Layout.NODES) {
                Await.until(
                        node + " is in failed mode",
                        LIMIT,
                        cluster::describe,
                        () ->
                                cue.state(Layout.BETA, node)
                                        .filter(s -> s.state().equals("RUNNING_IN_FAILED_MODE"))
                                        .isPresent());
            }
            for (String node : Layout.NODES) {
                cue.mend(node);
            }
            Await.pass(Duration.ofSeconds(3));
            assertEquals(
                    "RUNNING_IN_FAILED_MODE",
                    cue.state(Layout.BETA, Layout.BETA).orElseThrow().state());
            cluster.act("recover");
            Await.until("it serves again", LIMIT, cluster::describe, cue::plays);
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            assertEquals(alpha, cluster.server(Layout.ALPHA));
            assertEquals(beta, cluster.server(Layout.BETA));
            report("recovered from failed mode", load, began);
        }
        cluster.bringHome();
    }

    @Test
    @Order(6)
    void whileHeldNobodyTakesOverAndTheCopyFollows(Cluster cluster) throws IOException {
        new Cue(cluster).rehearse("automatic", "manual", FAST);
        NodeApi.Answer held = cluster.node(Layout.ALPHA).hold("10m", "new disk");
        assertEquals(200, held.status(), held.body());
        NodeApi.Answer second = cluster.node(Layout.BETA).hold("1m", "me too");
        assertEquals(409, second.status(), second.body());
        assertTrue(second.body().contains("new disk"), second.body());
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            Host.signal("KILL", cluster.server(Layout.BETA), cluster.postgres(Layout.BETA));
            Await.until("the copy is away", LIMIT, cluster::describe, () -> inSync(cluster) == 1);
            // In sync it is before it votes again, and two voters of two may not lose one.
            Await.until(
                    "the copy follows again, and beta votes",
                    LIMIT,
                    cluster::describe,
                    () -> inSync(cluster) == 2 && redundant(cluster));
            cluster.killNodes(List.of(Layout.ALPHA));
            Await.pass(LONG);
            ClusterView.Instance seen = cluster.instance(Layout.BETA).orElseThrow();
            assertNull(seen.active(), seen::toString);
            assertNotNull(seen.hold(), seen::toString);
            assertEquals("new disk", seen.hold().reason());
            assertTrue(seen.promotableReasons().contains("HELD"), seen::toString);

            NodeApi.Answer released = cluster.node(Layout.BETA).release();
            assertEquals(200, released.status(), released.body());
            cluster.awaitServing(Layout.BETA, LIMIT);
            load.awaitWritesAfter(System.nanoTime(), LIMIT);
            cluster.member(Layout.ALPHA).start();
            cluster.awaitWhole(Layout.BETA);
            report("held, then released", load, began);
        }
        cluster.bringHome();
    }

    @Test
    @Order(7)
    void theSecondOfTwoOperatorsIsToldOfTheFirst(Cluster cluster) throws IOException {
        new Cue(cluster).rehearse("automatic", "manual", FAST);
        NodeApi alpha = cluster.node(Layout.ALPHA);
        List<OperationView> asked =
                Stream.generate(() -> CompletableFuture.supplyAsync(() -> switchover(alpha)))
                        .limit(2)
                        .toList()
                        .stream()
                        .map(CompletableFuture::join)
                        .map(begun -> cluster.awaitEnd(Layout.ALPHA, begun))
                        .sorted(Comparator.comparing(OperationView::state))
                        .toList();
        assertEquals("DONE", asked.get(0).state(), asked::toString);
        OperationView second = asked.get(1);
        assertEquals("REFUSED", second.state(), second::toString);
        assertEquals("OPERATION_UNDER_WAY", second.code(), second::toString);
        assertTrue(second.message().contains("the switchover that"), second::toString);
        assertEquals(Layout.BETA, cluster.active());
        cluster.bringHome();
    }

    private static boolean redundant(Cluster cluster) {
        return Layout.NODES.stream()
                .allMatch(n -> cluster.status(n).filter(ClusterView::redundant).isPresent());
    }

    private static int inSync(Cluster cluster) {
        return cluster.instance(Layout.ALPHA).map(i -> i.inSync().size()).orElse(0);
    }

    private static OperationView switchover(NodeApi node) {
        try {
            return NodeApi.operation(node.act("switchover"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void report(String what, Load load, long since) {
        Duration outage = load.outageSince(since);
        Load.Result result = load.finish();
        result.assertGood();
        System.out.println(
                what
                        + ": no write for "
                        + outage.toMillis()
                        + " ms; "
                        + result.acknowledged()
                        + " acknowledged, "
                        + result.lost().size()
                        + " lost");
    }
}
