package io.understudy.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.node.NodeName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairShapeTest {

    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");

    private static GroupConfiguration read(Object tree) {
        return GroupFile.read(tree, Surroundings.unknown()).orThrow().get(0);
    }

    private static GroupConfiguration pair(String assignment, String... instances) {
        List<Map<String, Object>> made =
                List.of(instances).stream().map(i -> Map.<String, Object>of("name", i)).toList();
        return read(
                Map.of(
                        "group",
                        "campus",
                        "nodes",
                        List.of("alpha", "beta"),
                        "assignment",
                        assignment,
                        "instances",
                        made));
    }

    @Test
    void eitherNodeCanBeKept() {
        for (NodeName keep : List.of(ALPHA, BETA)) {
            GroupConfiguration alone = PairShape.unpaired(pair("active-standby", "nms"), keep);
            assertTrue(alone.alone());
            assertEquals(List.of(keep), alone.nodes());
            assertTrue(alone.instances().get(0).alone());
            assertEquals(keep, alone.instances().get(0).home());
        }
    }

    @Test
    void whatStandsAloneIsWrittenAndReadAgain() {
        for (GroupConfiguration group :
                List.of(pair("active-standby", "nms"), pair("balanced", "a", "b"))) {
            GroupConfiguration alone = PairShape.unpaired(group, BETA);
            assertEquals(alone, read(GroupFile.toTree(alone)));
        }
    }

    @Test
    void aBalancedPairIsBalancedAgain() {
        GroupConfiguration group = pair("balanced", "a", "b");
        assertEquals(group, PairShape.paired(PairShape.unpaired(group, ALPHA), BETA, false));
        assertEquals(group, PairShape.paired(PairShape.unpaired(group, BETA), ALPHA, true));
    }

    @Test
    void theOneThatIsThereStaysHomeUnlessSaidOtherwise() {
        GroupConfiguration alone = PairShape.unpaired(pair("active-standby", "nms"), BETA);
        GroupConfiguration again = PairShape.paired(alone, ALPHA, false);
        assertEquals(List.of(BETA, ALPHA), again.nodes());
        assertEquals(BETA, again.instances().get(0).home());
        assertEquals(pair("active-standby", "nms"), PairShape.paired(alone, ALPHA, true));
    }

    @Test
    void aStrangerIsRefused() {
        GroupConfiguration group = pair("active-standby", "nms");
        NodeName gamma = NodeName.of("gamma");
        assertThrows(IllegalArgumentException.class, () -> PairShape.unpaired(group, gamma));
        assertThrows(IllegalArgumentException.class, () -> PairShape.paired(group, gamma, false));
        GroupConfiguration alone = PairShape.unpaired(group, ALPHA);
        assertThrows(IllegalArgumentException.class, () -> PairShape.paired(alone, ALPHA, false));
    }
}
