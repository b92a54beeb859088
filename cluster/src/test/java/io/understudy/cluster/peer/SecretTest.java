package io.understudy.cluster.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {

    @TempDir Path directory;

    @Test
    void whatWasCreatedIsLoadedAndDerivesTheSameKeys() throws IOException {
        Path file = directory.resolve("secret");
        Secret made = Secret.create(file);
        Secret loaded = Secret.load(file);
        assertEquals(made, loaded);
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertArrayEquals(made.derive("a"), loaded.derive("a"));
        assertNotEquals(made.deriveHex("a"), made.deriveHex("b"));
        assertEquals(64, made.deriveHex("a").length());
        assertFalse(made.toString().contains(Files.readString(file).strip()));
        assertTrue(
                assertThrows(SecretException.class, () -> Secret.create(file))
                        .getMessage()
                        .contains("exists already"));
    }

    @Test
    void refusesAFileThatOthersMayReadAndNamesTheMend() throws IOException {
        Path file = directory.resolve("secret");
        Secret.create(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        String message = assertThrows(SecretException.class, () -> Secret.load(file)).getMessage();
        assertTrue(message.contains("chmod 600 " + file), message);
    }

    @Test
    void refusesAShortOrMissingSecret() throws IOException {
        Path file = directory.resolve("secret");
        assertTrue(
                assertThrows(SecretException.class, () -> Secret.load(file))
                        .getMessage()
                        .contains("does not exist"));
        Files.writeString(file, "short  \n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertTrue(
                assertThrows(SecretException.class, () -> Secret.load(file))
                        .getMessage()
                        .contains("has 5 bytes"));
    }
}
