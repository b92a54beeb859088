package io.understudy.cluster.events;

import io.understudy.cluster.events.EventCatchUp.Outcome;
import io.understudy.cluster.peer.Loop;
import io.understudy.cluster.peer.PeerClient;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.register.RegisterVoter;
import io.understudy.cluster.register.SharedValue;
import io.understudy.cluster.register.Suffrage;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.view.EventView;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The cluster's event log. Invariants:
 *
 * <ol>
 *   <li>Every member has the same event under the same number.
 *   <li>An event gets one number, however often it is proposed.
 *   <li>The events of one life of a member keep their order.
 *   <li>An event leaves the shared end of the log only when a majority has it in its files.
 * </ol>
 *
 * <p>Without a majority, events wait on the disk of the member that reports them and get their
 * numbers later. Two threads: one queues and proposes, one writes and catches up.
 */
public final class EventLog implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(EventLog.class.getName());
    private static final String SPACE = "events";
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final int INBOX = 10_000;
    private static final int BATCH_BYTES = 96 * 1024;
    private static final int TAIL_BYTES = 256 * 1024;
    private static final int MAXIMUM_TEXT = 2_000;
    private static final int MAXIMUM_DETAILS = 32;
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration LAST_WRITES = Duration.ofSeconds(2);
    private static final long FILE_BYTES = 1024 * 1024;
    private static final int FILE_COUNT = 40;

    private final NodeName self;
    private final Clock clock;
    private final Consumer<String> alarm;
    private final String origin;
    private final EventQueue queue;
    private final EventFiles files;
    private final EventCatchUp catchUp;
    private final RegisterVoter voter;
    private final SharedValue end;
    private final BlockingQueue<EventView> inbox = new ArrayBlockingQueue<>(INBOX);
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicBoolean following = new AtomicBoolean();
    private final AtomicReference<String> newest = new AtomicReference<>();
    private final List<Consumer<EventView>> listeners = new CopyOnWriteArrayList<>();
    private final Loop queueing;
    private final Loop writing;
    private long sequence;
    private boolean proposing;
    private boolean overflowed;

    /**
     * Opens the log's directory, makes it if there is none, and goes on where it was left.
     *
     * @param node this member
     * @param directory {@code DATA/events}, this member's own
     * @param server answers the others
     * @param client calls the others; closed by its owner
     * @param limit for each round of calls
     * @param clock wall time for people
     * @param alarm gets a sentence for the operator when a file is damaged; must not block
     * @param suffrage whether this member's voter votes at all
     * @throws IOException if the directory cannot be read or made
     */
    public EventLog(
            NodeConfiguration node,
            Path directory,
            PeerServer server,
            PeerClient client,
            Duration limit,
            Clock clock,
            Consumer<String> alarm,
            Suffrage suffrage)
            throws IOException {
        this.self = node.name();
        this.clock = clock;
        this.alarm = alarm;
        byte[] life = new byte[8];
        new SecureRandom().nextBytes(life);
        this.origin = self + "/" + HexFormat.of().formatHex(life);
        this.voter = new RegisterVoter(SPACE, directory.resolve("voter"), alarm, suffrage);
        this.files =
                new EventFiles(
                        directory.resolve("log"),
                        new EventFiles.Limits(
                                FILE_BYTES, FILE_COUNT, Duration.ofDays(node.eventDays())),
                        clock,
                        alarm);
        this.queue = new EventQueue(directory.resolve("queue.jsonl"));
        this.queueing = new Loop("understudy-events-" + self);
        this.writing = new Loop("understudy-events-files-" + self);
        List<NodeName> peers =
                node.members().stream()
                        .map(NodeConfiguration.Member::name)
                        .filter(name -> !name.equals(self))
                        .toList();
        this.catchUp = new EventCatchUp(files, client, peers);
        voter.noting(files::last);
        if (node.isVoter()) {
            voter.serve(server);
        }
        catchUp.serve(server);
        this.end = new SharedValue(SPACE, "end", node, voter, client, this::learned, limit);
        end.start(server, LOOK_EVERY);
        queueing.run(this::propose);
    }

    /**
     * Reports an event of this member, now. Returns at once; the event is on disk some milliseconds
     * later and numbered when a majority answers. Texts beyond 2,000 characters are cut.
     *
     * @param instance what it is about; null if about no instance
     * @param severity INFO, WARNING or ALARM
     * @param code stable code
     * @param details named values of the message
     * @param message the English sentence
     */
    public void append(
            String instance,
            String severity,
            String code,
            Map<String, String> details,
            String message) {
        Map<String, String> bounded = new TreeMap<>();
        details.entrySet().stream()
                .limit(MAXIMUM_DETAILS)
                .forEach(entry -> bounded.put(entry.getKey(), cut(entry.getValue())));
        String time = OffsetDateTime.now(clock).truncatedTo(ChronoUnit.MILLIS).toString();
        EventView event =
                new EventView(
                        0, time, self.value(), instance, severity, code, bounded, cut(message));
        if (!inbox.offer(event)) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "{0} events wait to be written; this one is only in the log file: {1}",
                    INBOX,
                    event);
        } else if (draining.compareAndSet(false, true)) {
            queueing.run(this::drain);
        }
    }

    private static String cut(String text) {
        return text == null || text.length() <= MAXIMUM_TEXT
                ? text
                : text.substring(0, MAXIMUM_TEXT) + "...";
    }

    /** Looks now for what others have appended. Any thread. */
    public void lookSoon() {
        end.lookSoon();
    }

    /** Returns at most {@code limit} events with numbers above {@code number}, in order. */
    public List<EventView> after(long number, int limit) {
        return files.after(number, limit);
    }

    /** Returns the newest events, at most {@code limit} (and 2,000), in order. */
    public List<EventView> latest(int limit) {
        return files.latest(limit);
    }

    /** Returns the last number that this member keeps; 0 if there is none. */
    public long last() {
        return files.last();
    }

    /** Adds a listener: it hears every numbered event once, in order, on the log's thread. */
    public void listen(Consumer<EventView> listener) {
        listeners.add(listener);
    }

    private void drain() {
        draining.set(false);
        List<EventView> events = new ArrayList<>();
        inbox.drainTo(events);
        if (events.isEmpty()) {
            return;
        }
        List<QueuedEvent> queued = new ArrayList<>();
        for (EventView event : events) {
            queued.add(new QueuedEvent(origin, ++sequence, event));
        }
        try {
            queue.add(queued);
        } catch (IOException e) {
            alarm.accept(
                    "Events cannot be written to the disk of "
                            + self
                            + " ("
                            + e.getMessage()
                            + "); they are lost if it stops before a majority has them. Make room.");
        }
        propose();
    }

    private void propose() {
        if (proposing || queue.size() == 0) {
            return;
        }
        proposing = true;
        List<QueuedEvent> batch = queue.head(BATCH_BYTES);
        end.change(
                        (present, proposal) -> {
                            EventTail tail = present.map(EventTail::parse).orElse(EventTail.EMPTY);
                            EventTail kept = tail.after(proposal.noted());
                            EventTail next = kept.with(batch);
                            boolean nothing = next.last() == tail.last();
                            return nothing || kept.text().length() > TAIL_BYTES
                                    ? Optional.empty()
                                    : Optional.of(next.text());
                        })
                .whenComplete((text, error) -> queueing.run(() -> proposed(text, error)));
    }

    private void proposed(Optional<String> text, Throwable error) {
        proposing = false;
        boolean removed = false;
        try {
            removed =
                    error == null && text.isPresent() && queue.remove(EventTail.parse(text.get()));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The queue of events cannot be shortened", e);
        }
        if (error != null) {
            LOG.log(System.Logger.Level.DEBUG, "events wait for a majority", error);
        }
        if (queue.size() > 0) {
            queueing.runAfter(removed ? Duration.ZERO : RETRY, this::propose);
        }
    }

    private void learned(String text) {
        newest.set(text);
        if (following.compareAndSet(false, true)) {
            writing.run(this::follow);
        }
    }

    /** Writes what was agreed on; what is missing before it comes from the peers' files. */
    private void follow() {
        following.set(false);
        try {
            EventTail tail = EventTail.parse(newest.get());
            while (files.last() < tail.last()) {
                List<EventView> fresh = tail.after(files.last()).events();
                if (fresh.isEmpty() || fresh.get(0).number() > files.last() + 1) {
                    fresh = fetch();
                }
                if (fresh.isEmpty()) {
                    writing.runAfter(RETRY, this::follow);
                    return;
                }
                files.append(fresh);
                fresh.forEach(event -> listeners.forEach(listener -> listener.accept(event)));
            }
            overflowed = false;
        } catch (IOException e) {
            if (!overflowed) {
                overflowed = true;
                alarm.accept(
                        "Events cannot be written to the disk of "
                                + self
                                + " ("
                                + e.getMessage()
                                + "). Make room; it is tried again until then.");
            }
            writing.runAfter(RETRY, this::follow);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<EventView> fetch() throws IOException, InterruptedException {
        List<EventView> fetched = new ArrayList<>();
        Outcome outcome = catchUp.fetch(fetched);
        if (outcome == Outcome.FORGOTTEN) {
            EventTail tail = EventTail.parse(newest.get());
            if (catchUp.fetchPastHole(fetched) == Outcome.FORGOTTEN) {
                fetched.addAll(tail.events());
            }
            if (!fetched.isEmpty()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Events {0} to {1} are kept by no member any more.",
                        files.last() + 1,
                        fetched.get(0).number() - 1);
            }
        }
        return fetched;
    }

    /** Returns this member's voter. */
    public RegisterVoter voter() {
        return voter;
    }

    /** Lets this member's voter vote again after its file was damaged; an operator's act. */
    public CompletionStage<Boolean> readmit() {
        return end.readmit();
    }

    /** Writes what was reported to disk, within two seconds, and ends the threads. */
    @Override
    public void close() {
        boolean done = queueing.endWith(this::drain, LAST_WRITES);
        done &= writing.endWith(() -> {}, LAST_WRITES);
        if (!done) {
            LOG.log(System.Logger.Level.WARNING, "The last events may not be on disk");
        }
        end.close();
        voter.close();
    }
}
