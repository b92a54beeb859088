package io.understudy.ejb.control;

import java.util.List;

/**
 * What came of removing or admitting a member.
 *
 * @param node the member
 * @param removed whether it is removed now
 * @param votes whether it is a voter: then its seat stays empty as long as it is removed
 * @param groups its groups that stand alone now, as they are
 */
public record RemovalView(String node, boolean removed, boolean votes, List<ShapeView> groups) {

    /** Copies the list. */
    public RemovalView {
        groups = List.copyOf(groups);
    }
}
