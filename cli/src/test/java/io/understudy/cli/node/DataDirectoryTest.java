package io.understudy.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.cli.Failure;
import io.understudy.cli.Terminal;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    private static final NodeName ALPHA = NodeName.of("alpha");

    @TempDir private Path directory;
    private final Terminal terminal = new Terminal(Map.of(), Locale.ROOT);

    @BeforeEach
    void openTheWay() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    private DataDirectory open(Path path, NodeName owner) {
        return DataDirectory.open(path, owner, terminal.console());
    }

    @Test
    void isMadeClosedToOthersButPassable() throws IOException {
        Path path = directory.resolve("a").resolve("b");
        try (DataDirectory data = open(path, ALPHA)) {
            assertEquals("rwx--x--x", permissions(data.path()));
            assertEquals("rwx------", permissions(data.run()));
            assertEquals("rw-------", permissions(data.tokenFile()));
            assertTrue(Files.readString(data.tokenFile()).matches("[0-9a-f]{64}\n"));
        }
    }

    @Test
    void keepsItsToken() throws IOException {
        Path path = directory.resolve("data");
        String first;
        try (DataDirectory data = open(path, ALPHA)) {
            first = Files.readString(data.tokenFile());
        }
        try (DataDirectory data = open(path, ALPHA)) {
            assertEquals(first, Files.readString(data.tokenFile()));
        }
        try (DataDirectory other = open(directory.resolve("other"), ALPHA)) {
            assertNotEquals(first, Files.readString(other.tokenFile()));
        }
    }

    @Test
    void isHeldByOneProcess() {
        Path path = directory.resolve("data");
        DataDirectory held = open(path, ALPHA);
        Failure refused = assertThrows(Failure.class, () -> open(path, ALPHA));
        String holder = Long.toString(ProcessHandle.current().pid());
        assertTrue(refused.getMessage().contains(holder), refused.getMessage());
        held.close();
        open(path, ALPHA).close();
    }

    @Test
    void refusesAnotherMember() {
        Path path = directory.resolve("data");
        open(path, ALPHA).close();
        Failure refused = assertThrows(Failure.class, () -> open(path, NodeName.of("beta")));
        assertTrue(refused.getMessage().contains("\"alpha\""), refused.getMessage());
        open(path, ALPHA).close();
    }

    @Test
    void refusesWhatIsNoDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThrows(Failure.class, () -> open(file, ALPHA));
        assertThrows(Failure.class, () -> open(file.resolve("below"), ALPHA));
    }

    @Test
    void refusesAPathTooLongForTheSocket() {
        Failure refused =
                assertThrows(Failure.class, () -> open(directory.resolve("x".repeat(100)), ALPHA));
        assertTrue(refused.next().contains("92"), refused.next());
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
