package io.understudy.ejb.recovery;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.node.NodeName;
import io.understudy.core.recovery.Decision;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.EventKind;
import io.understudy.core.recovery.Situation;
import io.understudy.core.time.Moment;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps every decision with its inputs under {@code DATA/decisions}, bounded: one JSON line each,
 * with the whole situation where the phase changed and at least every {@value #WHOLE_EVERY} lines.
 * Never holds up a decision: lines that the disk cannot take in time are counted and dropped.
 */
final class DecisionRecorder implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(DecisionRecorder.class.getName());
    private static final int WHOLE_EVERY = 200;
    private static final long FILE_BYTES = 4L * 1024 * 1024;
    private static final int FILES = 4;

    private record Line(
            String time,
            InstanceName instance,
            Situation before,
            Event event,
            Moment now,
            Decision decision,
            boolean whole) {}

    private final Path directory;
    private final Clock wall;
    private final ObjectMapper json;
    private final BlockingQueue<Line> queue = new ArrayBlockingQueue<>(4096);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer = new Thread(this::write, "understudy-decision-log");
    private volatile boolean closed;
    private int sinceWhole = WHOLE_EVERY;

    DecisionRecorder(Path directory, Clock wall) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.wall = wall;
        SimpleModule words = new SimpleModule();
        words.addSerializer(InstanceName.class, ToStringSerializer.instance);
        words.addSerializer(NodeName.class, ToStringSerializer.instance);
        words.addSerializer(Duration.class, ToStringSerializer.instance);
        words.addSerializer(Optional.class, new OptionalText());
        words.addSerializer(OptionalInt.class, ToStringSerializer.instance);
        words.addSerializer(OptionalLong.class, ToStringSerializer.instance);
        this.json =
                JsonMapper.builder()
                        .visibility(PropertyAccessor.FIELD, Visibility.ANY)
                        .visibility(PropertyAccessor.GETTER, Visibility.NONE)
                        .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
                        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                        .addModule(words)
                        .build();
        writer.setDaemon(true);
        writer.start();
    }

    /** Takes a decision; called on the decision thread only. */
    void record(
            InstanceName instance, Situation before, Event event, Moment now, Decision decision) {
        boolean whole =
                ++sinceWhole >= WHOLE_EVERY || before.phase() != decision.situation().phase();
        if (whole) {
            sinceWhole = 0;
        }
        Line line =
                new Line(wall.instant().toString(), instance, before, event, now, decision, whole);
        if (!queue.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    private void write() {
        ArrayDeque<Line> batch = new ArrayDeque<>();
        while (!closed || !queue.isEmpty()) {
            try {
                Line first = queue.poll(500, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, 500);
                append(batch);
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                dropped.addAndGet(batch.size());
                LOG.log(
                        System.Logger.Level.WARNING,
                        "decisions cannot be kept in {0}: {1}; free space there",
                        directory,
                        e.getMessage());
            } finally {
                batch.clear();
            }
        }
    }

    private void append(ArrayDeque<Line> batch) throws IOException {
        Path file = directory.resolve("decisions.jsonl");
        if (Files.exists(file) && Files.size(file) > FILE_BYTES) {
            rotate();
        }
        try (BufferedWriter out =
                Files.newBufferedWriter(
                        file,
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND)) {
            for (Line line : batch) {
                out.write(text(line));
                out.newLine();
            }
            long lost = dropped.getAndSet(0);
            if (lost > 0) {
                out.write("{\"dropped\":" + lost + "}");
                out.newLine();
            }
        }
    }

    private String text(Line line) throws JsonProcessingException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", line.time());
        fields.put("instance", line.instance().value());
        fields.put("now", line.now().nanos());
        EventKind kind = line.event().kind();
        fields.put("kind", kind);
        fields.put("event", line.event());
        if (line.whole()) {
            fields.put("before", line.before());
        }
        fields.put("phase", line.decision().situation().phase());
        fields.put("effects", line.decision().effects().stream().map(Object::toString).toList());
        return json.writeValueAsString(fields);
    }

    private void rotate() throws IOException {
        for (int i = FILES - 1; i >= 1; i--) {
            Path from =
                    directory.resolve(
                            i == 1 ? "decisions.jsonl" : "decisions." + (i - 1) + ".jsonl");
            if (Files.exists(from)) {
                Files.move(
                        from,
                        directory.resolve("decisions." + i + ".jsonl"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            writer.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.interrupt();
    }
}
