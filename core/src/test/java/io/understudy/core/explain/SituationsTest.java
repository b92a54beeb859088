package io.understudy.core.explain;

import static io.understudy.core.explain.Pair.ALPHA;
import static io.understudy.core.explain.Pair.BETA;
import static io.understudy.core.explain.Pair.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.peer.Contact;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Settings;
import io.understudy.core.recovery.Step;
import io.understudy.core.text.Messages;
import io.understudy.core.time.Moment;
import io.understudy.core.view.ExplanationView;
import io.understudy.core.view.ExplanationView.NodePart;
import io.understudy.core.view.PromotableView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each situation of docs/runbook.md, made by the core: what, since when, why, what next. */
class SituationsTest {

    private static final Path RULES =
            Path.of("src/main/java/io/understudy/core/recovery/Rules.java");
    private static final Map<String, Long> NO_AGES = Map.of();

    private static NodePart part(Pair pair) {
        return NodeExplainer.explain(pair.evidence());
    }

    private static NodePart silent(String node) {
        return NodeExplainer.silent("nms", node);
    }

    private static Pair standby() {
        return Pair.node(BETA, true, false).watching(ALPHA, entry(ALPHA, false, ALPHA, BETA));
    }

    private static Pair alphaServes() {
        return Pair.node(ALPHA, true, false).serving(entry(ALPHA, false, ALPHA, BETA));
    }

    private static Pair betaServes() {
        return Pair.node(BETA, true, false).serving(entry(BETA, false, ALPHA, BETA));
    }

    private static void check(
            ExplanationView view, String situation, String why, String next, Long since) {
        assertEquals(situation, view.headline().situation());
        assertEquals("what." + situation, view.headline().what().key());
        assertEquals(why, view.headline().why().key());
        assertEquals(next, view.headline().next().key());
        assertEquals(since, view.headline().sinceMillis());
        assertFalse(view.headline().what().text().contains("{"), view.headline().what()::text);
        assertFalse(view.headline().what().text().contains("null"), view.headline().what()::text);
    }

    private static PromotableView promotable(ExplanationView view, String node) {
        return view.nodes().stream()
                .filter(n -> n.node().equals(node))
                .map(NodePart::promotable)
                .findFirst()
                .orElseThrow();
    }

    private static String rule(ExplanationView view, String obstacle) {
        return view.nodes().stream()
                .flatMap(n -> n.whyNot().stream())
                .filter(w -> w.obstacle().equals(obstacle))
                .findFirst()
                .orElseThrow()
                .rule();
    }

    @Test
    void all_is_well() {
        ExplanationView view =
                Seen.serving("alpha").explain(NO_AGES, part(alphaServes()), part(standby()));
        check(view, "normal", "why.normal", "advice.normal", null);
        PromotableView beta = promotable(view, "beta");
        assertTrue(beta.promotable() && beta.lossless() && !beta.serves());
        assertTrue(beta.expectedOutageMillis() > 300 && beta.expectedOutageMillis() < 3000);
        assertTrue(beta.longestOutageMillis() > beta.expectedOutageMillis());
        assertTrue(promotable(view, "alpha").serves());
        assertEquals("R3", rule(view, "HOLDER_LIVES"));
    }

    @Test
    void standby_down() {
        Pair alpha = alphaServes().contact(Contact.SILENT);
        ExplanationView view =
                Seen.serving("alpha")
                        .lost("beta", "SILENT")
                        .explain(Map.of("PEER_SILENT", 7000L), part(alpha), silent("beta"));
        check(view, "standby-down", "why.contact", "advice.standby-unseen", 1000L);
        assertEquals(List.of("NOT_SEEN"), promotable(view, "beta").reasons());
    }

    @Test
    void active_killed() {
        Pair beta = standby().contact(Contact.GONE);
        assertEquals(Phase.CLAIMING, beta.phase());
        ExplanationView during =
                Seen.nobody()
                        .from("beta")
                        .lost("alpha", "GONE")
                        .explain(NO_AGES, silent("alpha"), part(beta));
        check(during, "moving", "why.reason", "next.wait", null);
        ExplanationView after =
                Seen.serving("beta")
                        .from("beta")
                        .lost("alpha", "GONE")
                        .explain(
                                Map.of("PEER_GONE", 5000L, "FAILOVER_ACTIVE", 4200L),
                                silent("alpha"),
                                part(betaServes().contact(Contact.GONE)));
        check(after, "home-down", "why.reason", "advice.peer-down", 1000L);
    }

