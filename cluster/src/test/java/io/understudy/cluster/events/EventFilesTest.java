package io.understudy.cluster.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.core.view.EventView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFilesTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int KEEP_DAYS = 30;
    private static final int SPAN_DAYS = 3;

    @TempDir Path directory;
    private EventFiles files;
    private long number;

    @BeforeEach
    void open() throws IOException {
        files = open(BEGIN.plus(Duration.ofDays(1000)));
    }

    private EventFiles open(Instant now) throws IOException {
        return new EventFiles(
                directory,
                new EventFiles.Limits(1024 * 1024, 40, Duration.ofDays(KEEP_DAYS)),
                Clock.fixed(now, ZoneOffset.UTC),
                alarm -> {
                    throw new AssertionError(alarm);
                });
    }

    private static EventView event(long number, long day) {
        return at(number, BEGIN.plus(Duration.ofDays(day)).toString());
    }

    private static EventView at(long number, String time) {
        return new EventView(number, time, "alpha", null, "INFO", "X", Map.of(), "x");
    }

    private void days(long from, long to) throws IOException {
        for (long day = from; day <= to; day++) {
            files.append(List.of(event(++number, day)));
        }
    }

    private List<Long> kept() {
        return files.after(0, 10_000).stream().map(EventView::number).toList();
    }

    @Test
    void keepsWhatIsYoungerAndDropsWhatIsOlder() throws IOException {
        days(1, 400);
        assertEquals(400, files.last());
        assertTrue(files.first() <= 400 - KEEP_DAYS, () -> "too few are kept: " + kept());
        assertTrue(
                files.first() >= 400 - KEEP_DAYS - SPAN_DAYS - 1,
                () -> "too many are kept: " + kept());
        assertEquals(
                LongStream.rangeClosed(files.first(), 400).boxed().toList(),
                kept(),
                "without a hole, and nothing from before the first file");
        assertEquals(kept().size(), files.latest(2_000).size());
    }

    @Test
    void keepsTheSameAfterItWasOpenedAgain() throws IOException {
        days(1, 100);
        List<Long> before = kept();
        files = open(BEGIN.plus(Duration.ofDays(1000)));
        assertEquals(before, kept());
        assertEquals(100, files.last());
        days(101, 200);
        assertTrue(files.first() >= 200 - KEEP_DAYS - SPAN_DAYS - 1, () -> "" + kept());
        assertTrue(files.first() <= 200 - KEEP_DAYS, () -> "" + kept());
    }

    @Test
    void neverDropsTheNewestFileHoweverOld() throws IOException {
        days(1, 2);
        files = open(BEGIN.plus(Duration.ofDays(3_000)));
        files.append(List.of(event(3, 2_999)));
        assertEquals(List.of(1L, 2L, 3L), kept(), "the newest file went on for its first write");
        files.append(List.of(event(4, 3_000)));
        assertEquals(4, files.last());
        assertTrue(kept().contains(4L));
    }

    @Test
    void dropsNothingByAClockThatJumpedAhead() throws IOException {
        files = open(BEGIN.plus(Duration.ofDays(30_000)));
        days(1, 20);
        assertEquals(20, kept().size());
    }

    @Test
    void dropsNothingByAnEventFromTheFuture() throws IOException {
        files = open(BEGIN.plus(Duration.ofDays(20)));
        days(1, 19);
        files.append(List.of(event(20, 30_000)));
        files.append(List.of(event(21, 20)));
        assertEquals(21, kept().size());
    }

    @Test
    void keepsEventsWhoseTimeCannotBeRead() throws IOException {
        files.append(List.of(at(1, "noon")));
        files.append(List.of(at(2, null)));
        files.append(List.of(event(3, 1)));
        assertEquals(List.of(1L, 2L, 3L), kept());
    }

    @Test
    void takesTheOldestOfALongHistoryAndDropsItOnceTheRestHasCome() throws IOException {
        // A late joiner fetches pages that are months long.
        for (int page = 0; page < 10; page++) {
            List<EventView> events =
                    LongStream.rangeClosed(page * 50L + 1, page * 50L + 50)
                            .mapToObj(n -> event(n, n))
                            .toList();
            files.append(events);
        }
        assertEquals(500, files.last());
        assertTrue(files.first() <= 500 - KEEP_DAYS, () -> "" + kept());
        assertTrue(files.first() > 400, () -> "" + kept());
        assertThrows(IllegalStateException.class, () -> files.append(List.of(event(500, 500))));
    }
}
