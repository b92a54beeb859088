package io.understudy.core.view;

import java.util.List;

/**
 * Whether a node could take an instance over if the other failed now.
 *
 * @param instance which instance
 * @param node which node
 * @param serves whether it serves it already
 * @param promotable yes or no; true for the node that serves
 * @param reasons every reason for no: names of obstacles, NOT_REDUNDANT, NOT_SEEN
 * @param expectedOutageMillis how long writes would stand still if the other's processes died while
 *     its host answers; null for the node that serves. Services add their own start
 * @param longestOutageMillis the same if the other's host is lost, the longest case; null likewise
 * @param lossless whether nothing acknowledged would be lost
 * @param lossBytes the log that this node's copy lacks, or null where it lacks none or nobody knows
 * @param lossSinceMillis for how long its copy has not been in sync, or null
 */
public record PromotableView(
        String instance,
        String node,
        boolean serves,
        boolean promotable,
        List<String> reasons,
        Long expectedOutageMillis,
        Long longestOutageMillis,
        boolean lossless,
        Long lossBytes,
        Long lossSinceMillis) {}
