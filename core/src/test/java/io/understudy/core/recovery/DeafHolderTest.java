package io.understudy.core.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A holder that hears nobody and is heard: what it writes counts, though it never learns that. Seen
 * in the lab: it recorded itself as alone, and nobody could take over after it lost its lease.
 */
class DeafHolderTest {

    private static final NodeName ALPHA = Bench.ALPHA;
    private static final Set<NodeName> BOTH = Set.of(ALPHA, Bench.BETA);

    private static Bench together() {
        Bench bench = Bench.serving(ALPHA, Timers.FAST, false, Reason.NORMAL);
        assertEquals(BOTH, bench.turn().inSync());
        return bench;
    }

    private static void lose(Bench b) {
        b.standbyAttached = false;
        b.peer = Optional.empty();
        b.post(new Event.PeerContact(Contact.SILENT, b.now));
    }

    @Test
    void does_not_record_itself_as_alone_and_loses_its_lease() {
        Bench b = together();
        b.storeAnswers = false;
        lose(b);
        b.advance(Timers.FAST.lease());
        assertEquals(BOTH, b.turn().inSync());
        assertTrue(b.did(Step.KILL));
    }

    @Test
    void goes_on_alone_once_its_lease_was_renewed_after_the_standby_had_gone() {
        Bench b = together();
        lose(b);
        b.advance(Timers.FAST.relaxAfter().plus(Duration.ofMillis(500)));
        assertEquals(Set.of(ALPHA), b.turn().inSync());
        assertTrue(b.did(Step.REPLICATE_ASYNC));
    }

    @Test
    void a_store_that_answers_late_delays_it_no_longer_than_until_then() {
        Bench b = together();
        b.storeAnswers = false;
        lose(b);
        b.advance(Timers.FAST.relaxAfter().plus(Duration.ofMillis(300)));
        assertFalse(b.did(Step.REPLICATE_ASYNC));
        b.storeAnswers = true;
        b.advance(Duration.ofMillis(500));
        assertTrue(b.did(Step.REPLICATE_ASYNC));
    }
}
