package io.understudy.cluster.heartbeat;

import io.understudy.cluster.heartbeat.PeerTrack.Worth;
import io.understudy.cluster.peer.Secret;
import io.understudy.core.config.NodeConfiguration;
import io.understudy.core.node.NodeName;
import io.understudy.core.peer.Contact;
import io.understudy.core.peer.Path;
import io.understudy.core.peer.PathFacts;
import io.understudy.core.peer.PeerFacts;
import io.understudy.core.peer.VersionSkew;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Tells every peer each interval that this member lives, and hears from them. One thread does it
 * all; another per question asks for proof of death. Rules:
 *
 * <ol>
 *   <li>A beat is contact only if it names this process: a recording of an earlier one is not.
 *   <li>A peer that is heard and does not hear us, by its own beats, is silent all the same.
 *   <li>Silence counts only while this process ran: after a pause of its own (its loop was late by
 *       more than two intervals) it starts from now.
 *   <li>A silent peer's host is asked for proof until the peer is heard or proven gone.
 *   <li>A peer that is gone is heard again when its next process beats.
 *   <li>Where there is a direct link to a peer, every beat goes by both networks, and the peer is
 *       heard if either brings one: the direct link only adds to what is known.
 * </ol>
 */
public final class Heartbeat implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Heartbeat.class.getName());
    private static final long LOOK_MILLIS = 10;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long PAUSE_TOLD_EVERY = 60_000_000_000L;
    private static final int MAXIMUM_VERSION = 64;

    private final NodeConfiguration node;
    private final String version;
    private final Timers timers;
    private final DeathProof proof;
    private final LongSupplier nanoTime;
    private final long boot;
    private final Datagrams datagrams;
    private final Beats beats;
    private final Map<NodeName, PeerTrack> tracks = new TreeMap<>();
    private final Map<NodeName, ProofSchedule> proofs = new TreeMap<>();
    private final Map<NodeName, PeerFacts> told = new TreeMap<>();
    private final Listeners listeners = new Listeners();
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(Beat.MAXIMUM_BYTES);
    private final AtomicLong refusedBeats = new AtomicLong();
    private final Thread thread;
    private long pauseToldAt;
    private volatile boolean closed;

    /**
     * Binds the heartbeat's port; nothing is sent until {@link #start}.
     *
     * @param node this member
     * @param secret what the members share
     * @param version this member's version, e.g. 0.1.0
     * @param timers interval, silence and when to ask for proof
     * @param proof asks for proof of death
     * @param nanoTime the monotonic clock
     * @throws IOException if the port cannot be bound; the message names address and port
     */
    public Heartbeat(
            NodeConfiguration node,
            Secret secret,
            String version,
            Timers timers,
            DeathProof proof,
            LongSupplier nanoTime)
            throws IOException {
        if (version.length() > MAXIMUM_VERSION) {
            throw new IllegalArgumentException("version '" + version + "' is too long");
        }
        this.node = node;
        this.version = version;
        this.timers = timers;
        this.proof = proof;
        this.nanoTime = nanoTime;
        this.boot = new SecureRandom().nextLong() | 1;
        long now = nanoTime.getAsLong();
        this.datagrams = new Datagrams(node, now);
        this.beats =
                new Beats(node, secret, version, boot, datagrams, nanoTime, this::portUnreachable);
        for (NodeConfiguration.Member member : node.members()) {
            if (!member.name().equals(node.name())) {
                InetAddress address = InetAddress.getByName(member.address());
                tracks.put(
                        member.name(),
                        new PeerTrack(
                                member.name(), address, boot, timers.heartbeatSilence(), now));
                told.put(member.name(), tracks.get(member.name()).facts());
                proofs.put(member.name(), new ProofSchedule(timers.proofAfter()));
            }
        }
        this.thread = new Thread(this::run, "understudy-heartbeat-" + node.name());
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
    }

    /** Begins to send and to listen. */
    public void start() {
        thread.start();
    }

    /** Adds a listener; it hears what happens from now on. */
    public void listen(HeartbeatListener listener) {
        listeners.add(listener);
    }

    /** Sends a beat to every peer at once and asks for their attention. Any thread. */
    public void nudge() {
        beats.nudge();
        errands.add(this::beatAll);
        datagrams.selector().wakeup();
    }

    /** Sends a beat to every peer at once, asking for nothing. Any thread. */
    public void hurry() {
        errands.add(this::beatAll);
        datagrams.selector().wakeup();
    }

    /** Sends a beat to {@code peer} at once; ignored if it is none. Any thread. */
    public void hurry(NodeName peer) {
        Optional.ofNullable(tracks.get(peer)).ifPresent(t -> errands.add(() -> beatNow(t)));
        datagrams.selector().wakeup();
    }

    /** Tells the peers with every beat which version this member's report has. Any thread. */
    public void report(long reportVersion) {
        beats.report(reportVersion);
    }

    /**
     * Sets a few bytes that travel with every beat. Any thread.
     *
     * @param bytes at most 512
     */
    public void hint(byte[] bytes) {
        if (bytes.length > Beat.MAXIMUM_HINT) {
            throw new IllegalArgumentException("a hint of " + bytes.length + " bytes");
        }
        beats.hint(bytes.clone());
    }

    /** Returns what is observed of every peer, by name. Any thread. */
    public List<PeerFacts> facts() {
        return tracks.values().stream().map(PeerTrack::facts).toList();
    }

    /** Returns what is observed of a peer. Any thread. */
    public PeerFacts facts(NodeName peer) {
        return tracks.get(peer).facts();
    }

    /** Returns what is observed of a member; empty for this one and for strangers. Any thread. */
    public Optional<PeerFacts> observed(NodeName member) {
        return Optional.ofNullable(tracks.get(member)).map(PeerTrack::facts);
    }

    /** Returns the hint of a peer's last beat, if it was ever heard. Any thread. */
    public Optional<byte[]> hint(NodeName peer) {
        return tracks.get(peer).last().map(beat -> beat.hint().clone());
    }

    /** Returns a peer's version, if it was ever heard. Any thread. */
    public Optional<String> version(NodeName peer) {
        return tracks.get(peer).last().map(Beat::version);
    }

    /** Returns a peer's role, if it was ever heard. Any thread. */
    public Optional<NodeConfiguration.Role> role(NodeName peer) {
        return tracks.get(peer).last().map(Beat::role);
    }

    /** Returns how many datagrams were refused: not authentic, not for this member, or replayed. */
    public long refusedBeats() {
        return refusedBeats.get();
    }

    /** Returns the number of this process, random and never 0. */
    public long boot() {
        return boot;
    }

    private void run() {
        long lastLook = nanoTime.getAsLong();
        long nextBeat = lastLook;
        long interval = timers.heartbeatInterval().toNanos();
        while (!closed) {
            try {
                long wait = waitMillis(nextBeat);
                datagrams.selector().select(wait);
                long now = nanoTime.getAsLong();
                if (now - lastLook > 2 * interval + wait * NANOS_PER_MILLI) {
                    paused(now - lastLook, now);
                    tracks.values().forEach(track -> track.restartSilence(now));
                }
                lastLook = now;
                datagrams.lookAfterDirect(now);
                receive();
                runErrands();
                if (now - nextBeat >= 0) {
                    beatAll();
                    nextBeat = now - nextBeat > interval ? now + interval : nextBeat + interval;
                }
                // Not a later reading: a pause since then must be noticed before silence is.
                look(now);
            } catch (ClosedSelectorException e) {
                LOG.log(System.Logger.Level.DEBUG, "the heartbeat was closed", e);
            } catch (IOException | RuntimeException e) {
                // The one thread must outlive whatever one datagram or listener does to it.
                LOG.log(System.Logger.Level.ERROR, "The heartbeat met an error and goes on", e);
            }
        }
    }

    /**
     * Until the next beat where every peer is heard or gone; else often, as silence is measured.
     */
    private long waitMillis(long nextBeat) {
        long shortest =
                Math.min(timers.proofAfter().toNanos(), timers.heartbeatSilence().toNanos());
        for (PeerTrack track : tracks.values()) {
            boolean silent =
                    track.contact() != Contact.GONE && track.silentFor(nextBeat) > shortest;
            if (silent || proofs.get(track.name()).hurried()) {
                return LOOK_MILLIS;
            }
        }
        return Math.max(1, (nextBeat - nanoTime.getAsLong()) / NANOS_PER_MILLI + 1);
    }

    /** Says it once in a while: a busy host pauses often. */
    private void paused(long nanos, long now) {
        boolean again = pauseToldAt != 0 && now - pauseToldAt < PAUSE_TOLD_EVERY;
        if (!again) {
            pauseToldAt = now;
        }
        LOG.log(
                again ? System.Logger.Level.DEBUG : System.Logger.Level.INFO,
                "This member paused for {0} ms; silence of its peers counts from now.",
                nanos / 1_000_000);
    }

    private void runErrands() {
        Runnable errand;
        while ((errand = errands.poll()) != null) {
            errand.run();
        }
    }

    private void receive() throws IOException {
        datagrams.unreachable().forEach(this::portUnreachable);
        datagrams.receive(buffer, this::received);
    }

    private void received(Path path, InetAddress from) {
        Beat beat = beats.decode(buffer);
        PeerTrack track = beat == null ? null : tracks.get(beat.from());
        if (track == null || !beat.to().equals(node.name()) || beat.path() != path) {
            refusedBeats.incrementAndGet();
        } else if (track.claimed(beat, from, nanoTime.getAsLong())) {
            refusedBeats.incrementAndGet();
            listeners.nameClaimed(track.name(), from.getHostAddress());
        } else if (!track.isAt(path, from)) {
            refusedBeats.incrementAndGet();
        } else {
            take(beat, track, nanoTime.getAsLong());
        }
    }

    private void take(Beat beat, PeerTrack track, long now) {
        Worth worth = track.judge(beat);
        switch (worth) {
            case STALE -> refusedBeats.incrementAndGet();
            // Answered at once, so that its sender learns of this process and is heard next time.
            case HELLO -> beats.beat(track, beat.boot());
            case CONTACT, NEW_PROCESS -> contact(beat, track, worth == Worth.NEW_PROCESS, now);
        }
    }

    private void contact(Beat beat, PeerTrack track, boolean newProcess, long now) {
        Beat before = newProcess ? null : track.last().orElse(null);
        boolean first = track.last().isEmpty();
        beats.answered(beat, track, now);
        track.heard(beat, now);
        NodeName peer = track.name();
        if (newProcess && !first) {
            listeners.restarted(peer);
        }
        if (newProcess && !VersionSkew.between(version, beat.version()).same()) {
            listeners.versionDiffers(peer, beat.version());
        }
        tellContact(track);
        if (before == null || before.report() != beat.report()) {
            listeners.reportChanged(peer, beat.boot(), beat.report());
        }
        if (before == null || !Arrays.equals(before.hint(), beat.hint())) {
            listeners.hinted(peer, beat.hint().clone());
        }
        if (before != null && before.nudges() != beat.nudges()) {
            listeners.nudged(peer);
        }
        boolean otherLink = before == null || !before.direct().equals(beat.direct());
        if (otherLink && node.directAddress().isPresent() && beat.path() == Path.MAIN) {
            track.direct(datagrams.direct(peer, beat.direct()), now);
        }
    }

    private void tellContact(PeerTrack track) {
        PeerFacts after = track.facts();
        PeerFacts before = told.put(track.name(), after);
        if (before.contact() != after.contact()) {
            listeners.contactChanged(after);
        } else if (before.byMain() != after.byMain()) {
            listeners.byMainChanged(after);
        }
    }

    private void look(long now) {
        for (PeerTrack track : tracks.values()) {
            List<PathFacts> changed = track.look(now);
            tellContact(track);
            changed.forEach(path -> listeners.pathChanged(track.facts(), path));
            ProofSchedule schedule = proofs.get(track.name());
            if (track.contact() != Contact.GONE && schedule.begin(track.silentFor(now), now)) {
                proof.ask(track.name())
                        .whenComplete((asked, error) -> proven(track, schedule, asked));
            }
        }
    }

    private void proven(PeerTrack track, ProofSchedule schedule, Optional<Moment> asked) {
        errands.add(
                () -> {
                    schedule.end();
                    long now = nanoTime.getAsLong();
                    if (asked != null && asked.isPresent()) {
                        track.gone(asked.get(), now);
                        tellContact(track);
                    }
                });
        datagrams.selector().wakeup();
    }

    /** The peer's kernel says that nobody listens: no proof, but a reason to ask for it now. */
    private void portUnreachable(NodeName peer) {
        proofs.get(peer).hurry();
    }

    private void beatAll() {
        tracks.values().forEach(this::beatNow);
    }

    private void beatNow(PeerTrack track) {
        beats.beat(track, track.boot());
        track.publish(nanoTime.getAsLong());
    }

    /** Ends the thread and frees the port. */
    @Override
    public void close() {
        closed = true;
        datagrams.selector().wakeup();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        datagrams.close();
    }
}
