package io.understudy.systemtests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.view.ClusterView;
import io.understudy.systemtests.Await;
import io.understudy.systemtests.Cluster;
import io.understudy.systemtests.Layout;
import io.understudy.systemtests.Load;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Faults on hosts of their own, as a client at the address sees them. Each once; how often and how
 * long is the benchmark's.
 */
@Tag("system")
@Order(20)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(LabExtension.class)
class LabIT {

    /**
     * A single run on a shared host may take this many times the promise; medians are the
     * benchmark's.
     */
    private static final double PATIENCE =
            Double.parseDouble(System.getProperty("understudy.patience", "3"));

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** First the way there and back, so that it begins at home. */
    @Test
    @Order(1)
    void aMoveIsAnnouncedOnTheWire(Lab lab) throws IOException {
        LabTrial trial;
        try (Capture capture = lab.capture()) {
            trial = LabTrial.of(LabFault.SWITCHOVER, lab, false);
            String mac = lab.hardwareAddress(Layout.BETA);
            String who = Lab.VIRTUAL_4;
            // Twice or more: at once, and again for who missed it.
            Await.until(
                    "announcements of " + mac,
                    LIMIT,
                    () -> String.join("\n", capture.lines()),
                    () ->
                            capture.announcements(mac, "Request who-has " + who, "tell " + who)
                                                    .size()
                                            > 1
                                    && capture.announcements(mac, "Reply " + who + " is-at " + mac)
                                                    .size()
                                            > 1
                                    && capture.announcements(
                                                            mac,
                                                            "neighbor advertisement",
                                                            "tgt is " + Lab.VIRTUAL_6)
                                                    .size()
                                            > 1);
        }
        assertHolds(trial);
    }

    @Test
    @Order(2)
    void theWayHome(Lab lab) throws IOException {
        holds(LabFault.FALLBACK, lab);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "KILL_SERVICE",
                "KILL_SERVER",
                "KILL_PROGRAM",
                "POWER_LOSS",
                "STOP_SERVER",
                "CUT_LINK",
                "CUT_BETWEEN",
                "MUTE",
                "LOSE_STANDBY"
            })
    @Order(3)
    void holds(LabFault fault, Lab lab) throws IOException {
        assertHolds(LabTrial.of(fault, lab, false));
    }

    private static void assertHolds(LabTrial trial) {
        System.out.println(trial);
        trial.assertSafe();
        assertWithin(trial, trial.longest());
        assertWithin(trial, trial.afterMend());
    }

    private static void assertWithin(LabTrial trial, Duration time) {
        Duration bound = Duration.ofMillis((long) (trial.fault().aim().toMillis() * PATIENCE));
        if (time.compareTo(bound) > 0) {
            throw new LabExtension.TooSlow(trial + "; the bound is " + bound);
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "KILL_HOST",
                "FREEZE_HOST",
                "DEAFEN",
                "FREEZE_STANDBY",
                "CUT_STANDBY",
                "LOSE_WITNESS",
                "LOSS"
            })
    @Order(4)
    @Tag("slow")
    void holdsToo(LabFault fault, Lab lab) throws IOException {
        holds(fault, lab);
    }

    /** Nobody can tell then whether the active lives: nobody serves, and it is said why. */
    @Test
    @Order(5)
    void witnessLostThenActive(Lab lab) throws IOException {
        lab.asClient(
                () -> {
                    loseWitnessThenActive(lab);
                    return null;
                });
    }

    private static void loseWitnessThenActive(Lab lab) {
        Cluster cluster = lab.cluster();
        String active = cluster.active();
        String standby = Layout.other(active);
        cluster.awaitWhole(active);
        try (Load load = cluster.load();
                Prober prober = new Prober(lab.place("client"), Lab.VIRTUAL_4, Lab.SERVICE);
                AddressWatch addresses = new AddressWatch(lab::place)) {
            long eve = System.nanoTime();
            Await.until("clients are answered", LIMIT, () -> prober.answersSince(eve) >= 50);
            long began = System.nanoTime();
            lab.cutPower(Layout.WITNESS);
            Await.until(
                    "the loss of the witness is said",
                    LIMIT,
                    cluster::describe,
                    () -> cluster.status(active).filter(v -> !v.redundant()).isPresent());
            Duration pause = prober.longestGap(began, System.nanoTime()).length();
            assertTrue(pause.toMillis() < 1500 * PATIENCE, () -> "no answer for " + pause);
            assertEquals(active, cluster.active());

            lab.cutPower(active);
            // Longer than any lease, and than its challenger waits.
            Await.pass(Duration.ofSeconds(6));
            long later = System.nanoTime();
            Await.pass(Duration.ofSeconds(2));
            assertEquals(0, prober.answersSince(later));
            ClusterView.Instance seen = cluster.instance(standby).orElseThrow();
            assertFalse(standby.equals(seen.active()), seen::toString);
            assertFalse(seen.promotable(), seen::toString);
            assertFalse(seen.promotableReasons().isEmpty(), seen::toString);
            System.out.println("without witness and active: " + seen.promotableReasons());

            lab.restorePower(Layout.WITNESS);
            lab.restorePower(active);
            Await.until(
                    "clients are answered again",
                    Cluster.SETTLE,
                    cluster::describe,
                    () -> prober.answersSince(later) >= 50);
            cluster.awaitWhole(cluster.active());
            load.finish().assertGood();
            assertTrue(addresses.longestOverlap().compareTo(LabTrial.OVERLAP) <= 0);
        }
    }
}
