package io.understudy.core.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.address.Arrival.Act;
import io.understudy.core.address.Confirmation.Seen;
import io.understudy.core.address.Confirmation.Verdict;
import io.understudy.core.node.NodeName;
import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArrivalTest {

    private static final String OURS = "02:00:00:00:00:01";
    private static final String THEIRS = "02:00:00:00:00:02";

    private static Seen says(String who, String mac) {
        return new Seen(NodeName.of(who), Optional.ofNullable(mac), Optional.empty());
    }

    private static Seen cannot(String who, String why) {
        return new Seen(NodeName.of(who), Optional.empty(), Optional.of(why));
    }

    private static Confirmation judged(Seen... seen) {
        return Confirmation.of(OURS, List.of(seen));
    }

    @Test
    void oneThatReachesItConfirms() {
        Confirmation one = judged(cannot("beta", "is silent"), says("witness", OURS));
        assertEquals(Verdict.CONFIRMED, one.verdict());
        assertEquals(Optional.of(NodeName.of("witness")), one.by());
        assertEquals(
                Verdict.CONFIRMED, judged(says("beta", null), says("witness", OURS)).verdict());
    }

    @Test
    void oneThatReachesAnotherOutweighsAll() {
        Confirmation one = judged(says("beta", OURS), says("witness", THEIRS));
        assertEquals(Verdict.ELSEWHERE, one.verdict());
        assertEquals(Optional.of(THEIRS), one.mac());
        assertEquals(Optional.of(NodeName.of("witness")), one.by());
    }

    @Test
    void whoCannotSayIsNotTakenForWhoHearsNothing() {
        assertEquals(
                Verdict.UNHEARD,
                judged(cannot("beta", "is silent"), says("witness", null)).verdict());
        Confirmation none = judged(cannot("beta", "is silent"), cannot("witness", "elsewhere"));
        assertEquals(Verdict.UNKNOWN, none.verdict());
        assertEquals("beta: is silent; witness: elsewhere", none.why());
        assertEquals(Verdict.UNKNOWN, judged().verdict());
    }

    /** Asks as often as told for {@code whole}, with the same finding; returns what was done. */
    private static List<Act> acts(Confirmation finding, Duration whole) {
        Arrival arrival = Arrival.at(new Moment(0));
        List<Act> all = new ArrayList<>();
        Moment now = new Moment(1_000_000);
        while (now.isBefore(new Moment(0).plus(whole))) {
            Arrival.Outcome outcome = arrival.found(finding, now);
            all.addAll(outcome.acts());
            arrival = outcome.arrival();
            assertTrue(outcome.next().compareTo(Duration.ZERO) > 0);
            now = now.plus(outcome.next());
        }
        return all;
    }

    @Test
    void isToldOnceAndAskedAboutCalmlyFromThenOn() {
        assertEquals(
                List.of(Act.TELL_CONFIRMED),
                acts(judged(says("witness", OURS)), Duration.ofMinutes(1)));
        Arrival.Outcome outcome =
                Arrival.at(new Moment(0)).found(judged(says("witness", OURS)), new Moment(7));
        assertEquals(Duration.ofSeconds(10), outcome.next());
        assertEquals(Optional.of(new Moment(7)), outcome.arrival().confirmed());
    }

    @Test
    void isAnnouncedAgainAsLongAsItIsElsewhereAndAnAlarmOnceItStays() {
        for (Confirmation bad :
                List.of(judged(says("witness", THEIRS)), judged(says("witness", null)))) {
            assertFalse(acts(bad, Duration.ofMillis(2_900)).contains(Act.ALARM));
            List<Act> all = acts(bad, Duration.ofSeconds(30));
            assertEquals(1, all.stream().filter(a -> a == Act.ALARM).count());
            assertTrue(all.stream().filter(a -> a == Act.ANNOUNCE).count() > 20);
        }
    }

    @Test
    void nobodyToAskIsNoAlarm() {
        assertEquals(List.of(), acts(judged(), Duration.ofMinutes(1)));
    }

    @Test
    void aLossLaterOnIsNoticedAndItsEndIsTold() {
        Confirmation good = judged(says("witness", OURS));
        Confirmation bad = judged(says("witness", THEIRS));
        Moment start = new Moment(0);
        Arrival arrival = Arrival.at(start).found(good, start).arrival();
        arrival = arrival.found(bad, start.plus(Duration.ofSeconds(60))).arrival();
        Arrival.Outcome later = arrival.found(bad, start.plus(Duration.ofSeconds(63)));
        assertEquals(Set.of(Act.ANNOUNCE, Act.ALARM), later.acts());
        Arrival.Outcome mended = later.arrival().found(good, start.plus(Duration.ofSeconds(64)));
        assertEquals(Set.of(Act.TELL_MENDED), mended.acts());
        assertEquals(Optional.empty(), mended.arrival().badSince());
        assertEquals(Optional.of(start), mended.arrival().confirmed());
    }
}
