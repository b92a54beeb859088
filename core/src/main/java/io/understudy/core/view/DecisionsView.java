package io.understudy.core.view;

import java.util.List;
import java.util.Map;

/**
 * What the nodes of a pair recorded of their decisions about an instance: the body of {@code GET
 * /api/v1/instances/NAME/decisions}.
 */
public record DecisionsView(String instance, List<OfNode> nodes) {

    /**
     * One node's records.
     *
     * @param answered false: it was asked and did not answer
     * @param complete false: older ones were left out, they would have been too many
     * @param lines its decisions in their order, each as {@code core.record.Recorded} makes it; the
     *     first one holds the whole situation and may be older than asked for
     */
    public record OfNode(
            String node, boolean answered, boolean complete, List<Map<String, Object>> lines) {}
}
