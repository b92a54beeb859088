package io.understudy.cluster.neighbour;

import io.understudy.core.config.IpAddress;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.config.NodeConfiguration.Member;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.util.Optional;

/** Which member is at a hardware address, as far as this host's own network shows. */
public final class MemberLinks {

    private static final System.Logger LOG = System.getLogger(MemberLinks.class.getName());

    private final NodeConfiguration node;

    /** Looks at nothing yet. */
    public MemberLinks(NodeConfiguration node) {
        this.node = node;
    }

    /**
     * Returns the member whose own address is found at {@code mac}; blocks some hundred
     * milliseconds per member at most.
     *
     * @param mac lower case with colons
     */
    public Optional<NodeName> memberAt(String mac) {
        return node.members().stream()
                .filter(m -> !m.name().equals(node.name()))
                .filter(m -> mac.equals(macOf(m)))
                .map(Member::name)
                .findFirst();
    }

    private static String macOf(Member member) {
        Optional<IpAddress> address = IpAddress.parse(member.address());
        try {
            return address.isPresent() ? Neighbours.look(address.get()).mac() : null;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "looking for " + member.name(), e);
            return null;
        }
    }
}