    @Test
    void active_hung() {
        ExplanationView view =
                Seen.nobody()
                        .from("beta")
                        .lost("alpha", "SILENT")
                        .explain(
                                Map.of("PEER_SILENT", 900L),
                                silent("alpha"),
                                part(standby().contact(Contact.SILENT)));
        check(view, "holder-silent", "rule.R3", "next.holder-silent", 1000L);
        assertTrue(view.headline().what().text().contains("2.9"), view.headline().what()::text);
    }

    @Test
    void witness_lost() {
        ExplanationView view =
                Seen.serving("alpha")
                        .lost("witness", "SILENT")
                        .explain(
                                Map.of("NOT_REDUNDANT", 60_000L),
                                part(alphaServes()),
                                part(standby()));
        check(view, "not-redundant", "why.problem", "next.not-redundant", 1000L);
        assertEquals(List.of("NOT_REDUNDANT"), promotable(view, "beta").reasons());
        assertFalse(promotable(view, "beta").promotable());
    }

    @Test
    void membersThatDoNotVoteTakeNothingAwayAndAddNothing() {
        ExplanationView well =
                Seen.serving("alpha")
                        .others(2)
                        .explain(Map.of(), part(alphaServes()), part(standby()));
        assertEquals(List.of(), promotable(well, "beta").reasons());
        ExplanationView witnessLost =
                Seen.serving("alpha")
                        .others(2)
                        .lost("witness", "GONE")
                        .explain(Map.of(), part(alphaServes()), part(standby()));
        assertEquals(List.of("NOT_REDUNDANT"), promotable(witnessLost, "beta").reasons());
    }

    @Test
    void no_majority() {
        Pair beta = standby().contact(Contact.SILENT);
        beta.after(300, new Event.Wake(false)).after(50, new Event.LeaseUnknown("no answer"));
        ExplanationView view =
                Seen.nobody()
                        .from("beta")
                        .lost("alpha", "SILENT")
                        .lost("witness", "SILENT")
                        .explain(Map.of("LEASE_LOST", 10L), silent("alpha"), part(beta));
        check(view, "no-majority", "rule.L4", "next.no-majority", 10L);
        assertEquals("L4", rule(view, "NO_MAJORITY"));
    }

    @Test
    void stopped_on_purpose() {
        Pair beta = Pair.node(BETA, true, false).watching(null, entry(ALPHA, true, ALPHA, BETA));
        beta.contact(Contact.GONE);
        ExplanationView view =
                Seen.nobody()
                        .from("beta")
                        .lost("alpha", "GONE")
                        .parked()
                        .explain(Map.of("PARKED", 60L), silent("alpha"), part(beta));
        check(view, "stopped-on-purpose", "rule.R9", "advice.stopped-on-purpose", 60L);
        assertEquals("R9", rule(view, "PARKED"));
    }

    @Test
    void resync_running() {
        Pair beta = Pair.node(BETA, true, false).watching(ALPHA, entry(ALPHA, false, ALPHA));
        ExplanationView view =
                Seen.serving("alpha")
                        .lag("alpha", 4096)
                        .resyncing("beta", 45)
                        .explain(Map.of("UNPROTECTED", 9000L), part(alphaServes()), part(beta));
        check(view, "resync", "why.reason", "advice.standby-loading", 9000L);
        PromotableView promotable = promotable(view, "beta");
        assertEquals(List.of("NOT_IN_SYNC"), promotable.reasons());
        assertEquals(4096L, promotable.lossBytes());
        assertEquals(9000L, promotable.lossSinceMillis());
        assertEquals("R5", rule(view, "NOT_IN_SYNC"));
    }

