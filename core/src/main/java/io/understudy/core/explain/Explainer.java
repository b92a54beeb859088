package io.understudy.core.explain;

import io.understudy.core.view.ClusterView;
import io.understudy.core.view.ExplanationView;
import io.understudy.core.view.ExplanationView.NodePart;
import io.understudy.core.view.ExplanationView.Sentence;
import io.understudy.core.view.PromotableView;
import io.understudy.core.view.Redundancy;
import java.util.ArrayList;
import java.util.List;

/** Puts the words of both nodes together: what is the matter, and who could take over. */
public final class Explainer {

    private Explainer() {}

    /** Explains an instance as it is now. */
    public static ExplanationView explain(Observed observed) {
        List<NodePart> parts = observed.parts().stream().map(p -> completed(observed, p)).toList();
        Observed complete =
                new Observed(
                        observed.view(),
                        observed.group(),
                        observed.instance(),
                        parts,
                        observed.ages());
        return new ExplanationView(
                observed.instance().name(),
                observed.view().node(),
                observed.view().time(),
                Headlines.of(complete),
                facts(complete),
                parts,
                List.of());
    }

    private static List<Sentence> facts(Observed o) {
        List<ClusterView.Member> members = o.view().members();
        List<Sentence> facts = new ArrayList<>();
        facts.add(
                Sentences.of(
                        "fact.votes",
                        "voters",
                        members.stream().filter(ClusterView.Member::voter).count(),
                        "members",
                        members.size()));
        if (o.view().redundancyProblem() != null) {
            facts.add(
                    Sentences.of(
                            "why.problem",
                            "problem",
                            Sentences.part(o.view().redundancyProblem())));
        }
        facts.addAll(LossPreview.sentences(o.view(), o.group(), o.instance()));
        return facts;
    }

    private static NodePart completed(Observed o, NodePart part) {
        PromotableView own = part.promotable();
        if (own == null || !part.answered()) {
            return part;
        }
        List<String> reasons = new ArrayList<>(own.reasons());
        if (!own.serves() && o.served() && !survivesWithout(o, o.instance().active())) {
            reasons.add("NOT_REDUNDANT");
        }
        boolean lacks = !own.lossless() && !own.serves();
        PromotableView whole =
                new PromotableView(
                        own.instance(),
                        own.node(),
                        own.serves(),
                        reasons.isEmpty(),
                        List.copyOf(reasons),
                        own.expectedOutageMillis(),
                        own.longestOutageMillis(),
                        own.lossless(),
                        lacks
                                ? Takeovers.lag(o.instance().active(), o.instance().databases())
                                : null,
                        lacks ? o.ages().get("UNPROTECTED") : null);
        return new NodePart(part.node(), true, part.phase(), whole, part.facts(), part.whyNot());
    }

    /** Whether a majority of the voters is left when {@code node} is lost. */
    private static boolean survivesWithout(Observed o, String node) {
        return Redundancy.survives(
                o.view().members().stream()
                        .filter(ClusterView.Member::voter)
                        .map(ClusterView.Member::name)
                        .toList(),
                node);
    }
}
