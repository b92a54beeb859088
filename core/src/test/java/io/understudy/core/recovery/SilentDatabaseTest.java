package io.understudy.core.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A disk under the active node's database hangs or fails: the standby must stay in sync. */
class SilentDatabaseTest {

    private static final NodeName ALPHA = Bench.ALPHA;
    private static final NodeName BETA = Bench.BETA;
    private static final Set<NodeName> BOTH = Set.of(ALPHA, BETA);
    private static final Duration BLINK = Duration.ofMillis(700);
    private static final Duration LONG = Duration.ofSeconds(5);

    private static Bench together() {
        Bench bench = Bench.serving(ALPHA, Timers.FAST, false, Reason.NORMAL);
        assertEquals(Replication.TOGETHER, bench.situation.replication());
        assertEquals(BOTH, bench.turn().inSync());
        return bench;
    }

    @Test
    void a_database_that_does_not_answer_does_not_give_its_standby_up_and_is_moved_to_it() {
        Bench b = together();
        b.databaseAnswers = false;
        b.advance(LONG);
        assertEquals(BOTH, b.turn().inSync());
        assertEquals(ALPHA, b.turn().assigned());
        b.databaseRuns = false;
        b.advance(BLINK);
        assertEquals(BETA, b.turn().assigned());
        assertEquals(Reason.DATABASE_FAILURE, b.turn().reason());
    }

    @Test
    void its_volume_moves_it_while_it_is_silent() {
        Bench b = together();
        b.databaseAnswers = false;
        b.dataVolume = ServiceCondition.DOWN;
        b.advance(LONG);
        b.dataVolume = ServiceCondition.FAILED;
        b.advance(BLINK);
        assertEquals(BETA, b.turn().assigned());
        assertEquals(Reason.CRITICAL_SERVICE_DOWN, b.turn().reason());
    }

    @Test
    void not_even_when_the_other_nodes_process_is_proven_gone() {
        Bench b = together();
        b.databaseAnswers = false;
        b.advance(BLINK);
        b.peer = Optional.empty();
        b.post(new Event.PeerContact(Contact.GONE, b.now));
        b.advance(LONG);
        assertEquals(BOTH, b.turn().inSync());
    }

    @Test
    void as_soon_as_it_answers_that_the_standby_is_gone_it_goes_on_alone() {
        Bench b = together();
        b.databaseAnswers = false;
        b.standbyAttached = false;
        b.advance(LONG);
        assertEquals(BOTH, b.turn().inSync());
        b.databaseAnswers = true;
        b.advance(Timers.FAST.relaxAfter().plusMillis(500));
        assertEquals(Set.of(ALPHA), b.turn().inSync());
        assertTrue(b.did(Step.REPLICATE_ASYNC));
    }

    @Test
    void nothing_is_mended_on_a_disk_that_has_failed_until_the_other_node_is_back() {
        Bench b = together();
        b.dataVolume = ServiceCondition.DOWN;
        b.advance(BLINK);
        b.peer = Optional.empty();
        b.post(new Event.PeerContact(Contact.SILENT, b.now));
        b.databaseRuns = false;
        b.effects.clear();
        b.advance(LONG);
        assertEquals(BOTH, b.turn().inSync());
        assertFalse(b.did(Step.DATABASE_PRIMARY));
        b.peer = Optional.of(new Event.PeerReport(Phase.STANDBY, true, false));
        b.post(new Event.PeerContact(Contact.HEARD, b.now));
        b.advance(BLINK);
        assertEquals(BETA, b.turn().assigned());
    }

    @Test
    void once_the_disk_is_well_it_is_mended_here_by_what_is_on_record() {
        Bench b = together();
        b.dataVolume = ServiceCondition.DOWN;
        b.advance(BLINK);
        b.peer = Optional.empty();
        b.post(new Event.PeerContact(Contact.SILENT, b.now));
        b.databaseRuns = false;
        b.effects.clear();
        b.advance(LONG);
        assertEquals(BOTH, b.turn().inSync());
        assertEquals(List.of(), mends(b));
        b.dataVolume = ServiceCondition.RUNNING;
        b.entries.clear();
        b.advance(LONG);
        assertEquals(Set.of(ALPHA), b.entries.get(0).inSync());
        assertTrue(mends(b).contains(Step.DATABASE_PRIMARY), () -> mends(b).toString());
    }

    private static List<Step> mends(Bench b) {
        return b.effects.stream()
                .filter(Effect.Execute.class::isInstance)
                .map(e -> ((Effect.Execute) e).step())
                .toList();
    }
}
