package io.understudy.core.config;

import io.understudy.core.time.DurationText;
import io.understudy.core.timing.Timer;
import io.understudy.core.timing.TimerArithmetic;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads {@code timers} of a group: a profile's name, or single values over the fast profile. */
final class TimersReader {

    private static final String KEY = "timers";
    private static final Map<String, Timers> PROFILES =
            Map.of("fast", Timers.FAST, "classic", Timers.CLASSIC);

    private TimersReader() {}

    /** Returns the timers; the fast profile if there are none, or after a problem. */
    static Timers read(Section group) {
        Optional<Object> value = group.value(KEY);
        if (value.isEmpty()) {
            return Timers.FAST;
        }
        if (value.get() instanceof Map) {
            return group.section(KEY).map(TimersReader::values).orElse(Timers.FAST);
        }
        Timers profile = value.get() instanceof String name ? PROFILES.get(name) : null;
        if (profile == null) {
            group.report(
                    KEY,
                    "is " + Section.shown(value.get()),
                    "write fast, classic, or a map of single values: "
                            + String.join(", ", Timer.keys()));
            return Timers.FAST;
        }
        return profile;
    }

    private static Timers values(Section section) {
        int before = section.problems().size();
        Map<Timer, Duration> changes = new EnumMap<>(Timer.class);
        for (Timer timer : Timer.values()) {
            if (!timer.ofGroup()) {
                refuseMembers(section, timer);
            } else if (section.has(timer.key())) {
                Duration fallback = timer.in(Timers.FAST);
                changes.put(
                        timer,
                        section.duration(timer.key(), timer.least(), timer.most(), fallback));
            }
        }
        OptionalDouble factor = factor(section);
        section.end();
        if (section.problems().size() > before) {
            return Timers.FAST;
        }
        Timers timers = Timers.FAST.with(changes, factor);
        List<TimerArithmetic.Finding> findings = TimerArithmetic.check(timers);
        findings.forEach(f -> section.report(f.key(), f.problem(), f.mend()));
        return findings.isEmpty() ? timers : Timers.FAST;
    }

    private static void refuseMembers(Section section, Timer timer) {
        // Asked for only where it is there, so that it is not offered as a known key.
        if (section.keys().contains(timer.key()) && section.has(timer.key())) {
            section.report(
                    timer.key(),
                    "is no timer of a group",
                    "remove it: all groups share the members' heartbeat");
        }
    }

    private static OptionalDouble factor(Section section) {
        Optional<Object> value = section.value(Timer.CHALLENGE_FACTOR);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        if (value.get() instanceof Number number) {
            return OptionalDouble.of(number.doubleValue());
        }
        section.report(
                Timer.CHALLENGE_FACTOR,
                "is " + Section.shown(value.get()),
                "write a number like 1.5");
        return OptionalDouble.empty();
    }

    /** Returns the value of {@code timers} that {@link #read} reads as these timers. */
    static Object toTree(Timers timers) {
        for (Map.Entry<String, Timers> profile : PROFILES.entrySet()) {
            if (profile.getValue().equals(timers)) {
                return profile.getKey();
            }
        }
        Map<String, Object> changes = all(timers);
        changes.entrySet().removeAll(all(Timers.FAST).entrySet());
        return changes;
    }

    /** Returns every timer under its key. */
    static Map<String, Object> all(Timers timers) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Timer timer : Timer.values()) {
            if (timer.ofGroup()) {
                tree.put(timer.key(), DurationText.format(timer.in(timers)));
            }
        }
        tree.put(Timer.CHALLENGE_FACTOR, timers.challengeFactor());
        return tree;
    }
}
