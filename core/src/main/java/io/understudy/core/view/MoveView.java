package io.understudy.core.view;

import io.understudy.core.move.Move;
import io.understudy.core.move.MovePhase;
import java.util.Arrays;
import java.util.List;

/**
 * A move as it is shown: {@code kind} a {@link io.understudy.core.move.MoveKind}, {@code reason} a
 * {@link io.understudy.core.ledger.Reason}. The milliseconds of {@code phases} add up to {@code
 * totalMillis}.
 *
 * @param time wall time of its completion, ISO 8601 with offset, by the node that took over
 * @param succeeded whether the new holder came to serve
 * @param phases all of them, in the order of {@link MovePhase}
 */
public record MoveView(
        String instance,
        String time,
        String kind,
        String from,
        String to,
        long epoch,
        String reason,
        boolean succeeded,
        long totalMillis,
        List<Phase> phases) {

    /**
     * A part of a move.
     *
     * @param phase a {@link MovePhase}
     * @param endMillis when it ended, from the beginning of the move; null if it does not apply
     * @param millis what it took, from the end of the part that ended before it; null likewise
     */
    public record Phase(String phase, Long endMillis, Long millis) {}

    /** Returns {@code move} as it is shown. */
    public static MoveView of(Move move, String time) {
        return new MoveView(
                move.instance().value(),
                time,
                move.kind().name(),
                move.from().value(),
                move.to().value(),
                move.epoch(),
                move.reason().name(),
                move.succeeded(),
                move.total(),
                Arrays.stream(MovePhase.values())
                        .map(
                                p ->
                                        new Phase(
                                                p.name(),
                                                move.ends().get(p),
                                                move.took(p).orElse(null)))
                        .toList());
    }
}
