package io.understudy.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ColumnsTest {

    @Test
    void eastAsianCharactersTakeTwoCells() {
        assertEquals(5, Columns.width("alpha"));
        assertEquals(4, Columns.width("正常"));
        assertEquals(4, Columns.width("대기"));
        assertEquals("正常  ", Columns.fit("正常", 6));
        assertEquals("  正常", Columns.right("正常", 6));
        assertEquals("正~ ", Columns.fit("正常です", 4));
        assertEquals("正常~", Columns.cut("正常です", 5));
    }

    @Test
    void durations() {
        assertEquals(Duration.ofMillis(500), Durations.parse("500ms"));
        assertEquals(Duration.ofHours(2), Durations.parse("2h"));
        assertEquals("999 ms", Durations.show(999));
        assertEquals("1.8 s", Durations.show(1830));
        assertEquals("1 min 5 s", Durations.show(65_000));
        assertEquals("2 h 1 min", Durations.show(7_265_000));
        for (String wrong : new String[] {"", "5", "s", "-5s", "5 s", "1d", "9999999999s"}) {
            assertThrows(IllegalArgumentException.class, () -> Durations.parse(wrong), wrong);
        }
    }
}
