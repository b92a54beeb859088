package io.understudy.core.config;

import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.node.NodeName;
import io.understudy.core.view.Redundancy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code cluster.members} and {@code cluster.voters} of a node file. */
final class MemberList {

    /** The lease store and the ledger have so many voters, whatever the number of members. */
    static final int VOTERS = Redundancy.VOTERS;

    private static final String MEMBERS_KEY = "cluster.members";
    private static final String VOTERS_KEY = "cluster.voters";

    private final List<Problem> problems;

    MemberList(List<Problem> problems) {
        this.problems = problems;
    }

    /** Returns the members in the order of the file; none after a problem. */
    List<Member> members(String value) {
        if (value.isEmpty()) {
            return List.of();
        }
        List<Member> members = new ArrayList<>();
        Set<NodeName> names = new HashSet<>();
        Set<IpAddress> addresses = new HashSet<>();
        boolean good = true;
        for (String part : value.split(",", -1)) {
            String member = part.trim();
            int at = member.indexOf('@');
            String name = at < 0 ? "" : member.substring(0, at).trim();
            Optional<IpAddress> address =
                    IpAddress.parse(member.substring(at + 1).trim()).filter(IpAddress::isHost);
            if (!NodeName.isValid(name) || address.isEmpty()) {
                report(
                        MEMBERS_KEY,
                        "'" + member + "' is not NAME@ADDRESS",
                        "write a node's name, @, and its address as numbers; between members a comma");
                good = false;
            } else if (!names.add(NodeName.of(name))) {
                report(
                        MEMBERS_KEY,
                        "names '" + name + "' twice",
                        "give each member a name of its own");
                good = false;
            } else if (!addresses.add(address.get())) {
                report(
                        MEMBERS_KEY,
                        "has the address '" + address.get() + "' twice",
                        "give each member an address of its own");
                good = false;
            } else {
                members.add(new Member(NodeName.of(name), address.get().toString()));
            }
        }
        if (good && members.size() < VOTERS) {
            report(
                    MEMBERS_KEY,
                    "names " + members.size() + " members",
                    "name at least "
                            + VOTERS
                            + ": two nodes and a witness, which is the third vote");
        }
        return good ? members : List.of();
    }

    /**
     * Returns the voters in the order of the members, so that it does not matter in which order
     * members write them; all members where there are three; none after a problem.
     */
    List<NodeName> voters(String value, List<Member> members) {
        if (members.size() < VOTERS) {
            return List.of();
        }
        if (value.isEmpty()) {
            if (members.size() == VOTERS) {
                return names(members);
            }
            report(
                    VOTERS_KEY,
                    "is missing with " + members.size() + " members",
                    "add a line "
                            + VOTERS_KEY
                            + "="
                            + joined(proposal(members))
                            + ", the "
                            + VOTERS
                            + " members that vote, the same on all members");
            return List.of();
        }
        Set<NodeName> named = new HashSet<>();
        boolean good = true;
        for (String part : value.split(",", -1)) {
            String name = part.trim();
            boolean known = NodeName.isValid(name) && names(members).contains(NodeName.of(name));
            if (!known) {
                report(
                        VOTERS_KEY,
                        "has '" + name + "', which is no member",
                        "name members of cluster.members: " + joined(names(members)));
                good = false;
            } else if (!named.add(NodeName.of(name))) {
                report(VOTERS_KEY, "names '" + name + "' twice", "name three different members");
                good = false;
            }
        }
        if (good && named.size() != VOTERS) {
            report(
                    VOTERS_KEY,
                    "names " + named.size() + " members",
                    "name exactly "
                            + VOTERS
                            + ", best the witness and nodes that do not fail together");
            good = false;
        }
        return good ? names(members).stream().filter(named::contains).toList() : List.of();
    }

    /** The first two and the last, which by custom is the witness. */
    private static List<NodeName> proposal(List<Member> members) {
        List<NodeName> names = names(members);
        return List.of(names.get(0), names.get(1), names.get(names.size() - 1));
    }

    private static List<NodeName> names(List<Member> members) {
        return members.stream().map(Member::name).toList();
    }

    private static String joined(List<NodeName> names) {
        return names.stream().map(NodeName::value).collect(Collectors.joining(","));
    }

    private void report(String key, String problem, String mend) {
        problems.add(new Problem(key, problem, mend));
    }
}
