package io.understudy.core.explain;

import io.understudy.core.view.ClusterView;
import io.understudy.core.view.ExplanationView.Headline;
import io.understudy.core.view.ExplanationView.Sentence;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is the matter with an instance: one table, the gravest row that holds counts. The text of
 * each row is {@code what.NAME}; docs/runbook.md has what to do at length.
 */
final class Headlines {

    /**
     * One row.
     *
     * @param name of the situation; stable
     * @param holds when it is this one
     * @param since the events of which the newest tells since when
     * @param why the key of the reason; may depend
     * @param next the key of the advice
     */
    record Row(
            String name,
            Predicate<Observed> holds,
            List<String> since,
            Function<Observed, Sentence> why,
            String next) {}

    /** In place of an event: for how long the member that was lost last has been silent. */
    private static final String SILENCE = "@silence";

    private static final List<Row> ROWS =
            List.of(
                    new Row(
                            "no-majority",
                            o -> !o.served() && o.stopped("TAKE_OVER", "NO_MAJORITY"),
                            List.of(SILENCE, "LEASE_LOST"),
                            o -> said(o, "rule.L4"),
                            "next.no-majority"),
                    new Row(
                            "moving",
                            o ->
                                    o.phase(
                                            "CLAIMING",
                                            "ACTIVATING",
                                            "DEACTIVATING",
                                            "RELEASING",
                                            "KILLING"),
                            List.of("TAKING_OVER", "FAILOVER_INVOKED", "FALLBACK_INVOKED"),
                            o -> said(o, "why.reason"),
                            "next.wait"),
                    new Row(
                            "held",
                            o -> o.instance().hold() != null,
                            List.of("HELD"),
                            o -> said(o, "why.held"),
                            "next.held"),
                    new Row(
                            "stopped-on-purpose",
                            o -> !o.served() && o.instance().parked(),
                            List.of("PARKED", "NODE_STOPPED"),
                            o -> said(o, "rule.R9"),
                            "advice.stopped-on-purpose"),
                    new Row(
                            "failed-mode",
                            Headlines::failedMode,
                            List.of("FAILED_MODE", "SERVICE_FAILED", "DATABASE_FAILED"),
                            o -> problem(o, null),
                            "advice.failed"),
                    new Row(
                            "stale-copy",
                            o -> !o.served() && o.stopped("TAKE_OVER", "NOT_IN_SYNC"),
                            List.of("UNPROTECTED"),
                            o -> said(o, "rule.R5"),
                            "next.stale-copy"),
                    new Row(
                            "pinned",
                            o -> !o.served() && o.stopped("TAKE_OVER", "PINNED"),
                            List.of(SILENCE, "PINNED"),
                            o -> said(o, "rule.R21"),
                            "next.pinned"),
                    new Row(
                            "waits-for-operator",
                            o -> !o.served() && o.stopped("TAKE_OVER", "MANUAL"),
                            List.of(SILENCE),
                            o -> said(o, "rule.FAILOVER_MANUAL"),
                            "next.waits-for-operator"),
                    new Row(
                            "holder-silent",
                            o -> !o.served() && o.stopped("TAKE_OVER", "HOLDER_LIVES"),
                            List.of(SILENCE),
                            o -> said(o, "rule.R3"),
                            "next.holder-silent"),
                    new Row(
                            "waits-for-turn",
                            o -> !o.served() && o.stopped("TAKE_OVER", "PEERS_TURN"),
                            List.of("FAILOVER_INVOKED", "FALLBACK_INVOKED"),
                            o -> said(o, "rule.HAND_OVER_LIMIT"),
                            "next.wait"),
                    new Row(
                            "nobody-serves",
                            o -> !o.served(),
                            List.of(SILENCE, "LEASE_LOST"),
                            o ->
                                    o.why("TAKE_OVER")
                                            .map(w -> w.because())
                                            .orElseGet(() -> said(o, "why.reason")),
                            "advice.nobody-serves"),
                    new Row(
                            "degraded",
                            o -> o.stopped("START_SERVICE", "DEGRADED"),
                            List.of("SERVICE_FAILED", "DATABASE_FAILED", "FAILED_MODE"),
                            o -> problem(o, o.instance().active()),
                            "next.degraded"),
                    new Row(
                            "home-down",
                            o -> o.away() && !o.heard(o.other()),
                            List.of(SILENCE),
                            o -> said(o, "why.reason"),
                            "advice.peer-down"),
                    new Row(
                            "standby-down",
                            o -> !o.heard(o.other()),
                            List.of(SILENCE),
                            o -> said(o, "why.contact"),
                            "advice.standby-unseen"),
                    new Row(
                            "standby-unable",
                            o ->
                                    o.otherSays("FAILED_HERE")
                                            || o.otherSays("STOPPING")
                                            || o.serviceFailed(o.other()),
                            List.of("SERVICE_FAILED", "DATABASE_FAILED", "FAILED_MODE"),
                            o -> problem(o, o.other()),
                            "advice.standby-unable"),
                    new Row(
                            "resync",
                            Headlines::resyncing,
                            List.of("RESYNC_STARTED", "UNPROTECTED"),
                            o -> problem(o, o.other()),
                            "advice.standby-loading"),
                    new Row(
                            "not-in-sync",
                            o -> o.otherSays("NOT_IN_SYNC"),
                            List.of("UNPROTECTED"),
                            o -> o.why("SYNC").map(w -> w.because()).orElse(problem(o, o.other())),
                            "advice.standby-loading"),
                    new Row(
                            "not-redundant",
                            o -> !o.view().redundant(),
                            List.of(SILENCE, "NOT_REDUNDANT"),
                            o -> said(o, "why.problem"),
                            "next.not-redundant"),
                    new Row(
                            "service-stopped",
                            o -> o.instance().stoppedByHand().isPresent(),
                            List.of("OPERATOR_REQUEST:stop"),
                            o -> said(o, "why.service-stopped"),
                            "next.service-stopped"),
                    new Row(
                            "version-skew",
                            o -> versions(o).contains(","),
                            List.of("NODE_STARTED"),
                            o -> said(o, "why.versions"),
                            "next.version-skew"),
                    new Row(
                            "fallback-soon",
                            o -> o.away() && o.stopped("FALL_BACK", "FALLBACK_HEALTHY"),
                            List.of("FAILOVER_ACTIVE"),
                            o -> said(o, "rule.FALLBACK_HEALTHY"),
                            "next.wait"),
                    new Row(
                            "waits-for-fallback",
                            Observed::away,
                            List.of("FAILOVER_ACTIVE"),
                            o -> said(o, "why.reason"),
                            "advice.failed-over"),
                    new Row(
                            "normal",
                            o -> true,
                            List.of("FALLBACK_COMPLETE", "IN_SYNC"),
                            o -> said(o, "why.normal"),
                            "advice.normal"));

