package io.understudy.core.config;

import io.understudy.core.config.Change.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares configurations as trees, lists of named things by their names. */
final class GroupDiff {

    private final List<Change> changes = new ArrayList<>();

    private GroupDiff() {}

    static List<Change> between(List<GroupConfiguration> before, List<GroupConfiguration> after) {
        GroupDiff diff = new GroupDiff();
        diff.compareMaps("", byName(before), byName(after));
        return List.copyOf(diff.changes);
    }

    private static Map<String, Object> byName(List<GroupConfiguration> groups) {
        Map<String, Object> named = new LinkedHashMap<>();
        groups.forEach(g -> named.put(g.name(), GroupTree.full(g)));
        return named;
    }

    private void compareMaps(String path, Map<String, Object> before, Map<String, Object> after) {
        Set<String> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            String field = path.isEmpty() ? key : path + "." + key;
            compare(field, before.get(key), after.get(key));
        }
    }

    private void compare(String field, Object before, Object after) {
        if (before != null && before.equals(after)) {
            return;
        }
        if (before instanceof Map<?, ?> a && after instanceof Map<?, ?> b) {
            compareMaps(field, keyed(a), keyed(b));
        } else if (isNamed(before) && isNamed(after)) {
            compareNamed(field, (List<?>) before, (List<?>) after);
        } else if (before == null) {
            changes.add(new Change(Kind.ADDED, field, "", shown(after)));
        } else if (after == null) {
            changes.add(new Change(Kind.REMOVED, field, shown(before), ""));
        } else {
            changes.add(new Change(Kind.CHANGED, field, shown(before), shown(after)));
        }
    }

    private void compareNamed(String field, List<?> before, List<?> after) {
        Map<String, Object> old = named(before);
        Map<String, Object> now = named(after);
        Set<String> names = new LinkedHashSet<>(old.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            compare(field + "[" + name + "]", old.get(name), now.get(name));
        }
        List<String> oldOrder = old.keySet().stream().filter(now::containsKey).toList();
        List<String> newOrder = now.keySet().stream().filter(old::containsKey).toList();
        if (!oldOrder.equals(newOrder)) {
            changes.add(
                    new Change(Kind.CHANGED, field + " order", shown(oldOrder), shown(newOrder)));
        }
    }

    private static boolean isNamed(Object value) {
        return value instanceof List<?> list
                && !list.isEmpty()
                && list.stream().allMatch(e -> e instanceof Map<?, ?> m && m.containsKey("name"));
    }

    private static Map<String, Object> named(List<?> list) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (Object element : list) {
            Map<String, Object> map = keyed((Map<?, ?>) element);
            named.put(String.valueOf(map.get("name")), map);
        }
        return named;
    }

    private static Map<String, Object> keyed(Map<?, ?> map) {
        Map<String, Object> keyed = new LinkedHashMap<>();
        map.forEach((key, value) -> keyed.put(String.valueOf(key), value));
        return keyed;
    }

    /** Writes a value in one line, in YAML's flow style. */
    private static String shown(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> e.getKey() + ": " + shown(e.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(GroupDiff::shown).collect(Collectors.joining(", ", "[", "]"));
        }
        return String.valueOf(value);
    }
}
