package io.understudy.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Departure.Found;
import io.understudy.core.peer.Departure.Group;
import io.understudy.core.peer.Departure.Obstacle;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DepartureTest {

    private static final NodeName ALPHA = NodeName.of("alpha");
    private static final NodeName BETA = NodeName.of("beta");
    private static final NodeName GAMMA = NodeName.of("gamma");

    /** Beta is asked. Groups: NODES=ACTIVE of their one instance, which is named i. */
    @ParameterizedTest(name = "{0}, heard {1}, force {2}, groups {3}: {4}")
    @CsvSource({
        "delta,   '',      true,  '',                        UNKNOWN",
        "beta,    '',      true,  '',                        SELF",
        "alpha,   alpha,   true,  'alpha+beta=beta',         HEARD",
        "alpha,   alpha,   false, 'alpha+beta=beta',         HEARD",
        "alpha,   gamma,   false, 'alpha+beta=beta',         NOT_FORCED",
        "alpha,   gamma,   true,  'alpha+beta=beta',         -",
        "alpha,   '',      true,  'beta+alpha=beta',         -",
        "alpha,   '',      true,  'alpha+beta=alpha',        NOT_SERVED",
        "alpha,   '',      true,  'alpha+beta=',             NOT_SERVED",
        "alpha,   '',      true,  'alpha=',                  ONLY_COPY",
        "alpha,   '',      true,  'beta+gamma=',             -",
        "alpha,   '',      true,  'gamma+beta=gamma alpha+beta=beta', -",
        "alpha,   '',      true,  'alpha+beta=beta alpha+gamma=',     NOT_SERVED",
        "gamma,   alpha,   true,  '',                        -",
    })
    void theTable(String leaving, String heard, boolean force, String groups, String expected) {
        Optional<Found> found =
                Departure.obstacle(
                        NodeName.of(leaving),
                        BETA,
                        Set.of(ALPHA, BETA, GAMMA),
                        heard.isEmpty() ? Set.of() : Set.of(NodeName.of(heard)),
                        force,
                        Arrays.stream(groups.split(" "))
                                .filter(text -> !text.isEmpty())
                                .map(DepartureTest::group)
                                .collect(Collectors.toList()));
        assertEquals(
                expected.equals("-") ? Optional.empty() : Optional.of(Obstacle.valueOf(expected)),
                found.map(Found::obstacle));
    }

    private static Group group(String text) {
        String[] parts = text.split("=", -1);
        List<NodeName> nodes = Arrays.stream(parts[0].split("\\+")).map(NodeName::of).toList();
        Optional<NodeName> active =
                parts[1].isEmpty() ? Optional.empty() : Optional.of(NodeName.of(parts[1]));
        return new Group(parts[0], nodes, Map.of("i", active));
    }
}
