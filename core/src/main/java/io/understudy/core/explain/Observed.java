package io.understudy.core.explain;

import io.understudy.core.view.ClusterView;
import io.understudy.core.view.ExplanationView.NodePart;
import io.understudy.core.view.ExplanationView.Sentence;
import io.understudy.core.view.ExplanationView.WhyNot;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that an explanation rests on.
 *
 * @param view the cluster as the asked node sees it
 * @param group the instance's
 * @param instance the one to explain
 * @param parts each node of the pair by its own word, home first
 * @param ages milliseconds since the newest event of each code about the instance or the cluster
 */
public record Observed(
        ClusterView view,
        ClusterView.Group group,
        ClusterView.Instance instance,
        List<NodePart> parts,
        Map<String, Long> ages) {

    /** Refuses nulls; copies the collections. */
    public Observed {
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(instance, "instance");
        parts = List.copyOf(parts);
        ages = Map.copyOf(ages);
    }

    boolean served() {
        return instance.active() != null;
    }

    boolean away() {
        return instance.backup().equals(instance.active());
    }

    Optional<NodePart> active() {
        return parts.stream().filter(p -> p.node().equals(instance.active())).findFirst();
    }

    /** The node that would have to take over: the one that does not serve. */
    String other() {
        return away() ? instance.home() : instance.backup();
    }

    Optional<NodePart> otherPart() {
        return parts.stream().filter(p -> p.node().equals(other())).findFirst();
    }

    /** Whether a node of the pair says that {@code obstacle} keeps it from {@code action}. */
    boolean stopped(String action, String obstacle) {
        return why(action, obstacle).isPresent();
    }

    Optional<WhyNot> why(String action, String obstacle) {
        return parts.stream()
                .flatMap(p -> p.whyNot().stream())
                .filter(w -> w.action().equals(action) && w.obstacle().equals(obstacle))
                .findFirst();
    }

    Optional<WhyNot> why(String action) {
        return parts.stream()
                .flatMap(p -> p.whyNot().stream())
                .filter(w -> w.action().equals(action))
                .findFirst();
    }

    boolean otherSays(String reason) {
        return otherPart()
                .filter(p -> p.promotable() != null && p.promotable().reasons().contains(reason))
                .isPresent();
    }

    boolean phase(String... phases) {
        return parts.stream()
                .anyMatch(p -> p.phase() != null && List.of(phases).contains(p.phase()));
    }

    /** What a service or database of {@code node} says is wrong; of any node where null. */
    Optional<Sentence> problem(String node) {
        return parts.stream()
                .filter(p -> node == null || p.node().equals(node))
                .flatMap(p -> p.facts().stream())
                .filter(
                        f ->
                                f.key().equals("fact.service")
                                        || f.key().equals("fact.database-problem"))
                .findFirst();
    }

    boolean serviceFailed(String node) {
        return instance.services().stream()
                .anyMatch(
                        s ->
                                s.critical()
                                        && s.node().equals(node)
                                        && "FAILED".equals(s.condition()));
    }

    Optional<ClusterView.Member> member(String name) {
        return view.members().stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** For how long the member that was lost last has not been heard; null if all are. */
    Long silence() {
        return view.members().stream()
                .filter(m -> !heard(m.name()))
                .map(ClusterView.Member::sinceMillis)
                .filter(Objects::nonNull)
                .min(Long::compare)
                .orElse(null);
    }

    boolean heard(String name) {
        return member(name)
                .filter(m -> m.contact().equals("HEARD") || m.contact().equals("SELF"))
                .isPresent();
    }
}
