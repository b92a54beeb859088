package io.understudy.core.peer;

import io.understudy.core.config.IpAddress;
import java.util.OptionalInt;

/** Whether two nodes have a direct link between them. */
public final class DirectLink {

    private DirectLink() {}

    /**
     * Returns whether {@code theirs} is on the link of {@code own}: nodes of different pairs each
     * have a cable of their own, and nothing is to be missed between those.
     *
     * @param own this node's address on its link
     * @param prefix how many bits of it name the link's network; empty if that is not known
     * @param theirs what a peer says is its address on its link
     */
    public static boolean joins(IpAddress own, OptionalInt prefix, IpAddress theirs) {
        return !own.equals(theirs)
                && theirs.isHost()
                && own.bits() == theirs.bits()
                && own.sharesPrefix(theirs, prefix.orElse(0));
    }
}
