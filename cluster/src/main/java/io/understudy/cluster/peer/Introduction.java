package io.understudy.cluster.peer;

import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.VersionSkew;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a member says of itself with every call, signed with it: where it is, whom it believes to
 * vote, and what it runs. A member that contradicts the receiver's node file in this is refused:
 * two that claim one name would act for one another, and two sets of voters could each find a
 * majority of their own.
 *
 * @param address its health-monitor address
 * @param voters as its node file has them, in the order of names
 * @param version what it runs; empty where that does not matter, as for a guard
 */
record Introduction(String address, List<String> voters, String version) {

    /** Why a member is refused; also the code of the event that tells of it. */
    enum Contradiction {
        /** Another address than cluster.members has for that name. */
        MEMBER_ADDRESS_DIFFERS,
        /** Other voters. */
        MEMBER_VOTERS_DIFFER,
        /** A version too far apart. */
        MEMBER_VERSION_REFUSED
    }

    /**
     * A member refused.
     *
     * @param member the name it gives
     * @param why the kind of contradiction
     * @param theirs what it says
     * @param ours what this member's node file says, or runs here
     */
    record Refused(NodeName member, Contradiction why, String theirs, String ours) {

        /** Returns a sentence with the next step, for the caller. */
        String sentence(NodeName self) {
            return switch (why) {
                case MEMBER_ADDRESS_DIFFERS ->
                        "%s knows %s at %s, not at %s: another member may bear the name. Compare node.name and cluster.members of both node files."
                                .formatted(self, member, ours, theirs);
                case MEMBER_VOTERS_DIFFER ->
                        "The voters of %s are %s, those of %s are %s: write the same cluster.voters in both node files."
                                .formatted(self, ours, member, theirs);
                case MEMBER_VERSION_REFUSED ->
                        "%s runs %s, %s runs %s: versions may be one minor version apart. Upgrade step by step."
                                .formatted(self, ours, member, theirs);
            };
        }
    }

    static Introduction of(NodeConfiguration node, String version) {
        return new Introduction(
                node.address(),
                node.voters().stream().map(NodeName::value).sorted().toList(),
                version);
    }

    String encoded() {
        return address + "|" + String.join(",", voters) + "|" + version;
    }

    /** Returns the introduction in a header; empty if it is none. */
    static Optional<Introduction> decode(String text) {
        String[] parts = text.split("\\|", -1);
        return parts.length == 3
                ? Optional.of(
                        new Introduction(parts[0], Arrays.asList(parts[1].split(",")), parts[2]))
                : Optional.empty();
    }

    /**
     * Holds what a member says against what this one knows.
     *
     * @param addresses of the members by name, by this member's node file
     * @param from the member's name
     * @param theirs what it says of itself
     */
    Optional<Refused> contradiction(
            Map<String, String> addresses, NodeName from, Introduction theirs) {
        String expected = addresses.get(from.value());
        if (!theirs.address().equals(expected)) {
            return refused(from, Contradiction.MEMBER_ADDRESS_DIFFERS, theirs.address(), expected);
        }
        if (!theirs.voters().equals(voters)) {
            return refused(
                    from,
                    Contradiction.MEMBER_VOTERS_DIFFER,
                    String.join(",", theirs.voters()),
                    String.join(",", voters));
        }
        boolean versions = !version.isEmpty() && !theirs.version().isEmpty();
        if (versions && !VersionSkew.between(version, theirs.version()).allowed()) {
            return refused(from, Contradiction.MEMBER_VERSION_REFUSED, theirs.version(), version);
        }
        return Optional.empty();
    }

    private static Optional<Refused> refused(
            NodeName member, Contradiction why, String theirs, String ours) {
        return Optional.of(new Refused(member, why, theirs, ours));
    }

    static Map<String, String> addresses(NodeConfiguration node) {
        return node.members().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                m -> m.name().value(), NodeConfiguration.Member::address));
    }
}
