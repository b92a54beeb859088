package io.understudy.core.peer;

import io.understudy.core.node.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Whether a member may vote with the disk it has. Invariants that this keeps:
 *
 * <ol>
 *   <li>A disk votes only after every other voter has noted whose it is, durably. So whoever has
 *       lost a disk that voted is known to all others.
 *   <li>A disk that replaces one that voted votes only after it has learned from all other voters:
 *       whatever the lost one promised or stored as part of a majority, one of them knows.
 * </ol>
 *
 * @param kind what to do
 * @param about the members that refuse it, or are waited for; otherwise empty; in the order of
 *     names
 */
public record Enrolment(Kind kind, List<NodeName> about) {

    /** Copies the list. */
    public Enrolment {
        Objects.requireNonNull(kind, "kind");
        about = about.stream().sorted().toList();
    }

    /** What to do. */
    public enum Kind {
        /** It votes. */
        VOTES,
        /** It learns from the other voters that vote, then votes. */
        LEARNS,
        /** It does not vote yet: others have not answered. */
        WAITS,
        /** It does not vote yet: some of the others have empty disks too, and some have not. */
        WAITS_FOR_MEMORY,
        /** It must not vote: others know this member with another disk. */
        REFUSED
    }

    /**
     * What another voter says.
     *
     * @param otherDisk whether it knows the asking member with another disk
     * @param votes whether it votes itself
     */
    public record Word(boolean otherDisk, boolean votes) {}

    /**
     * Decides.
     *
     * @param votes whether this disk has voted before
     * @param recovering whether an operator said that it replaces one that is lost
     * @param others the other voters
     * @param words of those that have answered; words of others do not count
     */
    public static Enrolment decide(
            boolean votes, boolean recovering, List<NodeName> others, Map<NodeName, Word> words) {
        List<NodeName> refusing = those(others, words, Word::otherDisk);
        if (!refusing.isEmpty()) {
            return new Enrolment(Kind.REFUSED, refusing);
        }
        if (votes) {
            return new Enrolment(Kind.VOTES, List.of());
        }
        List<NodeName> silent = others.stream().filter(name -> !words.containsKey(name)).toList();
        if (!silent.isEmpty()) {
            return new Enrolment(Kind.WAITS, silent);
        }
        List<NodeName> empty = those(others, words, word -> !word.votes());
        if (recovering && !empty.isEmpty() && empty.size() < others.size()) {
            return new Enrolment(Kind.WAITS_FOR_MEMORY, empty);
        }
        return new Enrolment(Kind.LEARNS, List.of());
    }

    private static List<NodeName> those(
            List<NodeName> others, Map<NodeName, Word> words, Predicate<Word> which) {
        return others.stream()
                .filter(name -> words.containsKey(name) && which.test(words.get(name)))
                .toList();
    }
}
