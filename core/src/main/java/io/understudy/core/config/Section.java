package io.understudy.core.config;

import io.understudy.core.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One map of a document being read: hands out its values by key in the type that is wanted, reports
 * what is not of that type, and at {@link #end()} what nobody asked for. A value that was reported
 * is replaced by the default, so that reading goes on and finds the other problems too.
 */
final class Section {

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final String path;
    private final List<Problem> problems;
    private final Set<String> known = new LinkedHashSet<>();

    Section(Map<?, ?> map, String path, List<Problem> problems) {
        map.forEach((key, value) -> values.put(String.valueOf(key), value));
        this.path = path;
        this.problems = problems;
    }

    /** Opens the element of a list, or reports that it is no map. */
    static Optional<Section> open(Object value, String path, List<Problem> problems) {
        if (value instanceof Map<?, ?> map) {
            return Optional.of(new Section(map, path, problems));
        }
        problems.add(new Problem(path, "is " + shown(value), "write keys and values below it"));
        return Optional.empty();
    }

    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    String path() {
        return path;
    }

    void report(String key, String problem, String mend) {
        problems.add(new Problem(path(key), problem, mend));
    }

    boolean has(String key) {
        known.add(key);
        return values.containsKey(key);
    }

    /** Returns the value as it is; empty, and reported, if the key is there without a value. */
    Optional<Object> value(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        Object value = values.get(key);
        if (value == null) {
            report(key, "has no value", "write one after the colon or remove the line");
        }
        return Optional.ofNullable(value);
    }

    Optional<String> text(String key) {
        Optional<Object> value = value(key);
        if (value.isPresent() && !(value.get() instanceof String)) {
            report(key, "is " + shown(value.get()), "write a text, in quotation marks if need be");
            return Optional.empty();
        }
        return value.map(String.class::cast);
    }

    /** Returns the text; empty, and reported, if it is missing. */
    Optional<String> neededText(String key, String example) {
        Optional<String> text = text(key);
        if (text.isEmpty() && !values.containsKey(key)) {
            report(key, "is missing", "add a line " + key + ": " + example);
        }
        return text;
    }

    boolean flag(String key, boolean fallback) {
        Optional<Object> value = value(key);
        if (value.isPresent() && !(value.get() instanceof Boolean)) {
            report(key, "is " + shown(value.get()), "write true or false");
            return fallback;
        }
        return value.map(Boolean.class::cast).orElse(fallback);
    }

    int number(String key, int least, int most, int fallback) {
        Optional<Object> value = value(key);
        if (value.isEmpty()) {
            return fallback;
        }
        boolean whole =
                value.get() instanceof Integer
                        || value.get() instanceof Long
                        || value.get() instanceof Short;
        if (whole) {
            long number = ((Number) value.get()).longValue();
            if (number >= least && number <= most) {
                return (int) number;
            }
        }
        report(
                key,
                "is " + shown(value.get()),
                "write a whole number from " + least + " to " + most);
        return fallback;
    }

    Duration duration(String key, Duration least, Duration most, Duration fallback) {
        Optional<Object> value = value(key);
        if (value.isEmpty()) {
            return fallback;
        }
        Optional<Duration> duration = DurationText.parse(value.get().toString());
        if (duration.isEmpty()) {
            report(key, "is " + shown(value.get()), "write " + DurationText.FORM);
            return fallback;
        }
        if (duration.get().compareTo(least) < 0 || duration.get().compareTo(most) > 0) {
            report(
                    key,
                    "is " + value.get(),
                    "choose from "
                            + DurationText.format(least)
                            + " to "
                            + DurationText.format(most));
            return fallback;
        }
        return duration.get();
    }

    /** Returns the constant whose name in lower case, with dashes, is the value. */
    <E extends Enum<E>> E word(String key, Class<E> type, E fallback) {
        return oneOf(key, type, text(key)).orElse(fallback);
    }

    /** Like {@link #word}, but the key must be there. */
    <E extends Enum<E>> Optional<E> neededWord(String key, Class<E> type) {
        return oneOf(key, type, neededText(key, Words.oneOf(wordsOf(type))));
    }

    private <E extends Enum<E>> Optional<E> oneOf(
            String key, Class<E> type, Optional<String> given) {
        if (given.isEmpty()) {
            return Optional.empty();
        }
        for (E constant : type.getEnumConstants()) {
            if (wordOf(constant).equals(given.get())) {
                return Optional.of(constant);
            }
        }
        problems.add(Words.unknownWord(path(key), given.get(), wordsOf(type)));
        return Optional.empty();
    }

    static String wordOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> List<String> wordsOf(Class<E> type) {
        List<String> words = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            words.add(wordOf(constant));
        }
        return words;
    }

    List<Object> list(String key) {
        Optional<Object> value = value(key);
        if (value.isPresent() && !(value.get() instanceof List<?>)) {
            report(key, "is " + shown(value.get()), "write a list, also for a single element");
            return List.of();
        }
        List<Object> list = new ArrayList<>();
        value.ifPresent(v -> list.addAll((List<?>) v));
        return list;
    }

    boolean isEmptyList(String key) {
        return values.get(key) instanceof List<?> list && list.isEmpty();
    }

    /** Returns a list of texts; numbers and flags are taken as they are written. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        List<Object> list = list(key);
        for (int i = 0; i < list.size(); i++) {
            Object element = list.get(i);
            if (isScalar(element)) {
                texts.add(element.toString());
            } else {
                report(key + "[" + i + "]", "is " + shown(element), "write a text");
            }
        }
        return texts;
    }

    Map<String, String> textMap(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        Optional<Object> value = value(key);
        if (value.isPresent()) {
            open(value.get(), path(key), problems)
                    .ifPresent(
                            section ->
                                    section.values.forEach(
                                            (name, v) -> section.putScalar(texts, name, v)));
        }
        return texts;
    }

    private void putScalar(Map<String, String> texts, String name, Object value) {
        if (isScalar(value)) {
            texts.put(name, value.toString());
        } else {
            report(name, "is " + shown(value), "write a text");
        }
    }

    /** Opens the maps of a list; elements that are no maps are reported and left out. */
    List<Section> sections(String key) {
        List<Section> sections = new ArrayList<>();
        List<Object> list = list(key);
        for (int i = 0; i < list.size(); i++) {
            open(list.get(i), path(key) + "[" + i + "]", problems).ifPresent(sections::add);
        }
        return sections;
    }

    Optional<Section> section(String key) {
        return value(key).flatMap(v -> open(v, path(key), problems));
    }

    Set<String> keys() {
        return values.keySet();
    }

    List<Problem> problems() {
        return problems;
    }

    /** Reports every key that was never asked for. */
    void end() {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                problems.add(Words.unknown(path(key), key, known));
            }
        }
    }

    private static boolean isScalar(Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    static String shown(Object value) {
        if (value == null) {
            return "empty";
        }
        if (value instanceof Map) {
            return "a map";
        }
        return value instanceof List ? "a list" : "'" + value + "'";
    }
}
