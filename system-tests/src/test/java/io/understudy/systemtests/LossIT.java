package io.understudy.systemtests;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A member that does not serve fails: the active one serves on, with a pause of writes at most. */
@Tag("system")
@Order(2)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(ClusterExtension.class)
class LossIT {

    @Test
    @Order(1)
    void witnessKilled(Cluster cluster) {
        Outages.hold(Fault.KILL_WITNESS, cluster);
        cluster.awaitNormal();
    }

    @Test
    @Order(2)
    void witnessHangs(Cluster cluster) {
        Outages.hold(Fault.HANG_WITNESS, cluster);
        cluster.awaitNormal();
    }

    @Test
    @Order(3)
    void standbyKilled(Cluster cluster) {
        Outages.hold(Fault.KILL_STANDBY, cluster);
        cluster.awaitNormal();
    }

    @Test
    @Order(4)
    void standbyHangs(Cluster cluster) {
        Outages.hold(Fault.HANG_STANDBY, cluster);
        cluster.awaitNormal();
    }
}
