package io.understudy.cluster.events;

import io.understudy.cluster.peer.PeerJson;
import io.understudy.cluster.register.DurableFile;
import io.understudy.core.view.EventView;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The numbered events on this member's disk: JSON lines in files that are only appended to. A file
 * is named by its first number; past a size or a span of time the next one begins. The oldest goes
 * past a count, and when all its events are older than they are to be kept: always from the old end
 * and whole, so what members keep differs only in where it begins. The newest file never goes: it
 * tells the next number. A half-written last line, as a crash leaves it, is cut off; the events
 * come again from the peers.
 */
final class EventFiles {

    private static final System.Logger LOG = System.getLogger(EventFiles.class.getName());
    private static final int CACHED = 2_000;
    private static final Duration DAY = Duration.ofDays(1);

    private final Path directory;
    private final Limits limits;
    private final Clock clock;
    private final Consumer<String> alarm;
    private final TreeMap<Long, Path> files = new TreeMap<>();
    private final Map<Long, Instant> begins = new HashMap<>();
    private final Deque<EventView> cache = new ArrayDeque<>();
    private volatile long last;
    private long newestBytes;

    /**
     * What is kept.
     *
     * @param fileBytes past this size a new file begins
     * @param fileCount at most this many files are kept
     * @param keep an event goes when it is older than this, at most a tenth of it (or a day) later
     */
    record Limits(long fileBytes, int fileCount, Duration keep) {

        /** The longest time that one file covers: what is pruned at once. */
        Duration span() {
            Duration tenth = keep.dividedBy(10);
            return tenth.compareTo(DAY) < 0 ? DAY : tenth;
        }
    }

    /**
     * @param directory made if there is none
     * @param limits what is kept
     * @param clock wall time, by which events age
     */
    EventFiles(Path directory, Limits limits, Clock clock, Consumer<String> alarm)
            throws IOException {
        this.directory = directory;
        this.limits = limits;
        this.clock = clock;
        this.alarm = alarm;
        DurableFile.makeDirectories(directory);
        try (Stream<Path> found = Files.list(directory)) {
            for (Path file : (Iterable<Path>) found::iterator) {
                String name = file.getFileName().toString();
                if (name.matches("events-\\d{19}\\.jsonl")) {
                    files.put(Long.parseLong(name.substring(7, 26)), file);
                }
            }
        }
        load();
        files.forEach((number, file) -> first(file).ifPresent(e -> begin(number, e)));
    }

    private void load() throws IOException {
        while (!files.isEmpty() && last == 0) {
            Path newest = files.lastEntry().getValue();
            cutDamage(newest);
            List<EventView> events = read(newest);
            if (events.isEmpty()) {
                Files.delete(newest);
                files.pollLastEntry();
            } else {
                events.forEach(this::remember);
                newestBytes = Files.size(newest);
            }
        }
    }

