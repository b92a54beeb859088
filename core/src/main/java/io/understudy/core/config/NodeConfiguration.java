package io.understudy.core.config;

import io.understudy.core.node.NodeName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A node file: who this member is and how it reaches the others.
 *
 * @param name this member
 * @param role what it is
 * @param address the health-monitor address: interconnect, REST and databases bind to it
 * @param directAddress its address on the direct link, if there is one
 * @param clusterName the cluster
 * @param members all members, this one included
 * @param voters the three of them that keep the lease store and the ledger, in the order of {@code
 *     members}
 * @param clusterPort TCP: Hazelcast; the next number is the peer port (TCP peer protocol and UDP
 *     heartbeat), the one after that the guard's
 * @param secretFile the file with the cluster's secret, as written in the node file
 * @param httpPort REST and UI
 * @param httpsPort REST and UI over TLS
 * @param dataDirectory where everything of this member is kept
 * @param eventDays how many days this member keeps events, 1 to {@value #MOST_EVENT_DAYS}
 */
public record NodeConfiguration(
        NodeName name,
        Role role,
        String address,
        Optional<String> directAddress,
        String clusterName,
        List<Member> members,
        List<NodeName> voters,
        int clusterPort,
        String secretFile,
        int httpPort,
        int httpsPort,
        String dataDirectory,
        int eventDays) {

    /** How many days events are kept unless the node file says otherwise. */
    public static final int EVENT_DAYS = 90;

    /** The most days for which events may be kept. */
    public static final int MOST_EVENT_DAYS = 3650;

    /** Refuses nulls and days out of range; copies the lists. */
    public NodeConfiguration {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(directAddress, "directAddress");
        Objects.requireNonNull(clusterName, "clusterName");
        Objects.requireNonNull(secretFile, "secretFile");
        Objects.requireNonNull(dataDirectory, "dataDirectory");
        members = List.copyOf(members);
        voters = List.copyOf(voters);
        if (eventDays < 1 || eventDays > MOST_EVENT_DAYS) {
            throw new IllegalArgumentException("events kept for " + eventDays + " days");
        }
    }

    /** For a cluster whose members all vote, with events kept for {@link #EVENT_DAYS}. */
    public NodeConfiguration(
            NodeName name,
            Role role,
            String address,
            Optional<String> directAddress,
            String clusterName,
            List<Member> members,
            int clusterPort,
            String secretFile,
            int httpPort,
            int httpsPort,
            String dataDirectory) {
        this(
                name,
                role,
                address,
                directAddress,
                clusterName,
                members,
                members.stream().map(Member::name).toList(),
                clusterPort,
                secretFile,
                httpPort,
                httpsPort,
                dataDirectory,
                EVENT_DAYS);
    }

    /** Returns whether this member keeps the lease store and the ledger. */
    public boolean isVoter() {
        return voters.contains(name);
    }

    /** Returns the voters with their addresses. */
    public List<Member> votingMembers() {
        return members.stream().filter(m -> voters.contains(m.name())).toList();
    }

    /**
     * Returns {@code address:port} of the members whose lease store this one joins: the voters, or
     * none but itself for a member that does not vote. IPv6 addresses are in brackets.
     */
    public List<String> storeMembers() {
        List<String> hosts =
                isVoter()
                        ? votingMembers().stream().map(Member::address).toList()
                        : List.of(address);
        return hosts.stream()
                .map(host -> (host.contains(":") ? "[" + host + "]" : host) + ":" + clusterPort)
                .toList();
    }

    /** Returns the port of the peer protocol (TCP) and the heartbeat (UDP). */
    public int peerPort() {
        return clusterPort + 1;
    }

    /** Returns the port of the guard (TCP). */
    public int guardPort() {
        return clusterPort + 2;
    }

    /** What a member is, fixed by set-up. */
    public enum Role {
        /** Home of an instance. */
        PRIMARY,
        /** Backup of an instance. */
        SECONDARY,
        /** Votes, keeps the ledger, serves nothing. */
        WITNESS
    }

    /** A member of the cluster. */
    public record Member(NodeName name, String address) {
        /** Refuses nulls. */
        public Member {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(address, "address");
        }
    }
}
