package io.understudy.core.explain;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Obstacles in the order in which a person should read them: the cause before what follows. */
public final class Causes {

    private static final List<String> FIRST =
            List.of(
                    "NO_MAJORITY",
                    "STOPPING",
                    "PARKED",
                    "HELD",
                    "PEER_NOT_HEARD",
                    "FAILED_HERE",
                    "PEER_NOT_ABLE",
                    "COPY_BUSY");

    private Causes() {}

    /** Returns {@code names} without repetition, causes first, the others by name. */
    public static List<String> first(Collection<String> names) {
        return names.stream()
                .distinct()
                .sorted(Comparator.comparingInt(Causes::rank).thenComparing(n -> n))
                .toList();
    }

    private static int rank(String name) {
        int place = FIRST.indexOf(name);
        return place < 0 ? FIRST.size() : place;
    }
}
