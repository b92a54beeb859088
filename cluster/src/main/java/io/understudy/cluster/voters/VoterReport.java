package io.understudy.cluster.voters;

import io.understudy.core.node.NodeName;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What a member says of itself to the others, as text, since Payara's members cannot load our
 * classes outside the application.
 *
 * @param name the member
 * @param groups keys of the CP groups in which it votes
 * @param seats the CP members it knows from the consensus store, {@code uuid@port@host}; none if it
 *     has no seat itself
 * @param standing what it says about a store that may be lost
 */
record VoterReport(NodeName name, Set<String> groups, Set<String> seats, Standing standing) {

    private static final String VERSION = "2";
    private static final int PARTS = 8;

    VoterReport {
        groups = Set.copyOf(groups);
        seats = Set.copyOf(seats);
    }

    /**
     * What a voter says about a store that may be lost.
     *
     * @param identity its CP identity, which lives in its process's memory only; empty if it has
     *     none
     * @param met whether it knows that voters have ever met
     * @param alive keys of the groups of which it has a part and of whose members a majority lives
     * @param lost keys of those of whose members no majority lives
     */
    record Standing(Optional<UUID> identity, boolean met, Set<String> alive, Set<String> lost) {

        Standing {
            alive = Set.copyOf(alive);
            lost = Set.copyOf(lost);
        }
    }

    String encoded() {
        return String.join(
                ";",
                VERSION,
                name.value(),
                joined(groups),
                joined(seats),
                standing.identity().map(UUID::toString).orElse(""),
                Boolean.toString(standing.met()),
                joined(standing.alive()),
                joined(standing.lost()));
    }

    /** Returns the report in {@code text}; empty if it is of another version. */
    static Optional<VoterReport> decode(String text) {
        String[] parts = text.split(";", -1);
        if (parts.length != PARTS || !parts[0].equals(VERSION) || !NodeName.isValid(parts[1])) {
            return Optional.empty();
        }
        return Optional.of(
                new VoterReport(
                        NodeName.of(parts[1]),
                        split(parts[2]),
                        split(parts[3]),
                        new Standing(
                                Optional.of(parts[4])
                                        .filter(word -> !word.isEmpty())
                                        .map(UUID::fromString),
                                Boolean.parseBoolean(parts[5]),
                                split(parts[6]),
                                split(parts[7]))));
    }

    private static String joined(Set<String> words) {
        return String.join(",", new TreeSet<>(words));
    }

    private static Set<String> split(String words) {
        return words.isEmpty() ? Set.of() : Set.of(words.split(","));
    }
}
