package io.understudy.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One delay of the reference in real time; all of them are held to in virtual time. */
@Tag("slow")
@Order(10)
@ExtendWith(ClusterExtension.class)
class ClassicIT {

    /** For stopping here and starting there, on a host that is shared. */
    private static final Duration MOVE = Duration.ofSeconds(10);

    @AfterAll
    static void asItWas(Cluster cluster) throws IOException {
        cluster.apply();
        cluster.bringHome();
        cluster.act("switchover");
        cluster.bringHome();
    }

    @Test
    void aCriticalServiceMayBeDownForNinetySecondsAndNoLonger(Cluster cluster) throws IOException {
        Cue cue = new Cue(cluster);
        cue.rehearseClassic();
        assertEquals("90s", cue.timer(Layout.ALPHA, "service-delay").orElseThrow());
        Timers classic = Timers.CLASSIC;
        try (Load load = cluster.load()) {
            long began = System.nanoTime();
            cue.breakOn(Layout.ALPHA);
            cluster.awaitServing(Layout.BETA, classic.serviceDelay().plusSeconds(60));
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            load.awaitWritesAfter(System.nanoTime(), MOVE);
            Duration outage = load.outageSince(began);
            load.finish().assertGood();
            System.out.println(
                    "classic: failover "
                            + took.toMillis()
                            + " ms after the service failed; no write for "
                            + outage.toMillis()
                            + " ms");
            assertTrue(took.compareTo(classic.serviceDelay()) > 0, took::toString);
            Duration most = classic.serviceDelay().plus(classic.probeInterval()).plus(MOVE);
            assertTrue(took.compareTo(most) < 0, took::toString);
        }
        cue.mend(Layout.ALPHA);
        cluster.act("recover");
        cluster.bringHome();
    }
}
