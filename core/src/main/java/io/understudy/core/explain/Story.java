package io.understudy.core.explain;

import io.understudy.core.record.Recorded;
import io.understudy.core.record.Replay;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Evidence;
import io.understudy.core.view.ExplanationView.NodePart;
import io.understudy.core.view.ExplanationView.Sentence;
import io.understudy.core.view.ExplanationView.StoryLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells recorded decisions in sentences, in the order of wall time, and what held at a time. */
public final class Story {

    private Story() {}

    /**
     * Tells what was notable between two times.
     *
     * @param lines of any number of nodes; those of one in their order
     */
    public static List<StoryLine> tell(List<Recorded> lines, Instant from, Instant to) {
        Replay replay = new Replay();
        Map<String, String> phases = new HashMap<>();
        List<StoryLine> story = new ArrayList<>();
        for (Recorded line : lines) {
            Replay.Outcome outcome = replay.next(line);
            String before = phases.put(line.node() + "/" + line.instance(), line.phase());
            Instant time = Instant.parse(line.time());
            if (time.isBefore(from) || time.isAfter(to)) {
                continue;
            }
            List<Sentence> what = sentences(line, outcome, before);
            if (what.size() > 1 || told(line)) {
                story.add(new StoryLine(line.time(), line.node().value(), what));
            }
        }
        story.sort(Comparator.comparing(l -> Instant.parse(l.time())));
        return story;
    }

    /**
     * Returns each node's word at a time, from its last decision until then; nodes of which nothing
     * is kept from before are missing.
     */
    public static List<NodePart> at(List<Recorded> lines, Instant time) {
        Replay replay = new Replay();
        Map<String, NodePart> parts = new LinkedHashMap<>();
        for (Recorded line : lines) {
            Replay.Outcome outcome = replay.next(line);
            if (!Instant.parse(line.time()).isAfter(time)
                    && outcome.verdict() != Replay.Verdict.GAP) {
                parts.put(
                        line.node() + "/" + line.instance(),
                        NodeExplainer.explain(
                                Evidence.of(outcome.settings(), outcome.after(), line.now())));
            }
        }
        return List.copyOf(parts.values());
    }

    /** Events that are worth a line even where nothing followed from them. */
    private static boolean told(Recorded line) {
        return switch (line.event().kind()) {
            case START, OPERATOR, STOP, STEP_ENDED, PEER_CONTACT -> true;
            default -> false;
        };
    }

    private static List<Sentence> sentences(
            Recorded line, Replay.Outcome outcome, String phaseBefore) {
        List<Sentence> what = new ArrayList<>();
        what.add(happened(line, outcome));
        for (Object effect : line.effects()) {
            if (effect instanceof Map<?, ?> map) {
                effect(line, map).ifPresent(what::add);
            }
        }
        if (phaseBefore != null && !phaseBefore.equals(line.phase())) {
            what.add(Sentences.of("effect.phase", "phase", line.phase()));
        }
        if (outcome.verdict() == Replay.Verdict.DIFFERENT) {
            what.add(Sentences.of("effect.differs"));
        }
        return what;
    }

    private static Sentence happened(Recorded line, Replay.Outcome outcome) {
        Event event = line.event();
        Map<String, String> values = new HashMap<>();
        if (event instanceof Event.PeerContact contact) {
            values.put("contact", contact.contact().name());
        } else if (event instanceof Event.Operator operator) {
            values.put("action", operator.action().name());
        } else if (event instanceof Event.StepEnded ended) {
            values.put("outcome", ended.outcome().name());
            String step =
                    outcome.situation() == null
                            ? null
                            : outcome.situation().runningStep().map(Enum::name).orElse(null);
            values.put("step", step == null ? "-" : step);
        }
        return Sentences.of("happened." + event.kind().name(), values);
    }

    private static Optional<Sentence> effect(Recorded line, Map<?, ?> effect) {
        Object type = effect.get("type");
        if ("Tell".equals(type)) {
            Map<String, String> values = new HashMap<>();
            values.put("instance", line.instance().value());
            if (effect.get("details") instanceof Map<?, ?> details) {
                details.forEach((k, v) -> values.put(String.valueOf(k), String.valueOf(v)));
            }
            return Optional.of(Sentences.of("event." + effect.get("code"), values));
        }
        if ("WriteLease".equals(type)) {
            return claim(effect);
        }
        if ("ClaimLedger".equals(type)) {
            return Optional.of(Sentences.of("effect.ClaimLedger", "epoch", effect.get("epoch")));
        }
        if ("WriteLedger".equals(type) && effect.get("entry") instanceof Map<?, ?> entry) {
            return Optional.of(
                    Sentences.of(
                            "effect.WriteLedger",
                            "assigned",
                            entry.get("assigned"),
                            "reason",
                            entry.get("reason"),
                            "nodes",
                            names(entry.get("inSync"))));
        }
        if ("Execute".equals(type)) {
            return Optional.of(Sentences.of("effect.Execute", "step", effect.get("step")));
        }
        if ("Conclude".equals(type)) {
            Object refusal = effect.get("refusal");
            return Optional.of(
                    refusal == null
                            ? Sentences.of("effect.concluded")
                            : Sentences.of("effect.refused", "refusal", refusal));
        }
        return "Stopped".equals(type)
                ? Optional.of(Sentences.of("effect.Stopped"))
                : Optional.empty();
    }

    /** A claim; renewals and releases are no news. */
    private static Optional<Sentence> claim(Map<?, ?> effect) {
        if (effect.get("next") instanceof Map<?, ?> next
                && next.get("holder") != null
                && "0".equals(String.valueOf(next.get("sequence")))) {
            return Optional.of(Sentences.of("effect.claim", "epoch", next.get("epoch")));
        }
        return Optional.empty();
    }

    private static String names(Object set) {
        return set instanceof List<?> list
                ? list.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "))
                : "-";
    }
}
