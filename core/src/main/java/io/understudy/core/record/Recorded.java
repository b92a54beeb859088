package io.understudy.core.record;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.recovery.Decision;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.EventKind;
import io.understudy.core.recovery.Settings;
import io.understudy.core.recovery.Situation;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A decision as it was taken: enough to take it again.
 *
 * @param time wall time, ISO 8601, for people only
 * @param node whose decision it is
 * @param instance about what
 * @param number the count of this node's decisions about the instance since it began with it; a
 *     number that is not one more than the line before tells of a gap
 * @param now the node's monotonic time
 * @param event what happened
 * @param whole the settings and the situation before; empty where the line before led to them
 * @param phase the phase afterwards
 * @param effects what was decided, as trees
 */
public record Recorded(
        String time,
        NodeName node,
        InstanceName instance,
        long number,
        Moment now,
        Event event,
        Optional<Whole> whole,
        String phase,
        List<Object> effects) {

    private static final Set<EventKind> ROUTINE_EVENTS =
            EnumSet.of(
                    EventKind.WAKE,
                    EventKind.LEASE_READ,
                    EventKind.LEASE_WRITTEN,
                    EventKind.LEASE_UNKNOWN,
                    EventKind.LEDGER_READ,
                    EventKind.LEDGER_UNKNOWN,
                    EventKind.PEER_CONTACT,
                    EventKind.PEER_REPORT,
                    EventKind.PEER_RENEWED,
                    EventKind.SERVICES,
                    EventKind.DATABASES);

    private static final Set<Class<? extends Effect>> ROUTINE_EFFECTS =
            Set.of(
                    Effect.ReadLease.class,
                    Effect.WriteLease.class,
                    Effect.ReadLedger.class,
                    Effect.Guard.class,
                    Effect.Nudge.class);

    /** Everything that a decision rests on besides event and time. */
    public record Whole(Settings settings, Situation before) {
        /** Refuses nulls. */
        public Whole {
            Objects.requireNonNull(settings, "settings");
            Objects.requireNonNull(before, "before");
        }
    }

    /** Refuses nulls; copies the list. */
    public Recorded {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(now, "now");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(whole, "whole");
        Objects.requireNonNull(phase, "phase");
        effects = List.copyOf(effects);
    }

    /**
     * Returns whether a decision is more than keeping watch: the phase, the contact with the peer
     * or the store's answering changed, or something was asked for, begun, ended or told.
     */
    public static boolean notable(Situation before, Event event, Decision decision) {
        Situation after = decision.situation();
        return !ROUTINE_EVENTS.contains(event.kind())
                || before.phase() != after.phase()
                || before.contact() != after.contact()
                || before.storeAnswers() != after.storeAnswers()
                || decision.effects().stream()
                        .anyMatch(e -> !ROUTINE_EFFECTS.contains(e.getClass()));
    }

    /** Returns what was decided as trees. */
    public static List<Object> effects(Decision decision) {
        return decision.effects().stream().map(Tree::of).toList();
    }

    /** Returns this line as a tree of maps, lists, strings, numbers, booleans and null. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("time", time);
        tree.put("node", node.value());
        tree.put("instance", instance.value());
        tree.put("number", number);
        tree.put("now", now.nanos());
        tree.put("event", Tree.of(event));
        whole.ifPresent(w -> tree.put("settings", Tree.of(w.settings())));
        whole.ifPresent(w -> tree.put("before", Tree.of(w.before())));
        tree.put("phase", phase);
        tree.put("effects", effects);
        return tree;
    }

    /**
     * Reads what {@link #tree} made, also of another patch level.
     *
     * @throws IllegalArgumentException if it is not one of a decision: what and where
     */
    public static Recorded of(Map<String, ?> tree) {
        Optional<Whole> whole = Optional.empty();
        if (tree.get("before") != null && tree.get("settings") instanceof Map<?, ?> settings) {
            whole =
                    Optional.of(
                            new Whole(
                                    settings(settings), TreeReader.situation(tree.get("before"))));
        }
        return new Recorded(
                word(tree, "time"),
                NodeName.of(word(tree, "node")),
                InstanceName.of(word(tree, "instance")),
                TreeReader.read(tree.get("number"), Long.class, 0L),
                TreeReader.read(tree.get("now"), Moment.class, null),
                TreeReader.read(tree.get("event"), Event.class, null),
                whole,
                word(tree, "phase"),
                effects(tree.get("effects")));
    }

    private static Settings settings(Map<?, ?> tree) {
        Map<Object, Object> complete = new LinkedHashMap<>(tree);
        Timers timers = TreeReader.read(tree.get("timers"), Timers.class, Timers.FAST);
        complete.put("timers", Tree.of(timers));
        return TreeReader.read(complete, Settings.class, null);
    }

    private static String word(Map<String, ?> tree, String key) {
        if (tree.get(key) instanceof String word) {
            return word;
        }
        throw new IllegalArgumentException("a decision without '" + key + "'");
    }

    private static List<Object> effects(Object tree) {
        if (tree instanceof List<?> list) {
            return List.copyOf(list);
        }
        throw new IllegalArgumentException("a decision without 'effects'");
    }
}
