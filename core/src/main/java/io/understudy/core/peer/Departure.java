package io.understudy.core.peer;

import io.understudy.core.node.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Whether a member may be removed from its cluster by an operator's word. */
public final class Departure {

    private Departure() {}

    /** What stands in the way. */
    public enum Obstacle {
        /** It is no member. */
        UNKNOWN,
        /** It is the member that is asked. */
        SELF,
        /** It is heard: it can be stopped, and its groups taken apart. */
        HEARD,
        /** It was not said that it will not come back. */
        NOT_FORCED,
        /** A group stands alone on it: nobody else has its data. */
        ONLY_COPY,
        /** An instance of a pair is not served by the other node. */
        NOT_SERVED
    }

    /**
     * An obstacle.
     *
     * @param about the group or instance that it concerns; otherwise the member
     */
    public record Found(Obstacle obstacle, String about) {
        /** Refuses nulls. */
        public Found {
            Objects.requireNonNull(obstacle, "obstacle");
            Objects.requireNonNull(about, "about");
        }
    }

    /**
     * A group as it is now.
     *
     * @param active who serves, by instance; an instance that nobody serves is empty
     */
    public record Group(String name, List<NodeName> nodes, Map<String, Optional<NodeName>> active) {
        /** Copies the collections. */
        public Group {
            nodes = List.copyOf(nodes);
            active = Map.copyOf(active);
        }
    }

    /**
     * Returns what stands in the way first; empty if nothing does.
     *
     * @param leaving who is to be removed
     * @param self who is asked
     * @param members all of them
     * @param heard those that are heard now
     * @param force whether an operator said that it will not come back as it is
     * @param groups all groups
     */
    public static Optional<Found> obstacle(
            NodeName leaving,
            NodeName self,
            Set<NodeName> members,
            Set<NodeName> heard,
            boolean force,
            List<Group> groups) {
        if (!members.contains(leaving)) {
            return found(Obstacle.UNKNOWN, leaving.value());
        }
        if (leaving.equals(self)) {
            return found(Obstacle.SELF, leaving.value());
        }
        if (heard.contains(leaving)) {
            return found(Obstacle.HEARD, leaving.value());
        }
        if (!force) {
            return found(Obstacle.NOT_FORCED, leaving.value());
        }
        for (Group group : groups) {
            if (!group.nodes().contains(leaving)) {
                continue;
            }
            Optional<NodeName> stays =
                    group.nodes().stream().filter(n -> !n.equals(leaving)).findFirst();
            if (stays.isEmpty()) {
                return found(Obstacle.ONLY_COPY, group.name());
            }
            Optional<String> away =
                    group.active().entrySet().stream()
                            .filter(e -> !e.getValue().equals(stays))
                            .map(Map.Entry::getKey)
                            .sorted()
                            .findFirst();
            if (away.isPresent()) {
                return found(Obstacle.NOT_SERVED, away.get());
            }
        }
        return Optional.empty();
    }

    private static Optional<Found> found(Obstacle obstacle, String about) {
        return Optional.of(new Found(obstacle, about));
    }
}
