package io.understudy.web.event;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.text.Messages;
import io.understudy.core.view.EventView;
import io.understudy.ejb.control.RefusedException;
import io.understudy.web.problem.Malformed;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which events are wanted. All that is given must hold; what is not given holds for all.
 *
 * @param instances names of instances; empty: all
 * @param nodes names of nodes; empty: all
 * @param codes stable codes; empty: all
 * @param severities INFO, WARNING, ALARM; empty: all
 * @param since not before this moment
 * @param until not after this moment
 * @param text must be in the sentence, the code or a detail, in whatever case; empty: any
 * @param words the language of the sentence that the reader sees; the English one counts too
 */
record EventFilter(
        Set<String> instances,
        Set<String> nodes,
        Set<String> codes,
        Set<String> severities,
        Optional<Instant> since,
        Optional<Instant> until,
        String text,
        Messages words) {

    private static final int LONGEST_TEXT = 200;

    /** What a request gives: each null if it does not; names separated by commas. */
    record Asked(
            String instance,
            String node,
            String code,
            String severity,
            String since,
            String until,
            String text,
            String language) {}

    /**
     * Reads a filter.
     *
     * @throws RefusedException if a time is no time, or the text is too long
     */
    static EventFilter of(Asked asked) throws RefusedException {
        String text = asked.text() == null ? "" : asked.text();
        if (text.length() > LONGEST_TEXT) {
            throw Malformed.because(
                    "The parameter 'text' has "
                            + text.length()
                            + " characters: write at most "
                            + LONGEST_TEXT
                            + ".");
        }
        return new EventFilter(
                names(asked.instance()),
                names(asked.node()),
                names(asked.code()),
                names(asked.severity()),
                time("since", asked.since()),
                time("until", asked.until()),
                text.toLowerCase(Locale.ROOT),
                Messages.in(Locale.forLanguageTag(asked.language())));
    }

    private static Set<String> names(String list) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        if (list != null) {
            Arrays.stream(list.split(","))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .forEach(names::add);
        }
        return names;
    }

    private static Optional<Instant> time(String name, String text) throws RefusedException {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException notATime) {
            throw Malformed.because(
                    "The parameter '"
                            + name
                            + "' is '"
                            + text
                            + "': write a time with its offset, like 2026-11-20T08:30:00Z.");
        }
    }

    /** Returns whether every event passes. */
    boolean all() {
        return instances.isEmpty()
                && nodes.isEmpty()
                && codes.isEmpty()
                && severities.isEmpty()
                && since.isEmpty()
                && until.isEmpty()
                && text.isEmpty();
    }

    /** Returns whether {@code event} is wanted. */
    boolean passes(EventView event) {
        return among(instances, event.instance())
                && among(nodes, event.node())
                && among(codes, event.code())
                && among(severities, event.severity())
                && within(event)
                && (text.isEmpty() || says(event));
    }

    private static boolean among(Set<String> wanted, String name) {
        return wanted.isEmpty() || name != null && wanted.contains(name);
    }

    private boolean within(EventView event) {
        if (since.isEmpty() && until.isEmpty()) {
            return true;
        }
        Instant time = OffsetDateTime.parse(event.time()).toInstant();
        return since.filter(time::isBefore).isEmpty() && until.filter(time::isAfter).isEmpty();
    }

    private boolean says(EventView event) {
        Map<String, String> details = new HashMap<>();
        if (event.node() != null) {
            details.put("node", event.node());
        }
        if (event.details() != null) {
            details.putAll(event.details());
        }
        String sentence =
                words.event(
                        event.code(),
                        Optional.ofNullable(event.instance())
                                .filter(InstanceName::isValid)
                                .map(InstanceName::of),
                        details);
        return contains(sentence)
                || contains(event.message())
                || contains(event.code())
                || details.values().stream().anyMatch(this::contains);
    }

    private boolean contains(String where) {
        return where != null && where.toLowerCase(Locale.ROOT).contains(text);
    }
}
