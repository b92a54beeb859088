package io.understudy.core.view;

import java.util.List;
import java.util.Map;

/**
 * Why an instance is where it is: the body of {@code GET /api/v1/instances/NAME/explanation}.
 *
 * @param instance about what
 * @param node who answers
 * @param time wall time of the answer, or the time that was asked about
 * @param headline the whole in four sentences; null in an answer about an earlier time
 * @param facts what concerns the cluster as a whole
 * @param nodes each node of the pair by its own word
 * @param story what was decided around the time that was asked about, in order; else empty
 */
public record ExplanationView(
        String instance,
        String node,
        String time,
        Headline headline,
        List<Sentence> facts,
        List<NodePart> nodes,
        List<StoryLine> story) {

    /** A message key with its values; {@code text} is the English sentence. */
    public record Sentence(String key, Map<String, String> values, String text) {}

    /**
     * The whole in short.
     *
     * @param situation stable name of what is the matter, e.g. {@code standby-down}
     * @param sinceMillis for how long, or null where nobody can tell
     */
    public record Headline(
            String situation, Sentence what, Long sinceMillis, Sentence why, Sentence next) {}

    /**
     * One node.
     *
     * @param answered false: it was asked and did not answer; everything else is empty then
     * @param phase its phase, or null
     */
    public record NodePart(
            String node,
            boolean answered,
            String phase,
            PromotableView promotable,
            List<Sentence> facts,
            List<WhyNot> whyNot) {}

    /**
     * Something that does not happen, and what stops it.
     *
     * @param action TAKE_OVER, GIVE_AWAY, FALL_BACK, SYNC or START_SERVICE
     * @param obstacle an obstacle's, refusal's or state's name
     * @param rule R1 to R13, L2, L4, or the setting or timer that stops it; null if none does
     * @param leftMillis when that passes by itself, if it does
     */
    public record WhyNot(
            String action, String obstacle, String rule, Long leftMillis, Sentence because) {}

    /**
     * A decision that was taken.
     *
     * @param what what happened, what was decided, and why not more
     */
    public record StoryLine(String time, String node, List<Sentence> what) {}
}
