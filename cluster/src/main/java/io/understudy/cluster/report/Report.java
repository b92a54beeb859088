package io.understudy.cluster.report;

import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import java.time.Duration;

/**
 * What a member told of itself.
 *
 * @param node who
 * @param boot its process
 * @param version counts the reports of the process, from 1
 * @param json the text, opaque here
 * @param received when it came, by this host's monotonic clock
 */
public record Report(NodeName node, long boot, long version, String json, Moment received) {

    /** Returns how old the report is; the member may have told the same for as long. */
    public Duration age(Moment now) {
        return now.since(received);
    }
}
