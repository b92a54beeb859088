package io.understudy.core.peer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the versions of two members may lie apart. Versions are {@code MAJOR.MINOR.PATCH}, with
 * anything after a dash. One minor apart is what a rolling upgrade makes: everything goes on,
 * failover included, so that members can be upgraded one after the other.
 */
public enum VersionSkew {
    /** The same text. */
    SAME,
    /** The same minor version: any two work together. */
    PATCH,
    /** Neighbouring minor versions: they work together; meant for the time of an upgrade. */
    MINOR,
    /** Further apart, another major version, or not to be read: they do not speak to each other. */
    REFUSED;

    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,6})\\.([0-9]{1,6})(?:\\.[0-9]{1,6})?(?:-.*)?");

    /** Returns how two versions stand to each other; the order does not matter. */
    public static VersionSkew between(String one, String other) {
        if (one.equals(other)) {
            return SAME;
        }
        Optional<int[]> first = numbers(one);
        Optional<int[]> second = numbers(other);
        if (first.isEmpty() || second.isEmpty() || first.get()[0] != second.get()[0]) {
            return REFUSED;
        }
        int apart = Math.abs(first.get()[1] - second.get()[1]);
        return apart == 0 ? PATCH : apart == 1 ? MINOR : REFUSED;
    }

    /** Returns whether two members so far apart work together. */
    public boolean allowed() {
        return this != REFUSED;
    }

    /** Returns whether they are of the same minor version. */
    public boolean same() {
        return this == SAME || this == PATCH;
    }

    private static Optional<int[]> numbers(String version) {
        Matcher matcher = FORM.matcher(version);
        return matcher.matches()
                ? Optional.of(
                        new int[] {
                            Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))
                        })
                : Optional.empty();
    }
}
