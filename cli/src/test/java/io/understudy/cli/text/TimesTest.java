package io.understudy.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    private static final ZonedDateTime NOW =
            ZonedDateTime.parse("2026-11-20T10:15:30+09:00[Asia/Tokyo]");

    @ParameterizedTest
    @CsvSource({
        "30m, 2026-11-20T09:45:30+09:00",
        "2h, 2026-11-20T08:15:30+09:00",
        "3d, 2026-11-17T10:15:30+09:00",
        "8:30, 2026-11-20T08:30+09:00",
        "08:30:05, 2026-11-20T08:30:05+09:00",
        "2026-11-19, 2026-11-19T00:00+09:00",
        "2026-11-19T08:30, 2026-11-19T08:30+09:00",
        "2026-11-19 08:30, 2026-11-19T08:30+09:00",
        "2026-11-19T08:30:00Z, 2026-11-19T08:30Z",
        "2026-11-19T08:30:00.5-05:00, 2026-11-19T08:30:00.500-05:00"
    })
    void readsWhatPeopleWrite(String text, String moment) {
        assertEquals(moment, Times.parse(text, NOW).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "25:00", "2026-13-01", "3w", "-1h"})
    void refusesTheRest(String text) {
        assertThrows(IllegalArgumentException.class, () -> Times.parse(text, NOW));
    }

    @Test
    void aDayOfTheWinterHasTheWintersOffset() {
        ZonedDateTime summer = ZonedDateTime.parse("2026-07-01T12:00:00+02:00[Europe/Berlin]");
        assertEquals("2026-01-05T00:00+01:00", Times.parse("2026-01-05", summer).toString());
    }
}
