package io.understudy.core.record;

import io.understudy.core.recovery.Decision;
import io.understudy.core.recovery.Obstacle;
import io.understudy.core.recovery.Recovery;
import io.understudy.core.recovery.Settings;
import io.understudy.core.recovery.Situation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Takes recorded decisions again, in the order in which they are given. Lines of several nodes and
 * instances may be mixed; those of one must be in their order.
 */
public final class Replay {

    /** How a decision taken again compares. */
    public enum Verdict {
        /** The same effects, and the same phase afterwards. */
        SAME,
        /** Something else was decided. */
        DIFFERENT,
        /** The line goes on from lines that are not there. */
        GAP
    }

    /**
     * A decision taken again.
     *
     * @param line as recorded
     * @param settings by what it was decided; null after a gap
     * @param situation as it was before; null after a gap
     * @param phase the phase that follows now; empty after a gap
     * @param effects what is decided now; empty after a gap
     * @param strayed names of fields in which a recorded situation is not the one that the line
     *     before led to: something changed the situation past the decisions
     * @param after the situation that follows now; null after a gap
     */
    public record Outcome(
            Recorded line,
            Verdict verdict,
            Settings settings,
            Situation situation,
            String phase,
            List<Object> effects,
            List<String> strayed,
            Situation after) {

        /** Returns what kept the node from taking over just after this; empty after a gap. */
        public Set<Obstacle> obstacles() {
            return after == null ? Set.of() : new Recovery(settings).obstacles(after, line.now());
        }
    }

    private record Course(long number, Settings settings, Situation situation) {}

    private final Map<String, Course> courses = new HashMap<>();

    /** Takes one more recorded decision again. */
    public Outcome next(Recorded line) {
        String key = line.node() + "/" + line.instance();
        Course course = courses.get(key);
        boolean goesOn = course != null && line.number() == course.number() + 1;
        if (line.whole().isEmpty() && !goesOn) {
            courses.remove(key);
            return new Outcome(line, Verdict.GAP, null, null, "", List.of(), List.of(), null);
        }
        Optional<Recorded.Whole> whole = line.whole();
        Settings settings = whole.map(Recorded.Whole::settings).orElseGet(() -> course.settings());
        Situation before = whole.map(Recorded.Whole::before).orElseGet(() -> course.situation());
        List<String> strayed =
                whole.isPresent() && goesOn ? differing(course.situation(), before) : List.of();
        Decision decision = new Recovery(settings).decide(before, line.event(), line.now());
        courses.put(key, new Course(line.number(), settings, decision.situation()));
        List<Object> effects = Recorded.effects(decision);
        String phase = decision.situation().phase().name();
        boolean same =
                phase.equals(line.phase())
                        && holds(plain(line.effects()), plain(effects))
                        && strayed.isEmpty();
        return new Outcome(
                line,
                same ? Verdict.SAME : Verdict.DIFFERENT,
                settings,
                before,
                phase,
                effects,
                strayed,
                decision.situation());
    }

    /** Takes all of them again. */
    public static List<Outcome> all(List<Recorded> lines) {
        Replay replay = new Replay();
        return lines.stream().map(replay::next).toList();
    }

    private static List<String> differing(Situation expected, Situation found) {
        Map<?, ?> one = (Map<?, ?>) plain(Tree.of(expected));
        Map<?, ?> other = (Map<?, ?>) plain(Tree.of(found));
        List<String> names = new ArrayList<>();
        for (Object name : one.keySet()) {
            if (!String.valueOf(one.get(name)).equals(String.valueOf(other.get(name)))) {
                names.add((String) name);
            }
        }
        return names;
    }

    /**
     * Whether all that was recorded is so now; what an older version did not write may be there.
     */
    private static boolean holds(Object recorded, Object now) {
        if (recorded instanceof List<?> one && now instanceof List<?> other) {
            boolean all = one.size() == other.size();
            for (int i = 0; all && i < one.size(); i++) {
                all = holds(one.get(i), other.get(i));
            }
            return all;
        }
        if (recorded instanceof Map<?, ?> one && now instanceof Map<?, ?> other) {
            return one.entrySet().stream()
                    .allMatch(e -> holds(e.getValue(), other.get(e.getKey())));
        }
        return Objects.equals(recorded, now);
    }

    /** One form of each value: a reader of JSON makes small numbers small. */
    private static Object plain(Object tree) {
        if (tree instanceof Number number) {
            return new BigDecimal(number.toString()).stripTrailingZeros();
        }
        if (tree instanceof List<?> list) {
            return list.stream().map(Replay::plain).toList();
        }
        if (tree instanceof Map<?, ?> map) {
            Map<Object, Object> result = new LinkedHashMap<>();
            map.forEach((k, v) -> result.put(k, plain(v)));
            return result;
        }
        return tree;
    }
}
