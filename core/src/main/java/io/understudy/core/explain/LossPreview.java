package io.understudy.core.explain;

import io.understudy.core.view.ClusterView;
import io.understudy.core.view.ExplanationView.Sentence;
import io.understudy.core.view.Redundancy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What becomes of an instance if one more member is lost now: a function of what the asked node
 * sees. The rule behind it is the fourth law: without a majority of the voters nobody takes over,
 * and the holder stops when its lease runs out, unless by the group's policy and the record it goes
 * on.
 */
public final class LossPreview {

    /** What becomes of the instance; also the second part of the message's key. */
    public enum Outcome {
        /** The active node goes on as it does now. */
        STAYS(true),
        /** It goes on, and its database without its second copy. */
        STAYS_ALONE(true),
        /** It goes on, and its database waits for the second copy. */
        STAYS_WAITING(true),
        /** The standby takes over by itself. */
        TAKEN_OVER(true),
        /** The standby could, and an operator has to say so: failover is manual. */
        OPERATOR(false),
        /** The active node loses the majority and goes on, as by the record only it may serve. */
        GOES_ON(true),
        /** The active node loses the majority and stops with its lease. */
        STOPS(false),
        /** The active node is what was lost, and by the record only it may serve. */
        PINNED(false),
        /** The active node is what was lost, and no majority is left to put another in charge. */
        NO_MAJORITY(false),
        /** The active node is what was lost, and the standby is not seen. */
        NOBODY_SEEN(false),
        /** The active node is what was lost, and something keeps the standby from taking over. */
        NOBODY_READY(false),
        /** The active node is what was lost, and the instance stands alone. */
        NOBODY_ELSE(false);

        private final boolean served;

        Outcome(boolean served) {
            this.served = served;
        }

        /** Returns whether somebody serves then without an operator's word. */
        public boolean served() {
            return served;
        }
    }

    /**
     * A loss and what becomes of the instance.
     *
     * @param lost the member that is lost
     * @param node the node that the outcome is about: who goes on, stops, or takes over
     */
    public record Loss(String lost, String node, Outcome outcome) {}

    private static final Set<String> UNSEEN = Set.of("PEER_NOT_HEARD", "NOT_SEEN");

    private LossPreview() {}

    /**
     * Returns what the loss of each member that is here now would do, in the members' order; those
     * that neither vote nor serve the instance take nothing away and are left out. Nothing where
     * nobody serves now.
     */
    public static List<Loss> losses(
            ClusterView view, ClusterView.Group group, ClusterView.Instance instance) {
        List<Loss> losses = new ArrayList<>();
        if (instance.active() == null) {
            return losses;
        }
        Set<String> voting = new LinkedHashSet<>();
        view.members().stream()
                .filter(m -> here(m) && m.voter())
                .forEach(m -> voting.add(m.name()));
        for (ClusterView.Member member : view.members()) {
            boolean concerned =
                    voting.contains(member.name())
                            || member.name().equals(instance.active())
                            || member.name().equals(instance.promotableNode());
            if (here(member) && concerned) {
                losses.add(loss(member.name(), voting, group, instance));
            }
        }
        return losses;
    }

    private static boolean here(ClusterView.Member member) {
        return "SELF".equals(member.contact()) || "HEARD".equals(member.contact());
    }

    private static Loss loss(
            String lost,
            Set<String> voting,
            ClusterView.Group group,
            ClusterView.Instance instance) {
        boolean majority = Redundancy.survives(voting, lost);
        if (!lost.equals(instance.active())) {
            Outcome without = pinned(group, instance) ? Outcome.GOES_ON : Outcome.STOPS;
            return new Loss(lost, instance.active(), majority ? stays(lost, instance) : without);
        }
        String standby = instance.promotableNode();
        if (standby == null) {
            return new Loss(lost, lost, Outcome.NOBODY_ELSE);
        }
        if (!majority) {
            return new Loss(lost, standby, Outcome.NO_MAJORITY);
        }
        Set<String> reasons = new HashSet<>(instance.promotableReasons());
        reasons.remove("NOT_REDUNDANT");
        boolean manual = reasons.remove("MANUAL") || "MANUAL".equals(group.failover());
        if (reasons.stream().anyMatch(UNSEEN::contains)) {
            return new Loss(lost, standby, Outcome.NOBODY_SEEN);
        }
        if (!reasons.isEmpty()) {
            boolean kept = reasons.contains("PINNED") || reasons.contains("NOT_IN_SYNC");
            boolean only = kept && pinned(group, instance);
            return new Loss(lost, standby, only ? Outcome.PINNED : Outcome.NOBODY_READY);
        }
        return new Loss(lost, standby, manual ? Outcome.OPERATOR : Outcome.TAKEN_OVER);
    }

    /** Whether the active node, by policy and record, goes on without a majority. */
    private static boolean pinned(ClusterView.Group group, ClusterView.Instance instance) {
        return "CONTINUE".equals(group.onQuorumLoss())
                && instance.inSync().equals(List.of(instance.active()));
    }

    private static Outcome stays(String lost, ClusterView.Instance instance) {
        boolean copy = !instance.databases().isEmpty() && lost.equals(instance.promotableNode());
        if (!copy) {
            return Outcome.STAYS;
        }
        boolean waits = "WAIT".equals(instance.withoutStandby());
        boolean together = "SYNCHRONOUS".equals(instance.protection());
        return waits ? Outcome.STAYS_WAITING : together ? Outcome.STAYS_ALONE : Outcome.STAYS;
    }

    /**
     * Returns {@link #losses} in sentences; where every single loss leaves the instance served, one
     * more about what a second one would do.
     */
    public static List<Sentence> sentences(
            ClusterView view, ClusterView.Group group, ClusterView.Instance instance) {
        List<Sentence> sentences = new ArrayList<>();
        List<Loss> losses = losses(view, group, instance);
        String lease = group.timers().getOrDefault("lease", "-");
        for (Loss loss : losses) {
            String time = loss.outcome() == Outcome.TAKEN_OVER ? longest(instance) : lease;
            sentences.add(
                    Sentences.of(
                            "preview." + loss.outcome(),
                            "lost",
                            loss.lost(),
                            "node",
                            loss.node(),
                            "time",
                            time));
        }
        if (!losses.isEmpty() && losses.stream().allMatch(l -> l.outcome().served())) {
            boolean continues = "CONTINUE".equals(group.onQuorumLoss());
            sentences.add(
                    continues
                            ? Sentences.of("preview.SECOND_GOES_ON")
                            : Sentences.of("preview.SECOND", "time", lease));
        }
        return sentences;
    }

    /** Returns the view with the sentences at each instance, where the voters are not redundant. */
    public static ClusterView shownIn(ClusterView view) {
        if (view.redundant()) {
            return view;
        }
        return new ClusterView(
                view.cluster(),
                view.node(),
                view.version(),
                view.time(),
                view.configuration(),
                false,
                view.redundancyProblem(),
                view.members(),
                view.groups().stream().map(g -> shownIn(view, g)).toList());
    }

    private static ClusterView.Group shownIn(ClusterView view, ClusterView.Group group) {
        return new ClusterView.Group(
                group.name(),
                group.description(),
                group.assignment(),
                group.failover(),
                group.fallback(),
                group.onQuorumLoss(),
                group.nodes(),
                group.states(),
                group.instances().stream()
                        .map(i -> i.withPreview(sentences(view, group, i)))
                        .toList(),
                group.timers());
    }

    private static String longest(ClusterView.Instance instance) {
        return instance.takeover() == null
                ? "-"
                : Sentences.span(Duration.ofMillis(instance.takeover().longestMillis()));
    }
}