    @Test
    void replication_lagging() {
        Pair beta = Pair.node(BETA, true, false).watching(ALPHA, entry(ALPHA, false, ALPHA));
        ExplanationView view =
                Seen.serving("alpha").explain(NO_AGES, part(alphaServes()), part(beta));
        check(view, "not-in-sync", "stop.NO_STREAM", "advice.standby-loading", null);
        assertEquals("R8", rule(view, "NO_STREAM"));
    }

    @Test
    void of_more_than_three_members_the_voters_are_told_apart() {
        ExplanationView three = Seen.serving("alpha").explain(NO_AGES, part(alphaServes()));
        assertEquals("3 of 3 members vote.", three.facts().get(0).text());
        ExplanationView five =
                Seen.serving("alpha").others(2).explain(NO_AGES, part(alphaServes()));
        assertEquals("3 of 3 voters vote; the cluster has 5 members.", five.facts().get(0).text());
    }

    @Test
    void service_stopped() {
        ExplanationView view =
                Seen.serving("alpha")
                        .stoppedByHand("alpha")
                        .explain(
                                Map.of("OPERATOR_REQUEST:stop", 4_000L, "OPERATOR_REQUEST", 1_000L),
                                part(alphaServes()),
                                part(standby()));
        check(view, "service-stopped", "why.service-stopped", "next.service-stopped", 4_000L);
        assertTrue(view.headline().next().text().contains("service start nms web"));
        ExplanationView onTheStandby =
                Seen.serving("alpha")
                        .stoppedByHand("beta")
                        .explain(NO_AGES, part(alphaServes()), part(standby()));
        assertEquals("normal", onTheStandby.headline().situation());
    }

    @Test
    void failed_mode() {
        Pair alpha = alphaServes().failing("exit status 1").stepFails(Step.SERVICES_START, "no");
        ExplanationView view =
                Seen.serving("alpha")
                        .lost("beta", "GONE")
                        .explain(Map.of("SERVICE_FAILED", 3L), part(alpha), silent("beta"));
        check(view, "failed-mode", "fact.service", "advice.failed", 3L);
        assertTrue(view.headline().why().text().contains("exit status 1"));
    }

    @Test
    void volume_full_on_the_active_while_the_standby_is_not_in_sync() {
        Pair alpha = alphaServes().failing("/data: no space left on device");
        Pair beta = Pair.node(BETA, true, false).watching(ALPHA, entry(ALPHA, false, ALPHA));
        ExplanationView view = Seen.serving("alpha").explain(NO_AGES, part(alpha), part(beta));
        check(view, "degraded", "fact.service", "next.degraded", null);
        assertTrue(view.headline().why().text().contains("no space left"));
    }

    @Test
    void volume_failing_on_the_standby() {
        Pair beta = standby().failing("/data: fsync hangs");
        ExplanationView view =
                Seen.serving("alpha")
                        .failing("beta", "/data: fsync hangs")
                        .explain(NO_AGES, part(alphaServes()), part(beta));
        check(view, "standby-unable", "fact.service", "advice.standby-unable", null);
        assertTrue(view.headline().why().text().contains("fsync hangs"));
    }

    @Test
    void waits_for_fallback() {
        Pair alpha = Pair.node(ALPHA, true, false).watching(BETA, entry(BETA, false, ALPHA, BETA));
        ExplanationView view =
                Seen.serving("beta")
                        .explain(
                                Map.of("FAILOVER_ACTIVE", 8L),
                                part(alpha),
                                part(betaServes().contact(Contact.HEARD)));
        check(view, "waits-for-fallback", "why.reason", "advice.failed-over", 8L);
        assertEquals("FALLBACK_MANUAL", rule(view, "FALLBACK_MANUAL"));
    }

    @Test
    void goes_home_by_itself_soon() {
        Pair beta =
                Pair.node(BETA, true, true, Settings.Data.NONE)
                        .serving(entry(BETA, false, ALPHA, BETA))
                        .contact(Contact.HEARD)
                        .after(1, new Event.PeerReport(Phase.STANDBY, true, false))
                        .after(500, new Event.Wake(false));
        Pair alpha = Pair.node(ALPHA, true, true).watching(BETA, entry(BETA, false, ALPHA, BETA));
        ExplanationView view = Seen.serving("beta").explain(NO_AGES, part(alpha), part(beta));
        check(view, "fallback-soon", "rule.FALLBACK_HEALTHY", "next.wait", null);
        assertTrue(view.headline().what().text().contains("59.5 s"));
    }