    private Headlines() {}

    static List<Row> rows() {
        return ROWS;
    }

    static Headline of(Observed o) {
        Row row = ROWS.stream().filter(r -> r.holds().test(o)).findFirst().orElseThrow();
        Long since =
                row.since().stream()
                        .map(code -> code.equals(SILENCE) ? o.silence() : o.ages().get(code))
                        .filter(Objects::nonNull)
                        .min(Long::compare)
                        .orElse(null);
        return new Headline(
                row.name(),
                said(o, "what." + row.name()),
                since,
                row.why().apply(o),
                said(o, row.next()));
    }

    private static boolean failedMode(Observed o) {
        boolean named =
                o.group().states().stream()
                        .anyMatch(s -> "RUNNING_IN_FAILED_MODE".equals(s.state()));
        boolean nowhereElse =
                o.stopped("START_SERVICE", "DEGRADED")
                        && (!o.heard(o.other()) || o.otherSays("FAILED_HERE"));
        return named || nowhereElse || !o.served() && o.stopped("TAKE_OVER", "FAILED_HERE");
    }

    private static boolean resyncing(Observed o) {
        return o.instance().databases().stream()
                .anyMatch(d -> d.node().equals(o.other()) && "RESYNCING".equals(d.role()));
    }

    private static Sentence problem(Observed o, String node) {
        return o.problem(node).orElseGet(() -> said(o, "why.reason"));
    }

    private static Sentence said(Observed o, String key) {
        Map<String, String> values = new HashMap<>();
        ClusterView.Instance i = o.instance();
        values.put("instance", i.name());
        values.put("active", String.valueOf(i.active()));
        values.put("other", o.other());
        values.put("home", i.home());
        values.put("assigned", String.valueOf(i.assigned()));
        values.put("reason", i.reason());
        ClusterView.Hold hold = i.hold();
        if (hold != null) {
            values.put("by", hold.by());
            values.put("comment", hold.reason());
            values.put("until", hold.until());
            values.put("remaining", Sentences.span(Duration.ofMillis(hold.leftMillis())));
        }
        values.put("problem", Sentences.part(String.valueOf(o.view().redundancyProblem())));
        i.stoppedByHand().ifPresent(s -> values.put("service", s.name()));
        values.put("versions", versions(o));
        values.put(
                "contact", o.member(o.other()).map(ClusterView.Member::contact).orElse("SILENT"));
        values.put(
                "nodes",
                o.parts().stream()
                        .filter(p -> p.phase() != null && !p.phase().equals("STANDBY"))
                        .map(p -> p.node())
                        .collect(Collectors.joining(", ")));
        values.put(
                "left",
                o.why("FALL_BACK", "FALLBACK_HEALTHY")
                        .or(() -> o.why("TAKE_OVER", "HOLDER_LIVES"))
                        .or(() -> o.why("TAKE_OVER", "PEERS_TURN"))
                        .map(w -> w.because().values().get("left"))
                        .orElse("-"));
        return Sentences.of(key, values);
    }

    private static String versions(Observed o) {
        return o.view().members().stream()
                .filter(m -> m.version() != null)
                .collect(
                        Collectors.groupingBy(
                                ClusterView.Member::version,
                                TreeMap::new,
                                Collectors.mapping(
                                        ClusterView.Member::name, Collectors.joining(" + "))))
                .entrySet()
                .stream()
                .map(e -> e.getKey() + " (" + e.getValue() + ")")
                .collect(Collectors.joining(", "));
    }
}
