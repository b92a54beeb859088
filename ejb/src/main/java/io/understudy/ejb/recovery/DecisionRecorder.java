package io.understudy.ejb.recovery;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.core.instance.InstanceName;
import io.understudy.core.record.Recorded;
import io.understudy.core.recovery.Decision;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Settings;
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
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps decisions with all that they rest on under {@code DATA/decisions}, one JSON line each
 * ({@link Recorded}), at most {@value #FILES} files of {@value #FILE_BYTES} bytes. Mere watching is
 * kept in memory, the last {@value #QUIET} decisions per instance (fewer of many instances: {@value
 * #QUIET_OF_ALL} of all), and written only when something notable follows: an idle node writes next
 * to nothing, and what led to a failover is all there. Never holds up a decision: lines that the
 * disk cannot take in time are dropped, and the numbers show the gap.
 */
final class DecisionRecorder implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(DecisionRecorder.class.getName());
    private static final int WHOLE_EVERY = 200;
    private static final int QUIET = 64;

    /** Of all instances together: what is kept must not become the memory's main content. */
    private static final int QUIET_OF_ALL = 1_024;

    /** Of mere watching so much is written when all instances have something notable at once. */
    private static final int QUIET_WRITTEN_PER_SECOND = 1_024;

    private static final Duration TRACE_EVERY = Duration.ofMinutes(2);
    private static final long FILE_BYTES = 4L * 1024 * 1024;
    private static final int FILES = 8;
    private static final String NEWEST = "decisions.jsonl";

    /** One decision; turned into text by the writer, not by the decision thread. */
    private record Line(
            Instant time,
            long number,
            Settings settings,
            Situation before,
            Event event,
            Moment now,
            Decision decision) {}

    private record Job(Line line, boolean whole) {}

    /** What is known of one instance's lines. Only the decision thread touches it. */
    private static final class Course {
        private final ArrayDeque<Line> quiet = new ArrayDeque<>();
        private long number;
        private long written = -1;
        private Settings settings;
        private int sinceWhole;
        private Moment writtenAt;
    }

    private final Path directory;
    private final Clock wall;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<InstanceName, Course> courses = new HashMap<>();
    private int budget;
    private Moment budgetSince;
    private final BlockingQueue<Job> queue = new ArrayBlockingQueue<>(8192);
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer = new Thread(this::write, "understudy-decision-log");
    private volatile boolean closed;

    DecisionRecorder(Path directory, Clock wall) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.wall = wall;
        writer.setDaemon(true);
        writer.start();
    }

    /** Takes a decision; called on the decision thread only. */
    void record(Settings settings, Situation before, Event event, Moment now, Decision decision) {
        made.incrementAndGet();
        Course course = courses.computeIfAbsent(settings.instance(), i -> new Course());
        Line line =
                new Line(wall.instant(), course.number++, settings, before, event, now, decision);
        course.quiet.add(line);
        boolean trace =
                course.writtenAt == null || now.since(course.writtenAt).compareTo(TRACE_EVERY) >= 0;
        if (Recorded.notable(before, event, decision)) {
            shorten(course, 1 + quietToWrite(now));
            budget -= course.quiet.size() - 1;
            course.quiet.forEach(l -> enqueue(course, l));
            course.quiet.clear();
        } else if (trace) {
            enqueue(course, line);
            course.quiet.clear();
        } else {
            shorten(course, Math.max(1, Math.min(QUIET, QUIET_OF_ALL / courses.size())));
        }
    }

    private static void shorten(Course course, int most) {
        while (course.quiet.size() > most) {
            course.quiet.removeFirst();
        }
    }

    private int quietToWrite(Moment now) {
        if (budgetSince == null || now.since(budgetSince).compareTo(Duration.ofSeconds(1)) >= 0) {
            budgetSince = now;
            budget = QUIET_WRITTEN_PER_SECOND;
        }
        return budget;
    }

    /** Returns how many decisions were made, kept or not. Any thread. */
    long made() {
        return made.get();
    }

    private void enqueue(Course course, Line line) {
        boolean whole =
                line.number() != course.written + 1
                        || !line.settings().equals(course.settings)
                        || ++course.sinceWhole >= WHOLE_EVERY
                        || line.before().phase() != line.decision().situation().phase();
        if (!queue.offer(new Job(line, whole))) {
            dropped.incrementAndGet();
            return;
        }
        course.written = line.number();
        course.settings = line.settings();
        course.writtenAt = line.now();
        course.sinceWhole = whole ? 0 : course.sinceWhole;
    }

    private void write() {
        List<Job> batch = new ArrayList<>();
        while (!closed || !queue.isEmpty()) {
            try {
                Job first = queue.poll(500, TimeUnit.MILLISECONDS);
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
            } catch (RuntimeException e) {
                dropped.addAndGet(batch.size());
                LOG.log(System.Logger.Level.ERROR, "decisions cannot be written down", e);
            } finally {
                batch.clear();
            }
        }
    }

    private void append(List<Job> batch) throws IOException {
        Path file = directory.resolve(NEWEST);
        if (Files.exists(file) && Files.size(file) > FILE_BYTES) {
            rotate();
        }
        try (BufferedWriter out =
                Files.newBufferedWriter(
                        file,
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND)) {
            for (Job job : batch) {
                out.write(json.writeValueAsString(recorded(job).tree()));
                out.newLine();
            }
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            LOG.log(System.Logger.Level.WARNING, "{0} decisions were not kept", lost);
        }
    }

    private static Recorded recorded(Job job) {
        Line line = job.line();
        return new Recorded(
                line.time().toString(),
                line.settings().self(),
                line.settings().instance(),
                line.number(),
                line.now(),
                line.event(),
                job.whole()
                        ? Optional.of(new Recorded.Whole(line.settings(), line.before()))
                        : Optional.empty(),
                line.decision().situation().phase().name(),
                Recorded.effects(line.decision()));
    }

    private void rotate() throws IOException {
        for (int i = FILES - 1; i >= 1; i--) {
            Path from = directory.resolve(name(i - 1));
            if (Files.exists(from)) {
                Files.move(from, directory.resolve(name(i)), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static String name(int age) {
        return age == 0 ? NEWEST : "decisions." + age + ".jsonl";
    }

    /** Returns the files that there may be, oldest first. */
    List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (int i = FILES - 1; i >= 0; i--) {
            files.add(directory.resolve(name(i)));
        }
        return files;
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
