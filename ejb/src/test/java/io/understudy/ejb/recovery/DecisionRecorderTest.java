package io.understudy.ejb.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.lease.Epoch;
import io.understudy.core.lease.LeaseRecord;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.record.Recorded;
import io.understudy.core.record.Replay;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of decisions, and how little of mere watching. */
class DecisionRecorderTest {

    private static final Settings SETTINGS =
            new Settings(
                    NodeName.of("beta"),
                    InstanceName.of("demo"),
                    NodeName.of("alpha"),
                    NodeName.of("beta"),
                    Timers.FAST,
                    true,
                    false,
                    Settings.Data.NONE);
    private static final Clock WALL =
            Clock.fixed(Instant.parse("2026-11-20T09:00:00Z"), ZoneOffset.UTC);

    @TempDir private Path directory;
    private final Recovery recovery = new Recovery(SETTINGS);
    private Moment now = new Moment(1);
    private Situation situation = Situation.begin(now);

    private void decide(DecisionRecorder recorder, Event event) {
        now = now.plus(Duration.ofMillis(100));
        Decision decision = recovery.decide(situation, event, now);
        recorder.record(SETTINGS, situation, event, now, decision);
        situation = decision.situation();
    }

    private void watch(DecisionRecorder recorder, int times) {
        for (int i = 0; i < times; i++) {
            LeaseRecord record =
                    new LeaseRecord(Optional.of(NodeName.of("alpha")), new Epoch(2), i);
            decide(recorder, new Event.LeaseRead(Optional.of(record)));
        }
    }

    private List<Recorded> kept() throws IOException {
        List<Recorded> lines = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("decisions.jsonl"))) {
            Map<String, Object> tree = new ObjectMapper().readValue(line, new TypeReference<>() {});
            lines.add(Recorded.of(tree));
        }
        return lines;
    }

    @Test
    void watching_is_kept_only_before_something_notable() throws IOException {
        try (DecisionRecorder recorder = new DecisionRecorder(directory, WALL)) {
            decide(recorder, new Event.Start());
            watch(recorder, 600);
            decide(recorder, new Event.PeerContact(Contact.HEARD, now));
            watch(recorder, 600);
        }
        List<Recorded> lines = kept();
        // The start, the contact and the 64 before it; the store's first answer; no trace is due.
        assertTrue(lines.size() <= 70, lines.size() + " lines");
        assertTrue(lines.size() >= 66, lines.size() + " lines");
        for (Replay.Outcome outcome : Replay.all(lines)) {
            assertEquals(Replay.Verdict.SAME, outcome.verdict(), outcome.line()::toString);
        }
    }

    @Test
    void a_long_quiet_leaves_a_trace() throws IOException {
        try (DecisionRecorder recorder = new DecisionRecorder(directory, WALL)) {
            decide(recorder, new Event.Start());
            watch(recorder, 5 * 60 * 10);
        }
        List<Recorded> lines = kept();
        assertTrue(lines.size() >= 4 && lines.size() <= 8, lines.size() + " lines");
        assertTrue(lines.get(lines.size() - 1).whole().isPresent());
    }

    @Test
    void the_files_are_bounded() throws IOException {
        try (DecisionRecorder recorder = new DecisionRecorder(directory, WALL)) {
            for (int i = 0; i < 40_000; i++) {
                decide(
                        recorder,
                        new Event.PeerContact(i % 2 == 0 ? Contact.HEARD : Contact.SILENT, now));
            }
            long bytes = 0;
            for (Path file : recorder.files()) {
                bytes += Files.exists(file) ? Files.size(file) : 0;
            }
            assertTrue(bytes < 36L * 1024 * 1024, bytes + " bytes");
        }
    }
}
