package io.understudy.ejb.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.ledger.Reason;
import io.understudy.core.metric.Sample;
import io.understudy.core.move.Move;
import io.understudy.core.move.MoveKind;
import io.understudy.core.move.MovePhase;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import io.understudy.core.view.EventView;
import io.understudy.core.view.MoveView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MovesTest {

    private static final InstanceName NMS = InstanceName.of("nms");

    private final List<Move> told = new ArrayList<>();
    private final Moves moves = new Moves(peer -> new Moment(0), told::add);

    private static Move move(long epoch, boolean succeeded) {
        return new Move(
                NMS,
                MoveKind.FAILOVER,
                NodeName.of("alpha"),
                NodeName.of("beta"),
                epoch,
                Reason.PEER_DOWN,
                succeeded,
                Map.of(MovePhase.DETECT, 810L, MovePhase.FENCE, 900L, MovePhase.START, 1_450L));
    }

    private static EventView event(Move move) {
        return new EventView(
                move.epoch(),
                "2026-11-20T08:00:00Z",
                "beta",
                move.instance().value(),
                "INFO",
                move.succeeded() ? Moves.MOVED : Moves.FAILED,
                move.details(),
                "");
    }

    private List<Long> epochs() {
        return moves.of(NMS).stream().map(MoveView::epoch).toList();
    }

    @Test
    void aMoveIsToldOnceAndKnownFromTheEventsOfEveryMember() {
        moves.completed(move(4, true));
        assertEquals(List.of(move(4, true)), told);
        assertEquals(List.of(), moves.of(NMS), "known when the log has it");
        moves.happened(event(move(4, true)));
        assertEquals(List.of(4L), epochs());
        assertEquals(1_450, moves.last(NMS).orElseThrow().totalMillis());
    }

    @Test
    void whatIsRecalledLaterStandsWhereItBelongs() {
        moves.happened(event(move(8, false)));
        moves.happened(event(move(4, true)));
        moves.happened(event(move(6, true)));
        moves.happened(event(move(8, false)));
        assertEquals(List.of(8L, 6L, 4L), epochs());
    }

    @Test
    void oldOnesAreForgotten() {
        for (long epoch = 2; epoch <= 100; epoch += 2) {
            moves.happened(event(move(epoch, true)));
        }
        assertEquals(32, moves.of(NMS).size());
        assertEquals(100, moves.of(NMS).get(0).epoch());
    }

    @Test
    void otherEventsAndThoseOfOtherVersionsArePassedOver() {
        moves.happened(
                new EventView(1, "2026-11-20T08:00:00Z", "beta", null, "INFO", "X", null, ""));
        moves.happened(
                new EventView(
                        2, "2026-11-20T08:00:00Z", "beta", "nms", "INFO", "MOVED", Map.of(), ""));
        assertTrue(moves.of(NMS).isEmpty());
    }

    @Test
    void thePartsAreMeasuredInSeconds() {
        List<Sample> samples = new ArrayList<>();
        Moves.measure(MoveView.of(move(4, true), "2026-11-20T08:00:00Z"), samples);
        assertEquals(1.45, samples.get(0).value());
        assertEquals(4, samples.size());
        assertEquals(List.of("nms", "fence"), samples.get(2).tags());
        assertEquals(0.09, samples.get(2).value(), 1e-9);
    }
}
