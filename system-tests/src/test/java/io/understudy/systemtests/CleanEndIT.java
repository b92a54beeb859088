package io.understudy.systemtests;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** After all that was done to it the cluster ends in good order and leaves nothing. */
@Tag("system")
@Order(100)
@ExtendWith(ClusterExtension.class)
class CleanEndIT {

    @Test
    void noProcessAndNoPortIsLeft(Cluster cluster, ClusterExtension.Shared shared) {
        // Closing it checks: see Cluster.close.
        shared.close();
    }
}
