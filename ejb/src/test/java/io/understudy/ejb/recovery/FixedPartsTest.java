package io.understudy.ejb.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.core.config.DatabaseConfiguration;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.InstanceConfiguration;
import io.understudy.core.config.PairShape;
import io.understudy.core.config.QuorumLoss;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.control.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An instance that exists keeps its pair of nodes and its databases. */
class FixedPartsTest {

    private static GroupConfiguration group(String home, String backup, int port) {
        DatabaseConfiguration database =
                new DatabaseConfiguration(
                        "nms",
                        DatabaseConfiguration.Engine.POSTGRESQL,
                        DatabaseConfiguration.Protection.SYNCHRONOUS,
                        DatabaseConfiguration.WithoutStandby.CONTINUE,
                        port);
        InstanceConfiguration instance =
                new InstanceConfiguration(
                        InstanceName.of("nms"),
                        NodeName.of(home),
                        NodeName.of(backup),
                        List.of(),
                        List.of(),
                        List.of(database));
        return new GroupConfiguration(
                "campus",
                "",
                List.of(NodeName.of(home), NodeName.of(backup)),
                GroupConfiguration.Assignment.ACTIVE_STANDBY,
                Timers.FAST,
                GroupConfiguration.Mode.AUTOMATIC,
                GroupConfiguration.Mode.MANUAL,
                QuorumLoss.STOP,
                List.of(instance));
    }

    private static List<String> fields(GroupConfiguration before, GroupConfiguration after) {
        return FixedParts.problems(List.of(before), List.of(after)).stream()
                .map(Problem::field)
                .toList();
    }

    @Test
    void home_and_backup_may_change_places() {
        assertEquals(List.of(), fields(group("alpha", "beta", 5432), group("beta", "alpha", 5432)));
    }

    @Test
    void another_pair_is_refused() {
        assertEquals(
                List.of("campus.instances[nms]"),
                fields(group("alpha", "beta", 5432), group("alpha", "gamma", 5432)));
    }

    @Test
    void a_pair_is_taken_apart_and_made_by_its_own_commands() {
        GroupConfiguration pair = group("alpha", "beta", 5432);
        GroupConfiguration alone = PairShape.unpaired(pair, NodeName.of("beta"));
        assertEquals(
                "Take the pair apart with: understudy unpair campus --keep beta",
                FixedParts.problems(List.of(pair), List.of(alone)).get(0).mend());
        assertEquals(
                "Make it a pair with: understudy pair campus alpha",
                FixedParts.problems(List.of(alone), List.of(pair)).get(0).mend());
        assertEquals(List.of(), fields(alone, alone));
    }

    @Test
    void another_port_of_a_database_is_refused() {
        assertEquals(
                List.of("campus.instances[nms].databases"),
                fields(group("alpha", "beta", 5432), group("alpha", "beta", 5433)));
    }

    @Test
    void a_new_instance_is_free() {
        assertEquals(
                List.of(), FixedParts.problems(List.of(), List.of(group("alpha", "beta", 5432))));
    }
}
