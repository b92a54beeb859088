package io.understudy.cluster.voters;

import io.understudy.core.node.NodeName;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a member says of itself to the others, as text, since Payara's members cannot load our
 * classes outside the application.
 *
 * @param name the member
 * @param groups keys of the CP groups in which it votes
 * @param seats the CP members it knows from the consensus store, {@code uuid@port@host}; none if it
 *     has no seat itself
 */
record VoterReport(NodeName name, Set<String> groups, Set<String> seats) {

    private static final String VERSION = "1";
    private static final int PARTS = 4;

    VoterReport {
        groups = Set.copyOf(groups);
        seats = Set.copyOf(seats);
    }

    String encoded() {
        return String.join(";", VERSION, name.value(), joined(groups), joined(seats));
    }

    /** Returns the report in {@code text}; empty if it is of another version. */
    static Optional<VoterReport> decode(String text) {
        String[] parts = text.split(";", -1);
        if (parts.length != PARTS || !parts[0].equals(VERSION) || !NodeName.isValid(parts[1])) {
            return Optional.empty();
        }
        return Optional.of(
                new VoterReport(NodeName.of(parts[1]), split(parts[2]), split(parts[3])));
    }

    private static String joined(Set<String> words) {
        return String.join(",", new TreeSet<>(words));
    }

    private static Set<String> split(String words) {
        return words.isEmpty() ? Set.of() : Set.of(words.split(","));
    }
}
