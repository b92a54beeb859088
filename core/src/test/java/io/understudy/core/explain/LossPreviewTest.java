package io.understudy.core.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.explain.LossPreview.Loss;
import io.understudy.core.explain.LossPreview.Outcome;
import io.understudy.core.text.Messages;
import io.understudy.core.timing.Timers;
import io.understudy.core.view.ClusterView;
import io.understudy.core.view.ExplanationView.Sentence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What one more loss would do, over every combination of members that are here. */
class LossPreviewTest {

    private static final List<String> ALL = List.of("alpha", "beta", "witness");

    private String active = "alpha";
    private String standby = "beta";
    private List<String> reasons = List.of();
    private String failover = "AUTOMATIC";
    private String withoutStandby;
    private String policy = "STOP";
    private List<String> inSync = List.of("alpha", "beta");
    private List<String> gone = List.of();

    private ClusterView.Instance instance() {
        List<ClusterView.Database> databases =
                withoutStandby == null
                        ? List.of()
                        : List.of(
                                new ClusterView.Database(
                                        "db",
                                        "postgresql",
                                        active,
                                        "PRIMARY",
                                        "SYNCHRONOUS",
                                        true,
                                        null,
                                        null,
                                        null,
                                        "",
                                        null));
        return new ClusterView.Instance(
                "nms",
                "alpha",
                standby == null ? "alpha" : "beta",
                "alpha",
                active,
                active,
                2,
                false,
                null,
                null,
                "NORMAL",
                false,
                null,
                databases.isEmpty() ? "NONE" : "SYNCHRONOUS",
                inSync,
                standby,
                reasons.isEmpty(),
                reasons,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                databases,
                new ClusterView.Takeover(700, 3_500, true, null),
                null,
                withoutStandby,
                List.of(),
                null);
    }

    private ClusterView.Group group() {
        return new ClusterView.Group(
                "campus",
                "",
                "ACTIVE_STANDBY",
                failover,
                "MANUAL",
                policy,
                List.of("alpha", "beta"),
                List.of(),
                List.of(instance()),
                Timers.FAST.byKey());
    }

    private ClusterView view() {
        List<ClusterView.Member> members = new ArrayList<>();
        for (String name : ALL) {
            boolean lost = gone.contains(name);
            members.add(
                    new ClusterView.Member(
                            name,
                            name.equals("witness") ? "WITNESS" : "PRIMARY",
                            "10.0.0.1",
                            lost ? "SILENT" : name.equals("alpha") ? "SELF" : "HEARD",
                            null,
                            null,
                            null,
                            !lost,
                            "1.0",
                            true,
                            false));
        }
        return new ClusterView(
                "c", "alpha", "1.0", "", "1.1", gone.isEmpty(), null, members, List.of(group()));
    }

    private Outcome after(String lost) {
        return LossPreview.losses(view(), group(), instance()).stream()
                .filter(l -> l.lost().equals(lost))
                .map(Loss::outcome)
                .findFirst()
                .orElse(null);
    }

    @Test
    void whereAllAreHereAnyOneMayGo() {
        assertEquals(Outcome.STAYS, after("witness"));
        assertEquals(Outcome.STAYS, after("beta"));
        assertEquals(Outcome.TAKEN_OVER, after("alpha"));
        List<Sentence> said = LossPreview.sentences(view(), group(), instance());
        assertEquals("If witness goes now, alpha stays active.", said.get(2).text());
        assertEquals(
                "If alpha goes now, beta takes over, after 3.5 s at the latest.",
                said.get(0).text());
        assertEquals("preview.SECOND", said.get(3).key());
    }

    @Test
    void withoutTheWitnessTheNextLossStopsService() {
        gone = List.of("witness");
        reasons = List.of("NOT_REDUNDANT");
        assertEquals(Outcome.STOPS, after("beta"));
        assertEquals(Outcome.NO_MAJORITY, after("alpha"));
        List<Sentence> said = LossPreview.sentences(view(), group(), instance());
        assertEquals(2, said.size(), "nothing of a second loss: " + said);
        assertEquals(
                "If beta goes now, no majority is left and alpha stops serving within 2s.",
                said.get(1).text());
    }

    @Test
    void withoutTheStandbyTheWitnessDecides() {
        gone = List.of("beta");
        reasons = List.of("NOT_REDUNDANT", "PEER_NOT_HEARD");
        assertEquals(Outcome.STOPS, after("witness"));
        assertEquals(Outcome.NO_MAJORITY, after("alpha"));
    }

    @Test
    void theDatabaseSaysWhatTheLossOfItsCopyMeans() {
        withoutStandby = "CONTINUE";
        assertEquals(Outcome.STAYS_ALONE, after("beta"));
        assertEquals(Outcome.STAYS, after("witness"));
        withoutStandby = "WAIT";
        assertEquals(Outcome.STAYS_WAITING, after("beta"));
    }

    @Test
    void theStandbysOwnHindrancesCount() {
        reasons = List.of("NOT_IN_SYNC");
        assertEquals(Outcome.NOBODY_READY, after("alpha"));
        reasons = List.of("PEER_NOT_HEARD");
        assertEquals(Outcome.NOBODY_SEEN, after("alpha"));
        reasons = List.of("MANUAL");
        assertEquals(Outcome.OPERATOR, after("alpha"));
        reasons = List.of();
        failover = "MANUAL";
        assertEquals(Outcome.OPERATOR, after("alpha"));
        standby = null;
        assertEquals(Outcome.NOBODY_ELSE, after("alpha"));
    }

    @Test
    void whoMayGoOnDoesOnceOnlyItIsOnRecord() {
        policy = "CONTINUE";
        List<Sentence> all = LossPreview.sentences(view(), group(), instance());
        assertEquals("preview.SECOND_GOES_ON", all.get(3).key());
        gone = List.of("witness");
        reasons = List.of("NOT_REDUNDANT");
        assertEquals(Outcome.STOPS, after("beta"), "before it is on record");
        inSync = List.of("alpha");
        reasons = List.of("NOT_REDUNDANT", "PINNED");
        assertEquals(Outcome.GOES_ON, after("beta"));
        assertEquals(Outcome.NO_MAJORITY, after("alpha"));
        assertEquals(
                "If beta goes now, no majority is left, and alpha goes on alone, as by the record"
                        + " only it may.",
                LossPreview.sentences(view(), group(), instance()).get(1).text());
        gone = List.of();
        reasons = List.of("PINNED");
        assertEquals(Outcome.PINNED, after("alpha"));
        policy = "STOP";
        gone = List.of("witness");
        assertEquals(Outcome.STOPS, after("beta"));
    }

    @Test
    void whereNobodyServesThereIsNothingToLose() {
        active = null;
        assertTrue(LossPreview.losses(view(), group(), instance()).isEmpty());
    }

    @Test
    void theViewHasItOnlyWhereOneMoreLossMatters() {
        ClusterView whole = view();
        assertSame(whole, LossPreview.shownIn(whole));
        gone = List.of("witness");
        ClusterView shown = LossPreview.shownIn(view());
        assertEquals(2, shown.groups().get(0).instances().get(0).preview().size());
    }

    @Test
    void everyOutcomeIsSaid() {
        Messages english = Messages.in(Locale.ENGLISH);
        Arrays.stream(Outcome.values())
                .forEach(o -> assertTrue(english.has("preview." + o), o::name));
    }
}
