package io.understudy.core.move;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.ledger.Reason;
import io.understudy.core.node.NodeName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * A move as the node timed it that took the instance over. The parts follow one another by their
 * ends, so what they took always adds up to the whole.
 *
 * @param instance what moved
 * @param kind what it was
 * @param from who held it before
 * @param to who took it over
 * @param epoch of the new tenure
 * @param reason why it was the new holder's turn
 * @param succeeded whether it came to serve; false: the start failed or the tenure ended before
 * @param ends when each part ended, in milliseconds from the beginning of the move; parts that do
 *     not apply, or did not come, are not there; never negative
 */
public record Move(
        InstanceName instance,
        MoveKind kind,
        NodeName from,
        NodeName to,
        long epoch,
        Reason reason,
        boolean succeeded,
        Map<MovePhase, Long> ends) {

    private static final String ENDS = "ends";

    /** Refuses nulls and negative times; copies the map. */
    public Move {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(reason, "reason");
        EnumMap<MovePhase, Long> copy = new EnumMap<>(MovePhase.class);
        copy.putAll(ends);
        if (copy.values().stream().anyMatch(at -> at < 0)) {
            throw new IllegalArgumentException("a part of a move ends before it begins: " + ends);
        }
        ends = Collections.unmodifiableMap(copy);
    }

    /** Returns the parts that there were, by their ends. */
    public List<MovePhase> course() {
        List<MovePhase> course = new ArrayList<>(ends.keySet());
        course.sort(Comparator.<MovePhase, Long>comparing(ends::get).thenComparing(p -> p));
        return course;
    }

    /** Returns what a part took, in milliseconds: from the end of the part before it. */
    public Optional<Long> took(MovePhase phase) {
        long before = 0;
        for (MovePhase each : course()) {
            if (each == phase) {
                return Optional.of(ends.get(each) - before);
            }
            before = ends.get(each);
        }
        return Optional.empty();
    }

    /** Returns what the whole took, in milliseconds. */
    public long total() {
        return ends.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** Returns it as the named values of an event; {@link #of} reads them. */
    public Map<String, String> details() {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("movekind", kind.name());
        details.put("from", from.value());
        details.put("to", to.value());
        details.put("epoch", Long.toString(epoch));
        details.put("reason", reason.name());
        details.put("succeeded", Boolean.toString(succeeded));
        details.put("total", Long.toString(total()));
        StringJoiner at = new StringJoiner(" ");
        for (MovePhase phase : course()) {
            at.add(phase.key() + ":" + ends.get(phase));
        }
        details.put(ENDS, at.toString());
        for (MovePhase phase : MovePhase.values()) {
            took(phase).ifPresent(ms -> details.put(placeholder(phase), Long.toString(ms)));
        }
        return details;
    }

    /** Messages know names of letters only. */
    private static String placeholder(MovePhase phase) {
        return phase.key().replace("-", "");
    }

    /** Reads the values of an event; empty if they are not those of a move. */
    public static Optional<Move> of(String instance, Map<String, String> details) {
        try {
            Map<MovePhase, Long> ends = new EnumMap<>(MovePhase.class);
            for (String part : details.getOrDefault(ENDS, "").split(" ")) {
                int colon = part.indexOf(':');
                if (colon > 0) {
                    ends.put(
                            phase(part.substring(0, colon)),
                            Long.valueOf(part.substring(colon + 1)));
                }
            }
            return Optional.of(
                    new Move(
                            InstanceName.of(instance),
                            MoveKind.valueOf(details.get("movekind")),
                            NodeName.of(details.get("from")),
                            NodeName.of(details.get("to")),
                            Long.parseLong(details.get("epoch")),
                            Reason.valueOf(details.get("reason")),
                            Boolean.parseBoolean(details.get("succeeded")),
                            ends));
        } catch (IllegalArgumentException | NullPointerException ofAnotherVersion) {
            return Optional.empty();
        }
    }

    private static MovePhase phase(String key) {
        return MovePhase.valueOf(key.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
