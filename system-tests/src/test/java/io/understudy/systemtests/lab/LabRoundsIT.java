package io.understudy.systemtests.lab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.systemtests.Await;
import io.understudy.systemtests.Cluster;
import io.understudy.systemtests.Layout;
import io.understudy.systemtests.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Cables drawn and put back at random moments, also in the middle of what the round before began.
 */
@Tag("system")
@Tag("slow")
@Order(21)
@ExtendWith(LabExtension.class)
class LabRoundsIT {

    private static final int ROUNDS = Integer.getInteger("understudy.rounds", 50);
    private static final Duration REACHED = Duration.ofSeconds(3);

    @Test
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    void afterEveryHealTheClientReachesTheActive(Lab lab) throws IOException {
        long seed = Long.getLong("understudy.seed", System.nanoTime());
        System.out.println("understudy.seed=" + seed);
        lab.asClient(
                () -> {
                    rounds(lab, new Random(seed));
                    return null;
                });
    }

    private static void rounds(Lab lab, Random random) {
        Cluster cluster = lab.cluster();
        long longest = 0;
        try (Load load = cluster.load();
                Prober prober = new Prober(lab.place("client"), Lab.VIRTUAL_4, Lab.SERVICE);
                AddressWatch addresses = new AddressWatch(lab::place)) {
            for (int round = 1; round <= ROUNDS; round++) {
                String host = Layout.MEMBERS.get(random.nextInt(3));
                lab.unplug(host);
                Await.pass(Duration.ofMillis(random.nextInt(6_000)));
                lab.plug(host);
                long healed = System.nanoTime();
                Await.until(
                        "an answer after heal " + round + " of " + host,
                        REACHED,
                        () -> prober.lastFailure() + cluster.describe(),
                        () -> prober.answersSince(healed) > 0);
                long took = prober.longestGap(healed, System.nanoTime()).length().toMillis();
                longest = Math.max(longest, took);
                System.out.println(
                        "round " + round + ": " + host + ", answered by " + prober.lastNode());
                Await.pass(Duration.ofMillis(random.nextInt(8_000)));
            }
            Await.until(
                    "clients are answered",
                    Cluster.SETTLE,
                    () -> prober.answersSince(System.nanoTime() - 1_000_000_000L) > 30);
            cluster.awaitWhole(prober.lastNode());
            assertTrue(
                    addresses.longestOverlap().compareTo(LabTrial.OVERLAP) <= 0,
                    () -> "an address was on both hosts for " + addresses.longestOverlap());
            load.finish().assertGood();
            System.out.println("longest time without an answer around a heal: " + longest + " ms");
        }
    }
}
