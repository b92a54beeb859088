package io.understudy.ejb.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.core.lease.Epoch;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochRecordTest {

    @TempDir Path directory;

    @Test
    void remembersTheLatestAcrossLives() throws Exception {
        Path file = directory.resolve("copy/epoch");
        EpochRecord first = new EpochRecord("nms", file);
        assertEquals(Epoch.NONE, first.known());
        first.accept(new Epoch(4));
        first.accept(new Epoch(4));
        EpochRecord later = new EpochRecord("nms", file);
        assertEquals(new Epoch(4), later.known());
        assertThrows(StaleEpochException.class, () -> later.accept(new Epoch(3)));
        assertEquals(new Epoch(4), new EpochRecord("nms", file).known());
    }

    @Test
    void obeysNobodyWhenItCannotBeRead() throws Exception {
        Path file = directory.resolve("epoch");
        Files.writeString(file, "four");
        assertThrows(DatabaseException.class, () -> new EpochRecord("nms", file));
    }
}
