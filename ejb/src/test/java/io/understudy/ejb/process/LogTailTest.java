package io.understudy.ejb.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    @TempDir Path directory;
    private Path log;

    @BeforeEach
    void name() {
        log = directory.resolve("web.log");
    }

    @Test
    void givesTheLastLinesAndWhatComesAfter() throws Exception {
        Files.writeString(log, "one\ntwo\nthree\nhal");
        LogTail last = LogTail.last(log, 2);
        assertEquals("two\nthree\n", last.text());
        assertEquals("", LogTail.since(log, last.next()).text());
        Files.writeString(log, "f\n", StandardOpenOption.APPEND);
        LogTail more = LogTail.since(log, last.next());
        assertEquals("half\n", more.text());
        assertEquals(Files.size(log), more.next());
    }

    @Test
    void givesAllWhereThereAreFewer() throws Exception {
        Files.writeString(log, "one\ntwo\n");
        assertEquals("one\ntwo\n", LogTail.last(log, 50).text());
        assertEquals("", LogTail.last(directory.resolve("none"), 5).text());
        Files.writeString(log, "");
        assertEquals(new LogTail("", 0), LogTail.last(log, 5));
    }

    @Test
    void neverReadsMoreThanItsBound() throws Exception {
        Files.writeString(log, "0123456789abcde\n".repeat(20_000));
        LogTail last = LogTail.last(log, 1000);
        assertEquals(16_000, last.text().length());
        LogTail first = LogTail.since(log, 0);
        assertTrue(first.text().length() <= LogTail.MOST_BYTES);
        Files.writeString(log, "x".repeat(200_000));
        assertEquals(LogTail.MOST_BYTES, LogTail.since(log, 0).text().length());
    }

    @Test
    void beginsAnewAfterARotation() throws Exception {
        Files.writeString(log, "new\n");
        assertEquals("new\n", LogTail.since(log, 5_000).text());
    }
}
