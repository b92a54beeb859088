package io.understudy.ejb.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutageWatchTest {

    private static final InstanceName NMS = InstanceName.of("nms");
    private static final Optional<NodeName> ALPHA = Optional.of(NodeName.of("alpha"));
    private static final Optional<NodeName> BETA = Optional.of(NodeName.of("beta"));
    private static final Optional<NodeName> NOBODY = Optional.empty();

    private final OutageWatch watch = new OutageWatch();

    private void look(Optional<NodeName> active, long now) {
        watch.look(NMS, active, now, Optional.empty());
    }

    @Test
    void anOutageBeginsWithTheLastLookThatSawServiceAndEndsWithTheNext() {
        look(NOBODY, 50);
        look(ALPHA, 100);
        assertEquals(Optional.empty(), watch.lastOutage(NMS), "the start is no outage");
        look(ALPHA, 200);
        look(NOBODY, 300);
        look(NOBODY, 400);
        look(BETA, 500);
        assertEquals(Optional.of(300L), watch.lastOutage(NMS));
        assertEquals(1, watch.moves(NMS));
        look(BETA, 600);
        assertEquals(Optional.of(300L), watch.lastOutage(NMS));
    }

    @Test
    void whereTheServerFellSilentItBeganWithItsLastSign() {
        look(ALPHA, 1000);
        watch.look(NMS, NOBODY, 1200, Optional.of(400L));
        watch.look(NMS, NOBODY, 1300, Optional.of(400L));
        look(BETA, 2000);
        assertEquals(Optional.of(1600L), watch.lastOutage(NMS));
    }

    @Test
    void aMoveFasterThanALookIsCountedAndNoOutage() {
        look(ALPHA, 100);
        look(BETA, 200);
        look(ALPHA, 300);
        assertEquals(2, watch.moves(NMS));
        assertEquals(Optional.empty(), watch.lastOutage(NMS));
    }

    @Test
    void anOutageWithoutAMoveIsMeasuredToo() {
        look(ALPHA, 100);
        look(NOBODY, 200);
        look(ALPHA, 900);
        assertEquals(Optional.of(800L), watch.lastOutage(NMS));
        assertEquals(0, watch.moves(NMS));
    }

    @Test
    void ofAnInstanceNeverSeenNothingIsKnown() {
        assertEquals(0, watch.moves(NMS));
        assertEquals(Optional.empty(), watch.lastOutage(NMS));
        assertEquals(Optional.empty(), watch.last(NMS));
    }
}
