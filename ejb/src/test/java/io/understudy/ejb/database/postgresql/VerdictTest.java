package io.understudy.ejb.database.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final long SYSTEM = 7710144245253603870L;

    private static LogPosition at(String position) {
        return LogPosition.parse(position);
    }

    private static ControlFile crashed(int timeline, String floor) {
        return new ControlFile(SYSTEM, 6, at(floor), timeline, at(floor));
    }

    private static ControlFile stopped(int timeline, String checkpoint) {
        return new ControlFile(SYSTEM, 1, at(checkpoint), timeline, at(checkpoint));
    }

    private static UpstreamState primary(int timeline, String flushed, String history) {
        return new UpstreamState(
                SYSTEM, true, timeline, at(flushed), TimelineHistory.parse(history), 1);
    }

    private static Verdict.Kind judge(ControlFile copy, String history, UpstreamState primary) {
        return Verdict.of(copy, TimelineHistory.parse(history), primary).kind();
    }

    @Test
    void aCopyBeforeTheForkFollows() {
        UpstreamState primary = primary(2, "0/5000000", "1\t0/3000168\tno recovery target\n");
        assertEquals(Verdict.Kind.FOLLOWS, judge(crashed(1, "0/3000168"), "", primary));
        assertEquals(Verdict.Kind.DIVERGED, judge(crashed(1, "0/3000170"), "", primary));
    }

    @Test
    void aPrimaryStoppedInOrderFollowsIfItsLastRecordArrived() {
        // The shutdown checkpoint at E8 ends at 160: 114 bytes, rounded up to 120.
        UpstreamState arrived = primary(2, "0/5000000", "1\t0/3000160\tno recovery target\n");
        UpstreamState missed = primary(2, "0/5000000", "1\t0/30000E8\tno recovery target\n");
        assertEquals(Verdict.Kind.FOLLOWS, judge(stopped(1, "0/30000E8"), "", arrived));
        assertEquals(Verdict.Kind.DIVERGED, judge(stopped(1, "0/30000E8"), "", missed));
    }

    @Test
    void anotherTimelineOfTheSameNumberIsSeen() {
        UpstreamState primary = primary(3, "0/9000000", "1\t0/3000000\tx\n2\t0/5000000\tx\n");
        assertEquals(
                Verdict.Kind.FOLLOWS, judge(crashed(2, "0/4000000"), "1\t0/3000000\tx\n", primary));
        assertEquals(
                Verdict.Kind.DIVERGED,
                judge(crashed(2, "0/4000000"), "1\t0/2000000\tx\n", primary));
        assertEquals(
                Verdict.Kind.DIVERGED,
                judge(crashed(4, "0/4000000"), "1\t0/3000000\tx\n", primary));
    }

    @Test
    void anotherDatabaseIsSeen() {
        UpstreamState other =
                new UpstreamState(1, true, 1, at("0/9000000"), TimelineHistory.NONE, 1);
        assertEquals(Verdict.Kind.DIVERGED, judge(crashed(1, "0/1"), "", other));
    }

    @Test
    void aCopyAheadOnTheSameTimelineHasDiverged() {
        assertEquals(
                Verdict.Kind.DIVERGED,
                judge(crashed(1, "0/4000000"), "", primary(1, "0/3000000", "")));
    }

    @Test
    void aCheckpointMayCrossAPage() {
        assertEquals(at("0/30000E0"), at("0/3000068").afterCheckpoint());
        // 8 bytes left in the page: the page's header of 24 bytes comes in between.
        assertEquals(at("0/3004088"), at("0/3003FF8").afterCheckpoint());
        // The first page of a segment has a header of 40 bytes.
        assertEquals(at("0/4000098"), at("0/3FFFFF8").afterCheckpoint());
    }

    @Test
    void positionsAreUnsigned() {
        assertTrue(at("FFFFFFFF/0").isAfter(at("1/FF")));
        assertEquals("FFFFFFFF/1A", at("FFFFFFFF/1A").toString());
        assertEquals(5, at("0/5000028").segment());
        assertThrows(IllegalArgumentException.class, () -> at("nonsense"));
    }

    @Test
    void verifiersAreSalted() {
        String one = ScramVerifier.of("secret");
        assertTrue(one.matches("SCRAM-SHA-256\\$4096:[^$]{24}\\$[^:]{44}:.{44}"), one);
        assertTrue(!one.equals(ScramVerifier.of("secret")));
    }

    @Test
    void historiesContinue() {
        TimelineHistory newer = new TimelineHistory(Map.of(1, at("0/1"), 2, at("0/2")));
        assertTrue(newer.continues(new TimelineHistory(Map.of(1, at("0/1")))));
        assertTrue(!newer.continues(new TimelineHistory(Map.of(1, at("0/3")))));
    }
}