    /** Keeps the lines up to the first that is no event; the rest goes to a file beside it. */
    private void cutDamage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int good = 0;
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (parse(Arrays.copyOfRange(bytes, begin, i)) == null) {
                    break;
                }
                begin = i + 1;
                good = begin;
            }
        }
        if (good < bytes.length) {
            Path aside = file.resolveSibling(file.getFileName() + ".damaged");
            Files.write(aside, Arrays.copyOfRange(bytes, good, bytes.length));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(good);
                channel.force(true);
            }
            alarm.accept(
                    "The event log "
                            + file
                            + " ended with "
                            + (bytes.length - good)
                            + " bytes that are no event, set aside as "
                            + aside
                            + ". What is missing is fetched from the other members.");
        }
    }

    /** Writes events with rising numbers beyond {@link #last}; they are on disk on return. */
    synchronized void append(List<EventView> events) throws IOException {
        if (events.isEmpty()) {
            return;
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        long previous = last;
        for (EventView event : events) {
            if (event.number() <= previous) {
                throw new IllegalStateException(
                        "event " + event.number() + " comes after " + previous);
            }
            previous = event.number();
            lines.writeBytes(PeerJson.write(event));
            lines.write('\n');
        }
        Path file = fileFor(events);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // A write that failed half way may have left bytes behind.
            channel.truncate(newestBytes);
            channel.position(newestBytes);
            ByteBuffer bytes = ByteBuffer.wrap(lines.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        if (newestBytes == 0) {
            DurableFile.syncDirectory(directory);
        }
        newestBytes += lines.size();
        events.forEach(this::remember);
        prune();
    }

    private Path fileFor(List<EventView> events) throws IOException {
        if (!files.isEmpty() && newestBytes < limits.fileBytes() && !covers(events)) {
            return files.lastEntry().getValue();
        }
        while (files.size() >= limits.fileCount()) {
            deleteOldest();
        }
        long number = events.get(0).number();
        Path file = directory.resolve(String.format("events-%019d.jsonl", number));
        files.put(number, file);
        begin(number, events.get(0));
        newestBytes = 0;
        return file;
    }

    /** Whether the newest file already covers the time that one file may cover. */
    private boolean covers(List<EventView> events) {
        Instant begin = begins.get(files.lastKey());
        Optional<Instant> now = time(events.get(events.size() - 1));
        return begin != null
                && now.isPresent()
                && Duration.between(begin, now.get()).compareTo(limits.span()) > 0;
    }

    /**
     * Deletes what is too old by this member's clock and by the newest event's time: a clock that
     * jumped ahead on one host alone costs no event.
     */
    private void prune() throws IOException {
        Instant now = clock.instant();
        Optional<Instant> newest = time(cache.getLast());
        Instant before =
                (newest.isPresent() && newest.get().isBefore(now) ? newest.get() : now)
                        .minus(limits.keep());
        while (files.size() > 1) {
            Instant nextBegins = begins.get(files.higherKey(files.firstKey()));
            if (nextBegins == null || !nextBegins.isBefore(before)) {
                return;
            }
            deleteOldest();
        }
    }

    private void deleteOldest() throws IOException {
        Map.Entry<Long, Path> oldest = files.firstEntry();
        Files.deleteIfExists(oldest.getValue());
        files.remove(oldest.getKey());
        begins.remove(oldest.getKey());
        while (!files.isEmpty() && cache.size() > 1 && cache.getFirst().number() < first()) {
            cache.removeFirst();
        }
    }

    private void begin(long number, EventView event) {
        time(event).ifPresent(time -> begins.put(number, time));
    }

    private static Optional<Instant> time(EventView event) {
        try {
            return Optional.of(OffsetDateTime.parse(event.time()).toInstant());
        } catch (DateTimeParseException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private void remember(EventView event) {
        last = event.number();
        cache.addLast(event);
        if (cache.size() > CACHED) {
            cache.removeFirst();
        }
    }

    /** The last number kept; 0 if there is none. */
    long last() {
        return last;
    }

    /** The first number kept; 0 if there is none. */
    synchronized long first() {
        return files.isEmpty() ? 0 : files.firstKey();
    }

    /** At most {@code limit} events after {@code number}, in order. */
    synchronized List<EventView> after(long number, int limit) {
        if (!cache.isEmpty() && number >= cache.getFirst().number() - 1) {
            return cache.stream().filter(e -> e.number() > number).limit(limit).toList();
        }
        List<EventView> found = new ArrayList<>();
        Long begin = files.floorKey(number + 1);
        Map<Long, Path> candidates = begin == null ? files : files.tailMap(begin, true);
        for (Path file : candidates.values()) {
            for (EventView event : read(file)) {
                if (event.number() > number && found.size() < limit) {
                    found.add(event);
                }
            }
            if (found.size() >= limit) {
                break;
            }
        }
        return List.copyOf(found);
    }

    /** The newest events, at most {@code limit}, in order. */
    synchronized List<EventView> latest(int limit) {
        return cache.stream().skip(Math.max(0, cache.size() - limit)).toList();
    }

    private static Optional<EventView> first(Path file) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line = lines.readLine();
            return line == null
                    ? Optional.empty()
                    : Optional.ofNullable(parse(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The event log " + file + " cannot be read", e);
            return Optional.empty();
        }
    }

    private static List<EventView> read(Path file) {
        List<EventView> events = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line;
            while ((line = lines.readLine()) != null) {
                EventView event = parse(line.getBytes(StandardCharsets.UTF_8));
                if (event != null) {
                    events.add(event);
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The event log " + file + " cannot be read", e);
        }
        return events;
    }

    private static EventView parse(byte[] line) {
        try {
            return PeerJson.read(line, EventView.class);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a line that is no event", e);
            return null;
        }
    }
}
