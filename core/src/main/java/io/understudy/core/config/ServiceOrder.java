package io.understudy.core.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** In which order services are started, by what each of them comes after. */
public final class ServiceOrder {

    private ServiceOrder() {}

    /**
     * Returns the services so that each comes after those it depends on, otherwise in the given
     * order. Stopping goes the other way round.
     *
     * @throws IllegalArgumentException if they form a circle; its names are in the message
     */
    public static List<ServiceConfiguration> of(List<ServiceConfiguration> services) {
        Map<String, List<String>> after = after(services);
        circle(after)
                .ifPresent(
                        names -> {
                            throw new IllegalArgumentException(
                                    "services in a circle: " + String.join(", ", names));
                        });
        List<ServiceConfiguration> ordered = new ArrayList<>();
        Set<String> placed = new HashSet<>();
        List<ServiceConfiguration> left = new ArrayList<>(services);
        while (!left.isEmpty()) {
            ServiceConfiguration next =
                    left.stream()
                            .filter(
                                    s ->
                                            after.get(s.name()).stream()
                                                    .noneMatch(a -> waits(a, after, placed)))
                            .findFirst()
                            .orElseThrow();
            left.remove(next);
            placed.add(next.name());
            ordered.add(next);
        }
        return List.copyOf(ordered);
    }

    /** Returns by name which services each one comes after: as written, else the one before it. */
    public static Map<String, List<String>> after(List<ServiceConfiguration> services) {
        Map<String, List<String>> after = new LinkedHashMap<>();
        List<String> before = List.of();
        for (ServiceConfiguration service : services) {
            after.put(service.name(), service.after().orElse(before));
            before = List.of(service.name());
        }
        return after;
    }

    private static boolean waits(String name, Map<String, List<String>> after, Set<String> placed) {
        return after.containsKey(name) && !placed.contains(name);
    }

    /**
     * Returns a circle, its first name repeated at the end, each name after the one that follows
     * it; empty if there is none. Names that no service has are left out of account.
     */
    static Optional<List<String>> circle(Map<String, List<String>> after) {
        Map<String, Boolean> done = new HashMap<>();
        for (String name : after.keySet()) {
            Optional<List<String>> found = visit(name, after, done, new ArrayDeque<>());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<List<String>> visit(
            String name,
            Map<String, List<String>> after,
            Map<String, Boolean> done,
            Deque<String> path) {
        if (Boolean.TRUE.equals(done.get(name)) || !after.containsKey(name)) {
            return Optional.empty();
        }
        if (path.contains(name)) {
            List<String> circle = new ArrayList<>(path);
            circle = new ArrayList<>(circle.subList(circle.indexOf(name), circle.size()));
            circle.add(name);
            return Optional.of(circle);
        }
        path.addLast(name);
        for (String other : after.get(name)) {
            Optional<List<String>> found = visit(other, after, done, path);
            if (found.isPresent()) {
                return found;
            }
        }
        path.removeLast();
        done.put(name, true);
        return Optional.empty();
    }
}
