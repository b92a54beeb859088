package io.understudy.core.explain;

import io.understudy.core.view.ClusterView;
import io.understudy.core.view.ExplanationView;
import io.understudy.core.view.ExplanationView.Headline;
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
        Headline headline = Headlines.of(complete);
        // What the headline says already need not be said again.
        String said = headline.why().key();
        List<Sentence> facts = facts(complete).stream().filter(f -> !f.key().equals(said)).toList();
        return new ExplanationView(
                observed.instance().name(),
                observed.view().node(),
                observed.view().time(),
                headline,
                facts,
                parts,
                List.of());
    }

    private static List<Sentence> facts(Observed o) {
        List<ClusterView.Member> members = o.view().members();
        List<Sentence> facts = new ArrayList<>();
        long seats = members.stream().filter(ClusterView.Member::seat).count();
        long voters = members.stream().filter(ClusterView.Member::voter).count();
        facts.add(
                seats == members.size()
                        ? Sentences.of("fact.votes", "voters", voters, "members", seats)
                        : Sentences.of(
                                "fact.votes-of",
                                "voters",
                                voters,
                                "seats",
                                seats,
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
                        Causes.first(reasons),
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
