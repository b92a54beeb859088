package io.understudy.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.core.time.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** Beats come every 100 ms by both paths; a silence is 800 ms. */
class PathWatchTest {

    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration SILENCE = Duration.ofMillis(800);

    private Moment now = new Moment(0);
    private final PathWatch watch = new PathWatch(SILENCE, now);
    private final List<String> told = new ArrayList<>();
    private final Map<Path, PathState> last = new EnumMap<>(Path.class);
    private int doubts;

    private void beats(int count, boolean main, boolean direct) {
        beats(count, i -> main, i -> direct);
    }

    private void beats(int count, IntPredicate main, IntPredicate direct) {
        for (int i = 0; i < count; i++) {
            now = now.plus(INTERVAL);
            if (main.test(i)) {
                watch.beat(Path.MAIN, true, now);
            }
            if (direct.test(i)) {
                watch.beat(Path.DIRECT, true, now);
            }
            look();
        }
    }

    private void look() {
        for (Path path : watch.look(now)) {
            PathState state = watch.state(path);
            doubts += state == PathState.DOUBTED ? 1 : 0;
            if (state != PathState.DOUBTED && !state.equals(last.put(path, state))) {
                told.add(path + " " + state);
            }
        }
    }

    private void up() {
        beats(3, true, true);
        assertEquals(List.of("MAIN UP", "DIRECT UP"), told);
        told.clear();
    }

    @Test
    void eachPathIsLostAndReturnsAlone() {
        up();
        beats(8, true, false);
        assertEquals(List.of(), told);
        Moment since = now.plus(INTERVAL);
        beats(1, true, false);
        assertEquals(List.of("DIRECT LOST"), told);
        assertEquals(since, watch.since(Path.DIRECT));
        assertEquals(PathState.UP, watch.state(Path.MAIN));
        beats(100, true, false);
        assertEquals(1, told.size());
        beats(30, true, true);
        assertEquals(1, told.size());
        beats(1, true, true);
        assertEquals(List.of("DIRECT LOST", "DIRECT UP"), told);
        beats(9, false, true);
        assertEquals(List.of("DIRECT LOST", "DIRECT UP", "MAIN LOST"), told);
        beats(31, true, true);
        assertEquals(4, told.size());
    }

    @Test
    void aPeerThatEndsIsNoPathThatIsLost() {
        for (int some = 0; some < PathWatch.LOST_BEATS; some++) {
            up();
            // Its last beats may have come by one path only.
            beats(some, true, false);
            beats(20, false, false);
            watch.silent(now);
            last.clear();
            assertEquals(List.of(), told);
            assertEquals(PathState.UNKNOWN, watch.state(Path.MAIN));
            assertEquals(PathState.UNKNOWN, watch.state(Path.DIRECT));
        }
    }

    @Test
    void aPathThatNeverCarriedIsLostAfterTheGrace() {
        int grace = (int) PathWatch.GRACE.dividedBy(INTERVAL);
        beats(grace + 1, true, false);
        assertEquals(List.of("MAIN UP"), told);
        beats(1, true, false);
        assertEquals(List.of("MAIN UP", "DIRECT LOST"), told);
    }

    @Test
    void aPathIsDoubtedBeforeItIsLostAndNoLongerWithTheNextBeat() {
        up();
        beats(4, true, false);
        assertEquals(PathState.UP, watch.state(Path.DIRECT));
        beats(1, true, false);
        assertEquals(PathState.DOUBTED, watch.state(Path.DIRECT));
        beats(1, true, true);
        assertEquals(PathState.UP, watch.state(Path.DIRECT));
        beats(20, true, false);
        assertEquals(2, doubts);
        assertEquals(List.of("DIRECT LOST"), told);
    }

    @Test
    void aPathThatCarriesOneWayIsLost() {
        up();
        for (int i = 0; i < 9; i++) {
            now = now.plus(INTERVAL);
            watch.beat(Path.MAIN, true, now);
            watch.beat(Path.DIRECT, false, now);
            look();
        }
        assertEquals(List.of("DIRECT LOST"), told);
    }

    @Test
    void aLoosePlugIsOneLossOnly() {
        up();
        beats(20, true, false);
        // Carries for two seconds, breaks for one, and so on.
        beats(300, i -> true, i -> i % 30 < 20);
        assertEquals(List.of("DIRECT LOST"), told);
    }

    @Test
    void aFifthOfRandomLossLosesNoPath() {
        up();
        Random random = new Random(7);
        beats(600, i -> random.nextInt(5) > 0, i -> random.nextInt(5) > 0);
        assertEquals(List.of(), told);
    }

    @Test
    void aLossOutlastsThePeersRestartAndEndsWithItsReturn() {
        up();
        beats(20, true, false);
        watch.silent(now);
        last.remove(Path.MAIN);
        assertEquals(PathState.LOST, watch.state(Path.DIRECT));
        beats(40, true, true);
        assertEquals(List.of("DIRECT LOST", "MAIN UP", "DIRECT UP"), told);
    }

    @Test
    void whatDidNotComeDuringAPauseOfOursSaysNothing() {
        up();
        now = now.plus(Duration.ofSeconds(20));
        watch.paused(now);
        beats(8, true, false);
        assertEquals(List.of(), told);
        beats(1, true, false);
        assertEquals(List.of("DIRECT LOST"), told);
    }

    @Test
    void anotherAddressIsAnotherPath() {
        up();
        beats(20, true, false);
        watch.replaced(Path.DIRECT, now);
        assertEquals(PathState.UNKNOWN, watch.state(Path.DIRECT));
        beats(1, true, true);
        assertEquals(List.of("DIRECT LOST", "DIRECT UP"), told);
    }
}