    @Test
    void waits_for_an_operator() {
        Pair beta =
                Pair.node(BETA, false, false)
                        .watching(ALPHA, entry(ALPHA, false, ALPHA, BETA))
                        .contact(Contact.SILENT);
        ExplanationView view =
                Seen.nobody()
                        .from("beta")
                        .lost("alpha", "SILENT")
                        .explain(NO_AGES, silent("alpha"), part(beta));
        check(view, "waits-for-operator", "rule.FAILOVER_MANUAL", "next.waits-for-operator", 1000L);
    }

    @Test
    void held_for_maintenance() {
        Pair beta = standby();
        Moment until = beta.now().plus(Duration.ofHours(1));
        beta.after(1, new Event.Hold(Optional.of(new Event.HoldTime(until, until))));
        ExplanationView view =
                Seen.serving("alpha")
                        .heldBy("ann", "new disk")
                        .explain(Map.of("HELD", 5L), part(alphaServes()), part(beta));
        check(view, "held", "why.held", "next.held", 5L);
        assertEquals("ann says: new disk", view.headline().why().text());
        assertEquals("R16", rule(view, "HELD"));
        assertEquals(List.of("HELD"), promotable(view, "beta").reasons());
    }

    @Test
    void only_a_stale_copy_is_left() {
        Pair beta =
                Pair.node(BETA, true, false)
                        .watching(ALPHA, entry(ALPHA, false, ALPHA))
                        .contact(Contact.GONE);
        ExplanationView view =
                Seen.nobody()
                        .from("beta")
                        .lost("alpha", "GONE")
                        .explain(Map.of("UNPROTECTED", 90L), silent("alpha"), part(beta));
        check(view, "stale-copy", "rule.R5", "next.stale-copy", 90L);
        assertFalse(promotable(view, "beta").lossless());
    }

    @Test
    void version_skew() {
        ExplanationView view =
                Seen.serving("alpha")
                        .witnessRuns("0.9")
                        .explain(NO_AGES, part(alphaServes()), part(standby()));
        check(view, "version-skew", "why.versions", "next.version-skew", null);
        assertEquals("Versions: 0.9 (witness), 1.0 (alpha + beta).", view.headline().why().text());
    }

    @Test
    void a_node_that_just_started_watches_first() {
        Pair beta = Pair.node(BETA, true, false);
        LeaseRecord free = new LeaseRecord(Optional.empty(), new Epoch(2), 1);
        beta.after(0, new Event.Start()).after(10, new Event.LeaseRead(Optional.of(free)));
        ExplanationView view =
                Seen.nobody().from("beta").explain(NO_AGES, silent("alpha"), part(beta));
        assertEquals("R4", rule(view, "WATCHING"));
        assertEquals("R6", rule(view, "LEDGER_UNKNOWN"));
    }

    @Test
    void every_row_and_rule_has_its_texts_and_the_runbook_has_every_row() throws IOException {
        Messages english = Messages.in(Locale.ENGLISH);
        String runbook = Files.readString(Path.of("..", "docs", "runbook.md"));
        for (Headlines.Row row : Headlines.rows()) {
            assertTrue(english.has("what." + row.name()), row::name);
            assertTrue(english.has(row.next()), row::next);
            assertTrue(runbook.contains("`" + row.name() + "`"), "runbook: " + row.name());
        }
        for (String rule : Stops.RULES.values()) {
            assertTrue(english.has("rule." + rule), rule);
        }
        Matcher rule =
                Pattern.compile("/\\*\\*\\s+\\**\\s*(R[0-9]+)\\.").matcher(Files.readString(RULES));
        int rules = 0;
        while (rule.find()) {
            rules++;
            assertTrue(english.has("rule." + rule.group(1)), rule::group);
            assertTrue(runbook.contains("| " + rule.group(1) + " |"), rule::group);
        }
        assertTrue(rules >= 16, rules + " rules");
    }
}
