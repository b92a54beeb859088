package io.understudy.cluster.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegisterCrashTest {

    private static final String ALPHA = "alpha/1";
    private static final String BETA = "beta/1";

    @TempDir Path directory;

    /** Stands for the process being killed. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void akillAtAnyStepLeavesTheOldStateOrTheNewAndNeverLess() throws IOException {
        for (DurableFile.Step step : DurableFile.Step.values()) {
            Path own = directory.resolve(step.name());
            AtomicReference<DurableFile.Step> armed = new AtomicReference<>();
            RegisterVoter first = voter(own, armed);
            assertTrue(first.write(write(2, 0, ALPHA, "old")).granted());
            armed.set(step);
            assertThrows(Killed.class, () -> first.write(write(4, 0, BETA, "new")));

            RegisterVoter second = voter(own, new AtomicReference<>());
            RegisterState state = second.read(read()).state();
            boolean renamed = step.compareTo(DurableFile.Step.RENAMED) >= 0;
            assertEquals(renamed ? "new" : "old", state.stored().value(), step.name());
            assertEquals(renamed ? 4 : 2, state.promised(), step.name());
            assertTrue(second.write(write(6, 0, ALPHA, "later")).granted());
            assertEquals("later", voter(own, armed).read(read()).state().stored().value());
        }
    }

    @Test
    void afterAFailedWriteARepetitionGoesToTheDiskAgain() throws IOException {
        AtomicReference<DurableFile.Step> armed = new AtomicReference<>();
        RegisterVoter voter = voter(directory.resolve("retry"), armed);
        assertTrue(voter.write(write(2, 0, ALPHA, "old")).granted());
        armed.set(DurableFile.Step.RENAMED);
        assertThrows(Killed.class, () -> voter.write(write(4, 0, BETA, "new")));
        assertThrows(Killed.class, () -> voter.write(write(2, 0, ALPHA, "old")));
        armed.set(null);
        assertTrue(voter.write(write(2, 0, ALPHA, "old")).granted());
        RegisterVoter next = voter(directory.resolve("retry"), armed);
        assertEquals("old", next.read(read()).state().stored().value());
    }

    @Test
    void keysThatWouldLeaveTheDirectoryAreRefused() throws IOException {
        RegisterVoter voter = voter(directory, new AtomicReference<>());
        assertThrows(
                IllegalArgumentException.class,
                () -> voter.promise(new RegisterCall("../x", 2, -1, ALPHA, null)));
        assertFalse(directory.resolve("../x.register").toFile().exists());
    }

    private static RegisterVoter voter(Path own, AtomicReference<DurableFile.Step> armed)
            throws IOException {
        return new RegisterVoter(
                "test",
                own,
                sentence -> {
                    throw new AssertionError(sentence);
                },
                Suffrage.granted(),
                step -> {
                    if (step == armed.get()) {
                        throw new Killed();
                    }
                });
    }

    private static RegisterCall write(long epoch, long revision, String who, String value) {
        return new RegisterCall("key", epoch, revision, who, value);
    }

    private static RegisterCall read() {
        return new RegisterCall("key", -1, -1, ALPHA, null);
    }
}
