package io.understudy.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.cli.ExitCode;
import io.understudy.cli.Terminal;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.record.Recorded;
import io.understudy.core.recovery.Decision;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Recovery;
import io.understudy.core.recovery.Settings;
import io.understudy.core.recovery.Situation;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code replay} says whether decisions come out the same, and which do not. */
class ReplayCommandTest {

    @TempDir private Path directory;
    private final Terminal terminal = new Terminal(Map.of(), Locale.ROOT);

    private static String decision() throws IOException {
        Settings settings =
                new Settings(
                        NodeName.of("beta"),
                        InstanceName.of("nms"),
                        NodeName.of("alpha"),
                        NodeName.of("beta"),
                        Timers.FAST,
                        true,
                        false,
                        Settings.Data.NONE);
        Moment now = new Moment(7);
        Situation before = Situation.begin(now);
        Event event = new Event.Start();
        Decision decision = new Recovery(settings).decide(before, event, now);
        Recorded line =
                new Recorded(
                        "2026-11-20T09:00:00Z",
                        settings.self(),
                        settings.instance(),
                        0,
                        now,
                        event,
                        Optional.of(new Recorded.Whole(settings, before)),
                        decision.situation().phase().name(),
                        Recorded.effects(decision));
        return new ObjectMapper().writeValueAsString(line.tree());
    }

    private Path file(String... lines) throws IOException {
        return Files.write(directory.resolve("decisions.jsonl"), java.util.List.of(lines));
    }

    @Test
    void whatComesOutTheSameIsDone() throws IOException {
        int exit = terminal.run("replay", file("{\"scenario\":\"x\"}", decision()).toString());
        assertEquals(ExitCode.DONE, exit, terminal.err());
        assertTrue(terminal.out().contains("1 decisions taken again: 1 the same, 0 different"));
    }

    @Test
    void aDifferenceIsShownAndFails() throws IOException {
        String other = decision().replace("\"ReadLease\"", "\"Nudge\"");
        assertEquals(ExitCode.FAILED, terminal.run("replay", file(other).toString()));
        assertTrue(terminal.out().contains("then: STANDBY; Nudge"), terminal.out());
        assertTrue(terminal.out().contains("now:  STANDBY; ReadLease"), terminal.out());
    }

    @Test
    void whatIsNoDecisionIsRefused() throws IOException {
        assertEquals(ExitCode.FAILED, terminal.run("replay", file("no", "{}").toString()));
        assertTrue(terminal.err().contains("holds no decision"), terminal.err());
        assertEquals(ExitCode.FAILED, terminal.run("replay", "/nowhere/at/all"));
        assertTrue(terminal.err().contains("cannot be read"), terminal.err());
    }
}
