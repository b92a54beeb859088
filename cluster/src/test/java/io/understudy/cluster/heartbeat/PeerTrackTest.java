package io.understudy.cluster.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.config.NodeConfiguration.Role;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.Path;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PeerTrackTest {

    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");
    private static final long OWN_BOOT = 5;
    private static final long MILLI = 1_000_000;
    private static final Duration SILENCE = Duration.ofMillis(800);

    private final PeerTrack track =
            new PeerTrack(BETA, InetAddress.getLoopbackAddress(), OWN_BOOT, SILENCE, 0);
    private long counter;

    /** A beat of beta's that heard this member {@code ago} ms before. */
    private boolean heard(long atMillis, long boot, long ago) {
        counter++;
        Beat beat =
                new Beat(
                        BETA,
                        ALPHA,
                        boot,
                        counter,
                        OWN_BOOT,
                        ago < 0 ? 0 : 1,
                        Math.max(0, ago) * MILLI,
                        Role.SECONDARY,
                        "0.1.0",
                        0,
                        0,
                        new byte[0],
                        "",
                        Path.MAIN);
        Contact before = track.contact();
        track.heard(beat, atMillis * MILLI);
        return track.contact() != before;
    }

    private boolean silent(long atMillis) {
        Contact before = track.contact();
        track.look(atMillis * MILLI);
        return track.contact() != before;
    }

    @Test
    void whoIsHeardAndDoesNotHearIsSilentAsSoonAsOneThatIsNotHeard() {
        assertTrue(heard(0, 1, -1));
        for (long at = 100; at <= 1_000; at += 100) {
            heard(at, 1, 50);
            assertFalse(silent(at));
        }
        long lost = 1_000;
        for (long at = lost; at <= lost + 700; at += 100) {
            heard(at, 1, at - lost);
            assertFalse(silent(at + 90), "at " + at);
        }
        heard(lost + 800, 1, 800);
        assertTrue(silent(lost + 810));
        assertFalse(heard(lost + 900, 1, 900), "it goes on to speak");
        assertEquals(Contact.SILENT, track.contact());
        assertTrue(heard(lost + 1_000, 1, 10), "it hears again");
        assertEquals(Contact.HEARD, track.contact());
    }

    @Test
    void whatANewProcessOfOursWasNotToldByCountsFromWhenTheyMet() {
        assertTrue(heard(5_000, 1, 60_000), "it heard the process before this one");
        assertFalse(silent(5_090));
        heard(5_100, 1, 60_100);
        assertFalse(silent(5_190), "what it hears of this one is on its way");
        heard(5_200, 1, 40);
        assertFalse(silent(5_290));
        assertEquals(Contact.HEARD, track.contact());
    }

    @Test
    void aLostBeatMakesNobodyDeaf() {
        heard(0, 1, -1);
        for (long at = 100; at < 3_000; at += 100) {
            heard(at, 1, at % 300);
            assertEquals(at * MILLI, at * MILLI - track.silentFor(at * MILLI));
        }
    }
}
